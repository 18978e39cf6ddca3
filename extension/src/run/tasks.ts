import { integer, isEnded, TASK_HEADINGS, taskRows, type RunState, type TaskRow } from "figloom/views";
import { el } from "../common/dom.js";
import { __, _n } from "../common/words.js";
import type { Section } from "./details.js";
import { scrolledTable, stateCell, type Column } from "./table.js";

/** Rows that are drawn; a run on hundreds of nodes has more. */
const SHOWN = 100;

const NUMBERS: ReadonlySet<string> = new Set(["made", "rate"]);
const COLUMNS: Column[] = TASK_HEADINGS.map((heading) => ({ heading, isNumber: NUMBERS.has(heading) }));

/**
 * The tasks with their workers, what the scheduler says beside what they say.
 * @param hasLogs whether somebody can be asked for logs: then tasks are buttons, see {@link taskAt}
 */
export function tasksOf(state: RunState, hasLogs: boolean): Section[] {
  const rows = taskRows(state);
  if (rows.length === 0) return [];
  const ended = isEnded(state);
  const table = scrolledTable(
    __("Tasks"),
    COLUMNS,
    rows.slice(0, SHOWN).map((row) => ({
      name: hasLogs ? logButton(row) : row.name,
      cells: ended ? row.cells : cellsOf(row),
      className: row.isRunning && !ended ? null : "figloom-soft",
    })),
  );
  const more = rows.length - SHOWN;
  const content = el(
    "div",
    {},
    table,
    more > 0 ? el("p", { class: "figloom-soft" }, _n("%1 more", "%1 more", more)) : null,
  );
  const running = rows.filter(({ isRunning }) => isRunning).length;
  // Of a run that has ended nobody is asked any more.
  const heading = ended
    ? _n("%1 task, as last heard of", "%1 tasks, as last heard of", rows.length)
    : __("%1 of %2 tasks running", integer(running), integer(rows.length));
  return [{ key: ended ? "tasks before" : "tasks", heading, open: !ended && rows.length <= 16, content }];
}

/** The scheduler's word first. */
function cellsOf({ cells: [state = "", ...others] }: TaskRow): (Node | string)[] {
  return [stateCell(state), ...others];
}

const LOG = "figloom-run-log-button";

const logButton = ({ name, phase, task }: TaskRow): HTMLElement =>
  el(
    "button",
    { type: "button", class: LOG, title: __("Show its log"), "data-phase": phase, "data-task": task },
    name,
  );

/** Which task's button was pressed. */
export function taskAt({ target }: Event): { phase: string; task: string } | null {
  const pressed = target instanceof Element ? target.closest<HTMLElement>(`.${LOG}`) : null;
  if (!pressed) return null;
  const { phase, task } = pressed.dataset;
  return { phase: phase ?? "", task: task ?? "" };
}
