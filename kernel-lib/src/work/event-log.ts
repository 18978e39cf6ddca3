import { existsSync } from "node:fs";
import { appendFile, mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { RunEvent } from "../views/run.js";
import { eventsFile } from "./places.js";

/** Characters that wait for the disk at most; what comes then is lost. */
const MOST_WAITING = 1_000_000;

/**
 * Appends events to a run's file, for whoever watches. Nothing waits for it and nothing fails with it: where the disk is
 * full, or the folder cannot be written, events are lost and the work goes on. Not flushed to the platters: what the work
 * has done stands in the ledger.
 */
export class EventLog {
  readonly #dataset: string;
  readonly #run: string;
  #waiting = "";
  #writing: Promise<void> | null = null;
  /** The last line may be half written. */
  #torn = false;

  constructor(dataset: string, run: string) {
    this.#dataset = dataset;
    this.#run = run;
  }

  write(event: RunEvent): void {
    const line = `${JSON.stringify(event)}\n`;
    if (this.#waiting.length + line.length <= MOST_WAITING) this.#waiting += line;
  }

  /** Writes what waits, unless that is being done. Before there is a dataset it goes on waiting. */
  flush(): Promise<void> {
    if (this.#waiting === "" || !existsSync(join(this.#dataset, "dataset.json")))
      return this.#writing ?? Promise.resolve();
    return (this.#writing ??= this.#append().finally(() => (this.#writing = null)));
  }

  /** Writes everything. Nothing can be written afterwards. */
  async close(): Promise<void> {
    await this.flush();
    await this.flush();
  }

  async #append(): Promise<void> {
    const text = this.#waiting;
    this.#waiting = "";
    const path = eventsFile(this.#dataset, this.#run);
    try {
      await mkdir(dirname(path), { recursive: true });
      await appendFile(path, this.#torn ? `\n${text}` : text);
      this.#torn = false;
    } catch {
      this.#torn = true;
    }
  }
}
