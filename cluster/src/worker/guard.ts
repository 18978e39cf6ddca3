import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { constants } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";

/** Signals by which an engine speaks to a task. */
const HEARD = ["SIGUSR1", "SIGTERM", "SIGINT"] as const;
/** What shells and Node itself make of a death by SIGILL, SIGABRT, SIGKILL and SIGSEGV. */
const DEATHS = new Set([132, 134, 137, 139]);
const LONGEST_PAUSE_MS = 30_000;

export interface GuardOptions {
  /** Starts the worker as a process of its own. */
  start(): ChildProcess;
  /** Items that this task's workers have ended so far. */
  progress(): Promise<number>;
  /** Deaths in a row, without an item in between, after which it is not started again. */
  most: number;
  /** Before the first start after a death; then twice as long with each that came to nothing. */
  pauseMs: number;
  say(text: string): void;
}

/**
 * Stays with a worker and starts it again where it died: out of memory, or by a crash in a library that read a bad
 * picture. No engine does that with a task that ended on a node that is well; and the figure that killed it is only found
 * by trying again. Signals are handed on; a worker that ends by itself, or after it was told to, is not started again.
 * @returns the exit code for the engine
 */
export async function guarded({ start, progress, most, pauseMs, say }: GuardOptions): Promise<number> {
  let child: ChildProcess | null = null;
  let told = false;
  const handOn = (signal: NodeJS.Signals) => {
    told = true;
    child?.kill(signal);
  };
  for (const signal of HEARD) process.on(signal, handOn);
  try {
    for (let [inVain, before] = [0, 0]; ;) {
      child = start();
      const [code, signal] = (await once(child, "exit")) as [number | null, NodeJS.Signals | null];
      if (signal === null && !DEATHS.has(code!)) return code!;
      const died = signal ?? `exit code ${code}`;
      if (told) return code ?? 128 + constants.signals[signal!];
      const now = await progress();
      inVain = now > before ? 0 : inVain + 1;
      before = now;
      if (inVain >= most) {
        say(
          `The worker died ${most} times in a row (${died}) and nothing was done in between; it is given up.`,
        );
        return 1;
      }
      say(`The worker died (${died}) and is started again.`);
      await sleep(Math.min(LONGEST_PAUSE_MS, pauseMs * 2 ** inVain));
      if (told) return 1;
    }
  } finally {
    for (const signal of HEARD) process.off(signal, handOn);
  }
}
