import { ProcessEnded } from "./process.js";

export interface BatchOptions {
  /** Items in a batch at most. */
  size: number;
  /** Batches that are on their way at the same time. @default 2, so that the next is there when one is done */
  ahead?: number;
  /** Milliseconds that an item waits for others to come. @default 4 */
  patience?: number;
}

interface Asked<In, Out> {
  item: In;
  signal: AbortSignal;
  resolve(made: Out): void;
  reject(error: unknown): void;
}

interface Batch<In, Out> {
  asked: Asked<In, Out>[];
  stop: AbortController;
}

/**
 * Collects what is asked for one by one into batches. Where the process ends over a batch, its items are asked about
 * again, each alone, so that one that ends a process fails alone.
 */
export class Batches<In, Out> {
  readonly #work: (items: In[], signal: AbortSignal) => Promise<Out[]>;
  readonly #size: number;
  readonly #ahead: number;
  readonly #patience: number;
  #waiting: Asked<In, Out>[] = [];
  /** Those of which one may have ended a process. */
  #suspects: Asked<In, Out>[] = [];
  readonly #underway = new Set<Batch<In, Out>>();
  #timer: NodeJS.Timeout | undefined;
  /** Who is not answered, by signal: hundreds share one, and it is listened to once. */
  readonly #unanswered = new Map<AbortSignal, Set<Asked<In, Out>>>();

  /** @param work answers each item, in their order */
  constructor(
    work: (items: In[], signal: AbortSignal) => Promise<Out[]>,
    { size, ahead = 2, patience = 4 }: BatchOptions,
  ) {
    this.#work = work;
    this.#size = size;
    this.#ahead = ahead;
    this.#patience = patience;
  }

  /** @throws what `work` throws; the reason of `signal`, at once, when that is aborted */
  async add(item: In, signal: AbortSignal): Promise<Out> {
    signal.throwIfAborted();
    let asked: Asked<In, Out>;
    const made = new Promise<Out>((resolve, reject) => (asked = { item, signal, resolve, reject }));
    this.#listen(asked!);
    this.#waiting.push(asked!);
    this.#send();
    try {
      return await made;
    } finally {
      this.#forget(asked!);
    }
  }

  #listen(asked: Asked<In, Out>): void {
    const together = this.#unanswered.get(asked.signal);
    if (together) together.add(asked);
    else {
      this.#unanswered.set(asked.signal, new Set([asked]));
      asked.signal.addEventListener("abort", this.#giveUp, { once: true });
    }
  }

  #forget(asked: Asked<In, Out>): void {
    const together = this.#unanswered.get(asked.signal);
    together?.delete(asked);
    if (together?.size !== 0) return;
    this.#unanswered.delete(asked.signal);
    asked.signal.removeEventListener("abort", this.#giveUp);
  }

  readonly #giveUp = ({ target }: Event): void => {
    const signal = target as AbortSignal;
    for (const { reject } of this.#unanswered.get(signal) ?? []) reject(signal.reason);
    for (const { asked, stop } of this.#underway)
      if (asked.every((one) => one.signal.aborted)) stop.abort(signal.reason);
    this.#send();
  };

  #send(): void {
    this.#waiting = this.#waiting.filter(({ signal }) => !signal.aborted);
    this.#suspects = this.#suspects.filter(({ signal }) => !signal.aborted);
    if (this.#suspects.length > 0) {
      if (this.#underway.size === 0) void this.#ask(this.#suspects.splice(0, 1));
      return;
    }
    while (this.#underway.size < this.#ahead && this.#waiting.length >= this.#size)
      void this.#ask(this.#waiting.splice(0, this.#size));
    if (this.#waiting.length > 0 && this.#timer === undefined)
      this.#timer = setTimeout(() => {
        this.#timer = undefined;
        this.#sendFew();
      }, this.#patience);
  }

  /** Those that have waited long enough, and those that came after them. */
  #sendFew(): void {
    if (this.#underway.size < this.#ahead && this.#suspects.length === 0 && this.#waiting.length > 0)
      void this.#ask(this.#waiting.splice(0, this.#size));
  }

  async #ask(asked: Asked<In, Out>[]): Promise<void> {
    const batch = { asked, stop: new AbortController() };
    this.#underway.add(batch);
    try {
      const items = asked.map(({ item }) => item);
      const made = await this.#work(items, batch.stop.signal);
      for (const [i, { resolve }] of asked.entries()) resolve(made[i]!);
    } catch (error) {
      if (error instanceof ProcessEnded && asked.length > 1) this.#suspects.push(...asked);
      else for (const { reject } of asked) reject(error);
    } finally {
      this.#underway.delete(batch);
      this.#send();
    }
  }
}
