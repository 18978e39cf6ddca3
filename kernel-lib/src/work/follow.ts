import { foldRuns, isEnded, type RunEvent, type RunState } from "../views/run.js";
import { clusterRuns, isClusterRun } from "./cluster-runs.js";
import { EventsFile, readRun, unwritten } from "./events-file.js";
import { liveRuns } from "./registry.js";
import { postRequest, type RunRequest } from "./requests.js";

const INTERVAL_MS = 1000;
/** A run on many workers that has ended may be resumed, by whomever. */
const ENDED_MS = 10_000;

/**
 * What is known of a run, and what happens to it from then on: at once where it goes on in this process, otherwise read
 * from its file once a second.
 * @param signal ends it
 * @returns `null` where there is no such run
 */
export async function followRun(
  dataset: string | null,
  run: string,
  onEvents: (events: RunEvent[]) => void,
  signal: AbortSignal,
): Promise<RunState | null> {
  const live = liveRuns.get(run);
  if (live && !signal.aborted) {
    const deaf = live.listen(onEvents);
    signal.addEventListener("abort", deaf, { once: true });
    return live.state;
  }
  if (dataset === null) return null;
  const file = new EventsFile(dataset, run);
  const read = foldRuns((await file.next()) ?? []);
  if (!read) return null;
  const late = await unwritten(read, file);
  const state = foldRuns(late, read)!;
  if (isWorthFollowing(state)) followFile(file, { state, late }, onEvents, signal);
  return state;
}

const isWorthFollowing = (state: RunState): boolean => !isEnded(state) || state.engine !== undefined;

function followFile(
  file: EventsFile,
  from: { state: RunState; late: readonly RunEvent[] },
  onEvents: (events: RunEvent[]) => void,
  signal: AbortSignal,
): void {
  let { state, late } = from;
  const look = async () => {
    const events = (await file.next()) ?? [gone()];
    state = foldRuns(events, state)!;
    const now = await unwritten(state, file);
    if (now !== late) {
      events.push(...now);
      state = foldRuns(now, state)!;
      late = now;
    }
    if (events.length > 0 && !signal.aborted) onEvents(events);
  };
  const again = () => {
    if (signal.aborted || !isWorthFollowing(state)) return;
    setTimeout(() => void look().then(again, again), isEnded(state) ? ENDED_MS : INTERVAL_MS).unref();
  };
  again();
}

/** Its folder was taken away. */
const gone = (): RunEvent => ({
  ...{ at: Date.now(), event: "end", status: "finished" },
  message: "There is nothing on record of it any more: it found nothing to do, or its folder was deleted.",
});

/**
 * Asks something of a run, wherever on this machine it goes on. A process of another machine that sees the folder finds
 * the request, too. A run on many workers may be resumed also when it has ended before all was done.
 * @returns `false` where there is nothing of the kind to be done, or there is no such run
 */
export async function askRun(dataset: string | null, run: string, request: RunRequest): Promise<boolean> {
  const live = liveRuns.get(run);
  if (live) return live.ask(request);
  if (dataset === null) return false;
  if (isClusterRun(dataset, run)) return (await clusterRuns()).ask(dataset, run, request);
  const state = await readRun(dataset, run);
  if (!state || isEnded(state)) return false;
  await postRequest(dataset, run, request);
  return true;
}
