import { ConfigurationError, ItemError } from "../errors.js";
import type { QuarantineLine } from "../model.js";
import { InFlight } from "./in-flight.js";
import { quarantineLine } from "./quarantine-line.js";
import type { Progress, RateBasis, Stage } from "./stage.js";

export interface RunStageOptions<In, Out> {
  /** How many items are worked on at once. */
  concurrency: number;
  signal: AbortSignal;
  /** Asked before every item: while it is closed none is begun, and those at work are finished. @default always open */
  gate?: {
    /** `null` while it is open, otherwise resolves when it is again. */
    closed(): Promise<void> | null;
    /** An item is begun. */
    entered(): void;
    /** An item has ended, and was counted. */
    left(): void;
  };
  /** How many items there are, where that is known. */
  total?: number | null;
  /** How the item ended at an earlier start, where that still holds; it is counted then and not worked on. */
  isDone?(item: In): "done" | "failed" | null;
  /**
   * Asked before an item is begun. A reason begins neither it nor any further one; what is at work is finished, and
   * {@link Progress.stopped} says the reason. A promise keeps items back until it is known.
   */
  admit?(item: In): string | null | Promise<string | null>;
  /**
   * Stores a result; resolves when it is safe. `false` says that it was there before. An {@link ItemError} refuses the
   * item, any other error stops everything.
   */
  keep(item: In, result: Out): Promise<boolean>;
  /** Records an item that failed. */
  refuse(item: In, line: QuarantineLine, error: unknown): Promise<void>;
  /** The input file that an item comes from. */
  file(item: In): string;
  /** Called with what {@link refuse} has recorded. */
  onFailure?(line: QuarantineLine): void;
  /** Called after every item. */
  onProgress?(progress: Progress): void;
  /** See {@link Progress.note}. */
  note?(): string | undefined;
  /** See {@link Progress.basis}; asked again each time, since servers are known late. */
  basis?(): RateBasis;
}

type Outcome = "done" | "failed" | "reused";

/**
 * Maps a stage over items, in any order. An item that fails is recorded and its neighbours go on; a
 * {@link ConfigurationError}, or a result that cannot be stored, stops everything. When `signal` is aborted no item is
 * begun any more, those at work are given up, and the return value says how far it came.
 *
 * The next item is begun while a result is still on its way to the disk, so that a slow disk leaves no place empty.
 * Memory holds twice `concurrency` items, however many there are; an item costs some microseconds, however many are at
 * work.
 */
export async function runStage<In, Out>(
  stage: Stage<In, Out>,
  items: Iterable<In> | AsyncIterable<In>,
  options: RunStageOptions<In, Out>,
): Promise<Progress> {
  const { total = null, onProgress } = options;
  const concurrency = Math.max(1, options.concurrency);
  const started = performance.now();
  const tally = { done: 0, failed: 0, reused: 0 };
  let failedBefore = 0;
  let stopped: string | null = null;
  let broken: { error: unknown } | null = null;
  const inFlight = new InFlight(options.signal);
  const context = { signal: inFlight.signal };

  function progress(): Progress {
    const note = options.note?.();
    const seconds = (performance.now() - started) / 1000;
    return {
      stage: stage.name,
      ...tally,
      total,
      seconds,
      ...(options.basis && { basis: options.basis() }),
      ...(failedBefore > 0 && { failedBefore }),
      ...(note !== undefined && { note }),
      ...(stopped !== null && { stopped }),
    };
  }
  function count(outcome: Outcome): void {
    tally[outcome]++;
    onProgress?.(progress());
  }
  function breakOff(error: unknown): void {
    broken ??= { error };
    inFlight.giveUp(error);
  }

  /** @param leave gives its place to the next item */
  async function work(item: In, leave: () => void): Promise<Outcome | null> {
    let result: Out;
    try {
      result = await inFlight.wait(stage.run(item, context));
    } catch (error) {
      if (inFlight.isGivenUp) return null;
      if (error instanceof ConfigurationError) throw error;
      return refuse(item, error);
    }
    leave();
    try {
      return (await options.keep(item, result)) ? "done" : "reused";
    } catch (error) {
      if (error instanceof ItemError) return refuse(item, error);
      throw error;
    }
  }
  async function refuse(item: In, error: unknown): Promise<Outcome> {
    const line = quarantineLine(stage.name, stage.key(item), options.file(item), error);
    await options.refuse(item, line, error);
    options.onFailure?.(line);
    return "failed";
  }

  let working = 0;
  let unfinished = 0;
  let changed = () => {};
  const hasRoom = () => working < concurrency && unfinished < 2 * concurrency;
  const isEmpty = () => unfinished === 0;
  async function until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => (changed = resolve));
  }
  function begin(item: In): void {
    working++;
    unfinished++;
    options.gate?.entered();
    let inPlace = true;
    const leave = () => {
      if (inPlace) working--;
      inPlace = false;
      changed();
    };
    void work(item, leave)
      .then((outcome) => {
        if (outcome !== null) count(outcome);
      })
      .catch(breakOff)
      .finally(() => {
        unfinished--;
        options.gate?.left();
        leave();
      });
  }

  async function orGivenUp<T>(answer: Promise<T>): Promise<T | null> {
    try {
      return await inFlight.wait(answer);
    } catch (error) {
      if (inFlight.isGivenUp) return null;
      throw error;
    }
  }
  async function untilOpen(): Promise<void> {
    while (!inFlight.isGivenUp) {
      const closed = options.gate?.closed() ?? null;
      if (closed === null) return;
      await orGivenUp(closed);
    }
  }
  async function beginAll(): Promise<void> {
    if (inFlight.isGivenUp) return;
    for await (const item of items) {
      await untilOpen();
      if (inFlight.isGivenUp) return;
      const before = options.isDone?.(item) ?? null;
      if (before === null) {
        const answer = options.admit?.(item) ?? null;
        stopped = answer instanceof Promise ? await orGivenUp(answer) : answer;
        if (stopped !== null || inFlight.isGivenUp) return;
        begin(item);
        await until(hasRoom);
      } else {
        if (before === "failed") failedBefore++;
        count(before === "done" ? "reused" : "failed");
      }
      if (inFlight.isGivenUp) return;
    }
  }

  try {
    await beginAll().catch(breakOff);
    await until(isEmpty);
  } finally {
    inFlight.close();
  }
  if (broken) throw (broken as { error: unknown }).error;
  return progress();
}
