import { open, type FileHandle } from "node:fs/promises";
import { errorText } from "../errors.js";
import { liveness } from "../processes/index.js";
import { readEvents } from "../views/run-events.js";
import { foldRuns, isEnded, type RunEvent, type RunState } from "../views/run.js";
import { lostText } from "../views/run-wording.js";
import { clusterRuns } from "./cluster-runs.js";
import { eventsFile, runNamesIn } from "./places.js";
import { liveRuns } from "./registry.js";

/** Bytes that are read at a time, and of a summary at each end of the file. */
const CHUNK = 4 * 2 ** 20;
const ENDS = 64 * 1024;

/**
 * Reads a run's events as they are appended. What stands behind the last line break may be half written: it is read again
 * next time.
 */
export class EventsFile {
  readonly #path: string;
  #offset = 0;

  constructor(dataset: string, run: string) {
    this.#path = eventsFile(dataset, run);
  }

  /** What was written since the last call; `null` where there is no such file any more. */
  async next(): Promise<RunEvent[] | null> {
    const events: RunEvent[] = [];
    const file = await opened(this.#path);
    if (!file) return null;
    try {
      for (;;) {
        const bytes = await readAt(file, this.#offset, CHUNK);
        const end = bytes.lastIndexOf(10) + 1;
        // A line longer than a chunk is none of ours.
        this.#offset += end > 0 ? end : bytes.length === CHUNK ? CHUNK : 0;
        events.push(...readEvents(bytes.toString("utf8", 0, end)));
        if (bytes.length < CHUNK) return events;
      }
    } finally {
      await file.close();
    }
  }
}

/** All that is known of a run; `null` where there is none. */
export async function readRun(dataset: string, run: string): Promise<RunState | null> {
  const live = liveRuns.get(run);
  if (live?.state.dataset === dataset) return live.state;
  const file = new EventsFile(dataset, run);
  const state = foldRuns((await file.next()) ?? []);
  return state && settled(state, file);
}

/** A run with what its events do not say, see {@link unwritten}. */
async function settled(state: RunState, file: Pick<EventsFile, "next">): Promise<RunState> {
  return foldRuns(await unwritten(state, file), state)!;
}

/**
 * What nobody was left to write: that the process died, of which nothing is said on other machines. Of a run on many
 * workers, what those know who give it the machines.
 * @param file what else it wrote before it died
 */
export async function unwritten(
  state: RunState,
  file: Pick<EventsFile, "next">,
): Promise<readonly RunEvent[]> {
  if (isEnded(state)) return NOTHING;
  if (state.engine !== undefined) return eventsOfCluster(state);
  if (!isOrphaned(state)) return NOTHING;
  const events = (await file.next()) ?? [];
  const last = foldRuns(events, state)!;
  return isEnded(last) ? events : [...events, lossOf(last)];
}

const NOTHING: readonly RunEvent[] = [];

/** Nothing where the cluster's package is not there, or cannot say. */
async function eventsOfCluster({ dataset, run }: RunState): Promise<readonly RunEvent[]> {
  if (dataset === null) return NOTHING;
  try {
    return await (await clusterRuns()).look(dataset, run);
  } catch {
    return NOTHING;
  }
}

/** The newest runs of a dataset, newest first. Costs two reads a run, however long it was; failures have no samples. */
export async function readRuns(dataset: string, most = 100): Promise<RunState[]> {
  const names = (await runNamesIn(dataset)).slice(0, most);
  const states = await Promise.all(names.map((name) => summary(dataset, name)));
  return states.filter((state) => state !== null);
}

async function summary(dataset: string, run: string): Promise<RunState | null> {
  const live = liveRuns.get(run)?.state;
  const state = live ?? (await glance(dataset, run));
  return state && withoutSamples(state);
}

/** From its start and from what came last: every event of progress has all figures. */
async function glance(dataset: string, run: string): Promise<RunState | null> {
  const file = await opened(eventsFile(dataset, run));
  if (!file) return null;
  try {
    const { size } = await file.stat();
    const first = await readAt(file, 0, Math.min(size, ENDS));
    let offset = Math.max(first.length, size - ENDS);
    const next = async () => {
      const bytes = await readAt(file, offset, ENDS);
      offset += bytes.length;
      return readEvents(bytes.toString());
    };
    const state = foldRuns(readEvents(first.toString()).concat(await next()));
    return state && (await settled(state, { next }));
  } finally {
    await file.close();
  }
}

/** Whether the process that did it is dead, or this one and knows nothing of it. */
function isOrphaned(state: RunState): boolean {
  if (state.process === null || liveRuns.has(state.run)) return false;
  const { host, pid, process: own } = state;
  const lives = liveness({ host, pid, ...own });
  return lives === "dead" || (lives === "alive" && pid === process.pid);
}

/** The end of a run that did not say it. */
const lossOf = (state: RunState): RunEvent => ({
  at: state.heard,
  event: "end",
  status: "lost",
  message: lostText(state),
});

function withoutSamples(state: RunState): RunState {
  return { ...state, failures: state.failures.map((failure) => ({ ...failure, samples: [] })) };
}

async function opened(path: string): Promise<FileHandle | null> {
  try {
    return await open(path, "r");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return null;
    throw new Error(`${path} cannot be read: ${errorText(error)}`, { cause: error });
  }
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await file.read(buffer, filled, length - filled, position + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}
