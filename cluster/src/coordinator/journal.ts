import { open } from "node:fs/promises";
import {
  EventLog,
  EventsFile,
  eventsFile,
  foldRun,
  foldRuns,
  type RunEvent,
  type RunState,
} from "figloom/stages";

/** How a run is told to those who watch: what stands in its events, and what is added to them. */
export class Journal {
  #state: RunState | null;

  private constructor(
    state: RunState | null,
    private readonly log: EventLog,
  ) {
    this.#state = state;
  }

  /** Goes on where an earlier coordinator ended, perhaps within a line. */
  static async open(dataset: string, run: string): Promise<Journal> {
    await endLine(eventsFile(dataset, run));
    const events = await new EventsFile(dataset, run).next();
    return new Journal(foldRuns(events ?? []), new EventLog(dataset, run));
  }

  /** As those who watch know it; `null` where nobody has written its start. */
  get state(): RunState | null {
    return this.#state;
  }

  write(what: Untimed<RunEvent>): void {
    const event = { at: Date.now(), ...what } as RunEvent;
    this.#state = foldRun(this.#state, event);
    this.log.write(event);
  }

  flush(): Promise<void> {
    return this.log.flush();
  }

  close(): Promise<void> {
    return this.log.close();
  }
}

type Untimed<Event> = Event extends unknown ? Omit<Event, "at"> : never;

/** What was being written when its writer died must not swallow the next line. */
async function endLine(path: string): Promise<void> {
  const file = await open(path, "r+").catch(() => null);
  if (!file) return;
  try {
    const { size } = await file.stat();
    const last = Buffer.alloc(1);
    if (size > 0) await file.read(last, 0, 1, size - 1);
    if (size > 0 && last[0] !== 10) await file.write("\n", size);
  } finally {
    await file.close();
  }
}
