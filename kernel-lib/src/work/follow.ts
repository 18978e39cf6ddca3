import { foldRuns, isEnded, type RunEvent, type RunState } from "../views/run.js";
import { EventsFile, lossOf, readRun, settled } from "./events-file.js";
import { liveRuns } from "./registry.js";
import { postRequest, type RunRequest } from "./requests.js";

const INTERVAL_MS = 1000;

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
  const state = await settled(read, file);
  if (!isEnded(state)) followFile(file, state, onEvents, signal);
  return state;
}

function followFile(
  file: EventsFile,
  from: RunState,
  onEvents: (events: RunEvent[]) => void,
  signal: AbortSignal,
): void {
  let state = from;
  const look = async () => {
    const events = (await file.next()) ?? [gone()];
    const next = async () => {
      const last = await file.next();
      events.push(...(last ?? []));
      return last;
    };
    state = await settled(foldRuns(events, state)!, { next });
    if (state.status === "lost") events.push(lossOf(state));
    if (events.length > 0 && !signal.aborted) onEvents(events);
  };
  const again = () => {
    if (signal.aborted || isEnded(state)) return;
    setTimeout(() => void look().then(again, again), INTERVAL_MS).unref();
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
 * the request, too.
 * @returns `false` where it has ended, or there is no such run
 */
export async function askRun(dataset: string | null, run: string, request: RunRequest): Promise<boolean> {
  const live = liveRuns.get(run);
  if (live) return live.ask(request);
  if (dataset === null) return false;
  const state = await readRun(dataset, run);
  if (!state || isEnded(state)) return false;
  await postRequest(dataset, run, request);
  return true;
}
