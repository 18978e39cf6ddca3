import { setTimeout as sleep } from "node:timers/promises";
import type { Departure } from "./departure.js";

/** What there is to do, as one worker sees it. */
export interface Board<Taken> {
  /** The next shard that nobody holds, taken; `null` where there is none just now. */
  next(): Promise<Taken | null>;
  /**
   * Asked when nothing could be taken and nothing is at work. `leave`: all is done, or with others that live. `wait`: a
   * shard is with somebody of whom nothing is heard.
   */
  outlook(): Promise<"leave" | "wait">;
}

export interface LoopOptions<Taken> {
  board: Board<Taken>;
  departure: Pick<Departure, "soon">;
  /**
   * Works on a shard; tells when the last of its items was begun.
   * @throws what no other shard would fare better with
   */
  workOn(taken: Taken, lastBegun: () => void): Promise<void>;
  /** Milliseconds between two looks where there is nothing to take. */
  idleMs: number;
}

/** Shards that a worker has at the same time: one whose items are begun, and one whose last ones end. */
const AT_ONCE = 2;

/**
 * Works through shards until none is left, or the worker has to leave. The next is taken when the last items of one are
 * begun, so that nothing idles at a shard's end; what is at work ends before this does.
 */
export async function workThrough<Taken>({ board, departure, workOn, idleMs }: LoopOptions<Taken>) {
  const atWork = new Set<Promise<void>>();
  /** Shards whose items are not all begun yet. */
  let beginning = 0;
  let broken: { error: unknown } | null = null;
  let wake = () => {};
  departure.soon.addEventListener("abort", () => wake(), { once: true });

  function begin(taken: Taken): void {
    let isBeginning = true;
    const begun = () => {
      if (isBeginning) beginning--;
      isBeginning = false;
      wake();
    };
    beginning++;
    const work: Promise<void> = workOn(taken, begun)
      .catch((error: unknown) => void (broken ??= { error }))
      .finally(() => {
        atWork.delete(work);
        begun();
      });
    atWork.add(work);
  }

  /** @returns whether there is more to come */
  async function step(): Promise<boolean> {
    const changed = new Promise<void>((resolve) => (wake = resolve));
    if (beginning > 0 || atWork.size >= AT_ONCE) await changed;
    else {
      const taken = await board.next();
      if (taken !== null) begin(taken);
      else if (atWork.size === 0 && (await board.outlook()) === "leave") return false;
      else await Promise.race([changed, sleep(idleMs)]);
    }
    return true;
  }

  try {
    while (!departure.soon.aborted && !broken && (await step()));
  } finally {
    await Promise.all(atWork);
  }
  if (broken) throw (broken as { error: unknown }).error;
}
