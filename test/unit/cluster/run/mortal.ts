/**
 * Work that ends at one of its calls to the file system, as by `kill -9`: that call, and all that would follow, never
 * return, so that nothing is tidied up. Or that is stopped there, as by SIGSTOP, until it is told to go on.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import fs, { type PathLike } from "node:fs";
import promises from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";

type Call = (...args: unknown[]) => Promise<unknown>;

/** `before` the call has any effect, or `after` that, before its answer is heard. */
export type Moment = "before" | "after";

class Life {
  readonly stopped: Promise<"stopped">;
  #stop = () => {};
  readonly #resumed: Promise<void>;
  resume = () => {};
  #isStopped = false;

  constructor(
    private left: number,
    private readonly moment: Moment,
  ) {
    this.stopped = new Promise((resolve) => (this.#stop = () => resolve("stopped")));
    this.#resumed = new Promise((resolve) => (this.resume = resolve));
  }

  async spend(call: () => Promise<unknown>): Promise<unknown> {
    const isLast = --this.left === 0;
    if (isLast) this.#isStopped = true;
    if (!this.#isStopped) return call();
    const answer = isLast && this.moment === "after" ? await Promise.allSettled([call()]) : null;
    if (isLast) this.#stop();
    await this.#resumed;
    if (answer === null) return call();
    if (answer[0].status === "rejected") throw answer[0].reason;
    return answer[0].value;
  }
}

const lives = new AsyncLocalStorage<Life>();
/** Close what was opened by work that is mortal. */
const closers: (() => unknown)[] = [];

const mortal =
  (call: Call): Call =>
  (...args) => {
    const life = lives.getStore();
    return life ? life.spend(() => call(...args)) : call(...args);
  };

const CALLS = ["link", "mkdir", "readFile", "readdir", "rename", "rm", "stat", "truncate"] as const;
const OF_HANDLES = ["appendFile", "close", "datasync", "sync", "truncate", "writeFile"] as const;

/** Makes the calls of this process mortal, where they are part of work that is. @returns a function that undoes it */
export function makeMortal(): () => void {
  const before = { ...promises, openSync: fs.openSync };
  const changing = promises as unknown as Record<string, Call>;
  for (const name of CALLS) changing[name] = mortal(promises[name] as unknown as Call);
  changing["open"] = mortal(async (...args) => {
    const file = await before.open(...(args as Parameters<typeof before.open>));
    if (!lives.getStore()) return file;
    closers.push(file.close.bind(file));
    const handle = file as unknown as Record<string, Call>;
    for (const name of OF_HANDLES) handle[name] = mortal(handle[name]!.bind(file));
    return file;
  });
  fs.openSync = ((path: PathLike, flags: string) => {
    const file = before.openSync(path, flags);
    if (lives.getStore()) closers.push(() => fs.closeSync(file));
    return file;
  }) as typeof fs.openSync;
  syncBuiltinESMExports();
  return () => {
    Object.assign(promises, before);
    fs.openSync = before.openSync;
    syncBuiltinESMExports();
  };
}

/** Does work that is stopped at its call number `at`, or comes to its end before. */
export function stoppingAt<T>(at: number, moment: Moment, work: () => Promise<T>) {
  const life = new Life(at, moment);
  const whole = lives.run(life, work);
  whole.catch(() => undefined);
  return {
    /** How it ended, or that it was stopped. */
    end: Promise.race([life.stopped, whole]),
    /** Lets it go on, and waits for its end. */
    resume(): Promise<T> {
      life.resume();
      return whole;
    },
  };
}

/** Closes what those that never went on have left open. */
export async function bury(): Promise<void> {
  for (const close of closers.splice(0))
    try {
      await close();
    } catch {
      // It was closed in time.
    }
}
