import { accessSync, constants, mkdirSync, statSync, appendFileSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { launch, type Outcome } from "../local/attempt.js";
import { endGroup } from "../local/processes.js";
import { readTail } from "./trouble.js";
import type { Watchdog } from "./watchdog.js";

export interface ProcessOptions {
  /** The script that becomes a server; one that may not be executed is given to `sh`. */
  script: string;
  env: NodeJS.ProcessEnv;
  /** File that its output is added to. */
  log: string;
  /** A line to begin with in the log. */
  heading: string;
  watchdog: Watchdog;
}

/** A process that waits for a driver which hangs does not even die of SIGKILL: nobody waits for it longer. */
const DEATH_SECONDS = 30;

/** One life of a server: a process group of its own, which ends with the worker at the latest. */
export class ServerProcess {
  /** How its first process ended. */
  readonly ended: Promise<Outcome>;
  readonly pid: number | undefined;
  readonly #log: string;
  readonly #logFrom: number;
  #over = false;

  static async start(options: ProcessOptions): Promise<ServerProcess> {
    const { script, env, log, heading, watchdog } = options;
    mkdirSync(dirname(log), { recursive: true });
    appendFileSync(log, `${heading}\n`);
    const logFrom = statSync(log).size;
    const command = isExecutable(script) ? [script] : ["/bin/sh", script];
    const { pid, go, done } = launch(
      { id: "server", command, cwd: process.cwd() },
      { env, stdout: log, stderr: log },
    );
    // It waits at a gate until somebody is sure to end it.
    if (pid !== undefined) await watchdog.guard(pid);
    go();
    return new ServerProcess(pid, done, { log, logFrom, watchdog });
  }

  private constructor(
    pid: number | undefined,
    done: Promise<Outcome>,
    { log, logFrom, watchdog }: { log: string; logFrom: number; watchdog: Watchdog },
  ) {
    this.pid = pid;
    this.#log = log;
    this.#logFrom = logFrom;
    this.ended = done.then(async (outcome) => {
      this.#over = true;
      // Engines that outlive their front end keep the GPU's memory.
      if (pid !== undefined) {
        await endGroup(pid, 0);
        await watchdog.release(pid);
      }
      return outcome;
    });
  }

  /** The end of what it has written. */
  said(): Promise<string> {
    return readTail(this.#log, this.#logFrom);
  }

  /**
   * Asks its first process to end, which lets vLLM finish what it has (`--shutdown-timeout`), and after the grace ends
   * all that is left of the group. Engines would not survive being asked as well.
   */
  async end(graceSeconds: number): Promise<void> {
    const { pid } = this;
    if (pid !== undefined && !this.#over) {
      try {
        process.kill(pid, "SIGTERM");
      } catch {
        // It has ended a moment ago.
      }
      await this.#endedWithin(graceSeconds);
      if (!this.#over) await endGroup(pid, 0);
    }
    await this.#endedWithin(DEATH_SECONDS);
  }

  async #endedWithin(seconds: number): Promise<void> {
    const enough = new AbortController();
    const late = sleep(seconds * 1000, undefined, { signal: enough.signal }).catch(() => undefined);
    await Promise.race([this.ended, late]);
    enough.abort();
  }
}

function isExecutable(script: string): boolean {
  try {
    accessSync(script, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
