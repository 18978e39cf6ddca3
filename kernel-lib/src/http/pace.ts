import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { cacheFolder } from "../cache-folder.js";
import { safeName } from "../disk/files.js";
import { lockDataset } from "../disk/lock.js";
import { ConfigurationError, errorText } from "../errors.js";

/** Hears what is waited for, about once a second: milliseconds until the next request. */
export type OnWait = (milliseconds: number) => void;

/** Stands in the file for a request that nobody knows the end of. */
const PENDING = "pending";

/**
 * Keeps requests to one host apart. While it is held no other figloom of this user asks the host, and the time of the
 * last request outlives the process: not even a killed one that is started again asks too soon.
 */
export class HostPace {
  readonly #file: string;
  readonly #release: () => Promise<void>;
  /** When the last request is known to have reached the host, by the monotonic clock. */
  #last: number;

  private constructor(file: string, last: number, release: () => Promise<void>) {
    this.#file = file;
    this.#last = last;
    this.#release = release;
  }

  /** @throws {ConfigurationError} while another process, or other work in this one, asks the host */
  static async claim(host: string): Promise<HostPace> {
    const folder = join(cacheFolder(), "hosts", safeName(host));
    const release = await claimFolder(folder, host);
    const file = join(folder, "last-request");
    const text = await readFile(file, "utf8").catch(() => "0");
    // A clock that was set back gives a time in the future.
    const passed = text === PENDING ? 0 : Math.max(0, Date.now() - Number(text));
    return new HostPace(file, performance.now() - passed, release);
  }

  /** Resolves when `interval` has passed since the last request; {@link answered} is to follow. */
  async wait(interval: number, signal: AbortSignal, onWait: OnWait): Promise<void> {
    await waitUntil(this.#last + interval, signal, onWait);
    await writeFile(this.#file, PENDING);
  }

  /** Counts from now on: a request that was long on its way was received late, too. */
  async answered(): Promise<void> {
    this.#last = performance.now();
    await writeFile(this.#file, String(Date.now()));
  }

  release(): Promise<void> {
    return this.#release();
  }
}

/** Waits for a moment of the monotonic clock; timers alone may fire early. */
export async function waitUntil(moment: number, signal: AbortSignal, onWait: OnWait): Promise<void> {
  for (;;) {
    signal.throwIfAborted();
    const left = moment - performance.now();
    if (left <= 0) return;
    onWait(left);
    await delay(Math.min(Math.ceil(left), 1000), undefined, { signal }).catch(() => undefined);
  }
}

async function claimFolder(folder: string, host: string): Promise<() => Promise<void>> {
  try {
    await mkdir(folder, { recursive: true });
    const lock = await lockDataset(folder, "fetch");
    return () => lock.release();
  } catch (error) {
    throw new ConfigurationError(
      error instanceof ConfigurationError
        ? `Another figloom is asking ${host}, and one at a time is what it allows. ${error.message}`
        : `${folder}, where the time of the last request is kept, cannot be written (${errorText(error)}); name another folder in FIGLOOM_CACHE.`,
      { cause: error },
    );
  }
}
