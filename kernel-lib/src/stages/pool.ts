import { existsSync } from "node:fs";
import { join } from "node:path";
import { Piscina } from "piscina";
import { ConfigurationError, ItemError, type ProblemParts } from "../errors.js";
import type { Stage } from "./stage.js";

/** What one item may cost in a worker thread. */
export interface WorkerLimits {
  /** Seconds of wall-clock time. */
  seconds: number;
  /** JavaScript heap in MiB; buffers and pictures are limited where they are made. */
  heapMegabytes: number;
}

export const DEFAULT_WORKER_LIMITS: WorkerLimits = { seconds: 300, heapMegabytes: 2048 };

/** How a worker answers: errors lose their class on the way between threads, so problems travel as data. */
export type WorkerAnswer<Out> =
  | { result: Out }
  | { problem: Omit<ProblemParts, "cause"> & { raw: string | null } }
  /** Message of a {@link ConfigurationError}. */
  | { stop: string };

/** The same stage, its items worked on by threads. Close it when done. */
export interface PooledStage<In, Out> extends Stage<In, Out> {
  close(): Promise<void>;
}

/**
 * Moves a stage's work into `jobs` threads, one item a thread at a time. An item that takes too long, takes too much
 * memory or brings its thread down fails alone.
 *
 * @param file the worker's bundle; its default export answers an item with a {@link WorkerAnswer}
 */
export function inWorkers<In, Out>(
  stage: Stage<In, Out>,
  {
    jobs,
    limits = DEFAULT_WORKER_LIMITS,
    file = workerFile(),
  }: { jobs: number; limits?: WorkerLimits; file?: string },
): PooledStage<In, Out> {
  const pool = new Piscina({
    filename: file,
    // As many from first to last: an idle thread above the minimum is ended at once, and starting one takes half a second.
    minThreads: jobs,
    maxThreads: jobs,
    execArgv: [], // the notebook kernel's preload is for its main thread only
    resourceLimits: { maxOldGenerationSizeMb: limits.heapMegabytes },
  });
  let free = jobs;
  const waiting: (() => void)[] = [];
  /** An item that waits for a thread does so here, and not in the pool: its time has not begun. */
  async function turn(): Promise<void> {
    if (free > 0) free--;
    else await new Promise<void>((resolve) => waiting.push(resolve));
  }
  function pass(): void {
    const next = waiting.shift();
    if (next) next();
    else free++;
  }
  return {
    name: stage.name,
    version: stage.version,
    key: stage.key,
    close: () => pool.destroy(),
    async run(item, { signal }) {
      await turn();
      try {
        signal.throwIfAborted();
        return await inThread(item, signal);
      } finally {
        pass();
      }
    },
  };

  async function inThread(item: In, signal: AbortSignal): Promise<Out> {
    const stop = new AbortController();
    const cancel = () => stop.abort();
    signal.addEventListener("abort", cancel, { once: true });
    const clock = setTimeout(cancel, limits.seconds * 1000);
    try {
      return opened((await pool.run(item, { signal: stop.signal })) as WorkerAnswer<Out>);
    } catch (error) {
      signal.throwIfAborted();
      throw workerProblem(stage.key(item), limits, stop.signal.aborted, error);
    } finally {
      clearTimeout(clock);
      signal.removeEventListener("abort", cancel);
    }
  }
}

/** The worker's bundle lies beside the bundle that this code is in. */
function workerFile(): string {
  const file = join(__dirname, "worker.cjs");
  if (existsSync(file)) return file;
  throw new Error(`${file} is missing: build the package (npm run build)`);
}

function opened<Out>(answer: WorkerAnswer<Out>): Out {
  if ("result" in answer) return answer.result;
  if ("stop" in answer) throw new ConfigurationError(answer.stop);
  const { raw, ...problem } = answer.problem;
  throw new ItemError({ ...problem, cause: raw });
}

function workerProblem(item: string, limits: WorkerLimits, timedOut: boolean, error: unknown): unknown {
  if (error instanceof ItemError || error instanceof ConfigurationError) return error;
  if (timedOut)
    return new ItemError({
      reason: "paper-too-slow",
      message: `${item} was given up after ${limits.seconds} s.`,
      wayOut: "Look for an endless macro or a huge figure in it, or leave it out.",
    });
  if ((error as NodeJS.ErrnoException | null)?.code === "ERR_WORKER_OUT_OF_MEMORY")
    return new ItemError({
      reason: "paper-too-large",
      message: `${item} needs more than ${limits.heapMegabytes} MiB of memory.`,
      wayOut: "Leave out its largest files.",
      cause: error,
    });
  return error;
}
