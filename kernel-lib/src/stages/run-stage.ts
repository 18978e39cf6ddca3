import { ConfigurationError, ItemError } from "../errors.js";
import type { QuarantineLine } from "../model.js";
import { quarantineLine } from "./quarantine-line.js";
import type { Progress, Stage } from "./stage.js";

export interface RunStageOptions<In, Out> {
  /** How many items are worked on at once. */
  concurrency: number;
  signal: AbortSignal;
  /** How many items there are, where that is known. */
  total?: number | null;
  /** Whether the item's result is there from an earlier start; it is not worked on then. */
  isDone?(item: In): boolean;
  /**
   * Stores a result; resolves when it is safe. `false` says that it was there before. An {@link ItemError} refuses the
   * item, any other error stops everything.
   */
  keep(item: In, result: Out): Promise<boolean>;
  /** Records an item that failed. */
  refuse(item: In, line: QuarantineLine): Promise<void>;
  /** The input file that an item comes from. */
  file(item: In): string;
  /** Called after every item. */
  onProgress?(progress: Progress): void;
}

/**
 * Maps a stage over items, in any order. An item that fails is recorded and its neighbours go on; a
 * {@link ConfigurationError}, or a result that cannot be stored, stops everything. When `signal` is aborted no item is
 * begun any more, those at work are given up, and the return value says how far it came.
 *
 * Memory holds `concurrency` items, however many there are.
 */
export async function runStage<In, Out>(
  stage: Stage<In, Out>,
  items: Iterable<In> | AsyncIterable<In>,
  options: RunStageOptions<In, Out>,
): Promise<Progress> {
  const { concurrency, signal, total = null, onProgress } = options;
  const started = performance.now();
  const tally = { done: 0, failed: 0, reused: 0 };
  const progress = (): Progress => ({
    stage: stage.name,
    ...tally,
    total,
    seconds: (performance.now() - started) / 1000,
  });
  let broken: { error: unknown } | null = null;

  async function work(item: In): Promise<keyof typeof tally | null> {
    if (options.isDone?.(item)) return "reused";
    let result: Out;
    try {
      result = await untilAborted(stage.run(item, { signal }), signal);
    } catch (error) {
      if (signal.aborted) return null;
      if (error instanceof ConfigurationError) throw error;
      return refuse(item, error);
    }
    try {
      return (await options.keep(item, result)) ? "done" : "reused";
    } catch (error) {
      if (error instanceof ItemError) return refuse(item, error);
      throw error;
    }
  }

  async function refuse(item: In, error: unknown): Promise<"failed"> {
    await options.refuse(item, quarantineLine(stage.name, stage.key(item), options.file(item), error));
    return "failed";
  }

  const queue = serially(items);
  async function lane(): Promise<void> {
    while (!signal.aborted && !broken) {
      const next = await queue.next();
      if (next.done || signal.aborted || broken) return;
      const outcome = await work(next.value);
      if (outcome === null) return;
      tally[outcome]++;
      onProgress?.(progress());
    }
  }
  const lanes = Array.from({ length: Math.max(1, concurrency) }, () =>
    lane().catch((error: unknown) => {
      broken ??= { error };
    }),
  );
  await Promise.all(lanes);
  await queue.return(undefined);
  if (broken) throw (broken as { error: unknown }).error;
  return progress();
}

/** One item at a time, whoever asks. */
async function* serially<T>(items: Iterable<T> | AsyncIterable<T>): AsyncGenerator<T, undefined> {
  yield* items;
  return undefined;
}

/** The promise's value; rejects at once when the signal is aborted, whether or not the work listens to it. */
function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason as unknown);
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}
