import type { Suspect } from "../../cluster/src/run/attempts.js";
import type { Worker } from "./worker.js";

/** Items `from` up to, not including, `to` of a shard, in the file of one attempt. */
export interface Piece {
  attempt: number;
  from: number;
  to: number;
}

/** One worker's go at a shard. */
export interface Attempt {
  readonly shard: Shard;
  /** The lease's number, which fences what is written. */
  readonly number: number;
  readonly worker: Worker;
  /** What earlier attempts have on disk: taken over, not done again. */
  readonly before: readonly Piece[];
  /** First item that is this attempt's to do. */
  readonly first: number;
  /** Items asked about, a real number: time passes evenly. */
  asked: number;
  /** Items that were asked about in vain, their server having died. */
  again: number;
  /** Once nothing more is asked: from when to when the last answers come in. */
  answers: { from: number; to: number } | null;
}

export interface Shard {
  readonly id: number;
  readonly items: number;
  /** Number of the latest lease; 0 before the first. */
  lease: number;
  holder: Attempt | null;
  /** What counts of the items so far: of attempts that ended before they were through. */
  kept: Piece[];
  /** The commit. */
  done: { attempt: number; pieces: Piece[] } | null;
  /** The item that kills its worker, if there is one. */
  poison: number | null;
  deaths: number;
  /** Items that were at work when attempts died. */
  suspects: Suspect[];
}

export const end = (pieces: readonly Piece[]): number => pieces.at(-1)?.to ?? 0;

/** All shards of a phase, as the disk knows them. */
export class Shards {
  readonly all: Shard[];
  /** Without a holder, and not done; first come first served. */
  readonly #free: Shard[];
  readonly open: Set<Shard>;
  /** Those of them that somebody holds. */
  readonly #held = new Set<Shard>();
  readonly attempts: Attempt[] = [];

  constructor(figures: number, size: number) {
    this.all = Array.from({ length: Math.ceil(figures / size) }, (_, id) => ({
      ...{ id, items: Math.min(size, figures - id * size), lease: 0, holder: null, kept: [], done: null },
      ...{ poison: null, deaths: 0, suspects: [] },
    }));
    this.#free = this.all.toReversed();
    this.open = new Set(this.all);
  }

  /** Makes the worker the holder of a shard without one; `null` where there is none. */
  takeFree(worker: Worker): Attempt | null {
    const shard = this.#free.pop();
    return shard ? this.#take(shard, worker) : null;
  }

  /** Makes the worker the holder in another's place. What that one has on disk is not done again. */
  takeOver(shard: Shard, worker: Worker): Attempt {
    const { holder } = shard;
    if (holder) this.keep(holder);
    return this.#take(shard, worker);
  }

  /** A shard that is not done and whose holder is such a worker. */
  heldBy(test: (holder: Worker) => boolean): Shard | null {
    for (const shard of this.#held) if (shard.holder && test(shard.holder.worker)) return shard;
    return null;
  }

  get hasFree(): boolean {
    return this.#free.length > 0;
  }

  /** What an attempt has on disk is known to those that follow. */
  keep(attempt: Attempt): void {
    const { shard, first, number } = attempt;
    const answered = attempt.worker.answered(attempt);
    if (first + answered <= end(shard.kept)) return;
    shard.kept = [...attempt.before, { attempt: number, from: first, to: first + answered }];
  }

  /** Gives a shard back that is not done. */
  release(attempt: Attempt): void {
    this.keep(attempt);
    if (attempt.shard.holder !== attempt) return;
    attempt.shard.holder = null;
    this.#held.delete(attempt.shard);
    this.#free.push(attempt.shard);
  }

  /** Whether a lease still counts. */
  holds(attempt: Attempt): boolean {
    return attempt.shard.holder === attempt;
  }

  /** Takes the number after the lease: whoever was taken over loses, however late it hears of that. */
  commit(attempt: Attempt): "won" | "lost" {
    const { shard, number, before, first } = attempt;
    if (shard.lease !== number || shard.done) return "lost";
    const own = { attempt: number, from: first, to: shard.items };
    shard.done = { attempt: number, pieces: first < shard.items ? [...before, own] : [...before] };
    shard.holder = null;
    this.#held.delete(shard);
    this.open.delete(shard);
    return "won";
  }

  #take(shard: Shard, worker: Worker): Attempt {
    const attempt: Attempt = {
      ...{ shard, worker, number: ++shard.lease, before: shard.kept, first: end(shard.kept) },
      ...{ asked: 0, again: 0, answers: null },
    };
    this.attempts.push(attempt);
    shard.holder = attempt;
    this.#held.add(shard);
    return attempt;
  }
}
