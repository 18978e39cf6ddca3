import type { RunEvent } from "figloom";
import { isLive, type Standing } from "./explain.js";
import type { Look } from "./look.js";

/** Tasks that are told of, those that may still do something first. */
const MOST = 200;

/** What a look at a run comes to for those who watch it. */
export function eventsOf({ state, said, tasks }: Look, at = Date.now()): RunEvent[] {
  const order = [...tasks].sort((a, b) => rankOf(a.state) - rankOf(b.state)).slice(0, MOST);
  const shown = order.map(({ phase, id, state, host, worker, restarts, said }) => ({
    ...{ phase, task: id, state, host: host ?? worker?.host ?? null, restarts, said },
  }));
  return [{ at, event: "tasks", tasks: shown }, ...standing(state, said, { at, live: tasks.some(isLive) })];
}

const ORDER = ["running", "queued", "lost", "failed", "cancelled", "succeeded"];
const rankOf = (state: string): number => ORDER.indexOf(state);

/** What the run's own events may not say, since whoever writes them has died or has not begun. */
function standing(state: Standing, said: string, { at, live }: { at: number; live: boolean }): RunEvent[] {
  switch (state) {
    case "unknown":
      return [];
    case "running":
      // It may have been paused before, of which its events need not know.
      return [{ at, event: "status", status: state }];
    case "waiting":
      return [
        { at, event: "status", status: "starting" },
        { at, event: "notice", text: said },
      ];
    case "finished":
      // Who finishes it writes the end, and more of it.
      return live ? [] : [{ at, event: "end", status: state, message: said }];
    case "pausing":
    case "paused":
    case "cancelling":
      return [{ at, event: "status", status: state }];
    case "stopping":
      return [{ at, event: "notice", text: said }];
    case "cancelled":
    case "failed":
    case "lost":
      return [{ at, event: "end", status: state, message: said }];
  }
}
