import { canGoOn, isEnded, runLine, runShare, statusText, type RunState } from "figloom/views";
import { button, el } from "../common/dom.js";
import { __ } from "../common/words.js";

export interface RunActions {
  open(state: RunState): void;
  pause(state: RunState): void;
  resume(state: RunState): void;
}

/** Draws runs as a list; a row that is there stays, and keeps the focus. */
export function drawRuns(list: HTMLElement, runs: readonly RunState[], actions: RunActions): void {
  const before = new Map([...list.children].map((row) => [(row as HTMLElement).dataset["run"], row]));
  runs.forEach((state, i) => {
    const row = (before.get(state.run) as HTMLElement | undefined) ?? newRow(state, actions);
    before.delete(state.run);
    drawRow(row, state);
    if (list.children[i] !== row) list.insertBefore(row, list.children[i] ?? null);
  });
  for (const gone of before.values()) gone.remove();
}

/** What a row's buttons act on: its state as it was drawn last. */
const states = new WeakMap<HTMLElement, RunState>();

function newRow(state: RunState, actions: RunActions): HTMLElement {
  const now = () => states.get(row)!;
  const turn = button("", () => (isHeld(now()) ? actions.resume(now()) : actions.pause(now())));
  turn.classList.add("figloom-runs-turn");
  const row = el(
    "li",
    { class: "figloom-runs-row", "data-run": state.run },
    button(state.title, () => actions.open(now()), { className: "figloom-runs-title" }),
    el(
      "div",
      { class: "figloom-runs-where" },
      el("span", { class: "figloom-run-status" }),
      el("span", { class: "figloom-soft", dir: "auto" }, whereAndWhen(state)),
    ),
    el("progress", { max: 1, "aria-label": __("Progress of %1", state.title) }),
    el("div", { class: "figloom-soft figloom-runs-line", dir: "auto" }),
    turn,
  );
  return row;
}

function drawRow(row: HTMLElement, state: RunState): void {
  states.set(row, state);
  const ended = isEnded(state);
  const chip = row.querySelector<HTMLElement>(".figloom-run-status")!;
  chip.dataset["status"] = state.status;
  chip.textContent = statusText(state);
  const bar = row.querySelector("progress")!;
  const share = runShare(state);
  bar.hidden = ended;
  if (share === null) bar.removeAttribute("value");
  else bar.value = share;
  row.querySelector(".figloom-runs-line")!.textContent = ended ? (state.message ?? "") : runLine(state);
  const turn = row.querySelector<HTMLButtonElement>(".figloom-runs-turn")!;
  const isFocused = document.activeElement === turn;
  turn.hidden = ended && !canGoOn(state);
  turn.disabled = state.status === "cancelling";
  turn.textContent = isHeld(state) ? __("Resume") : __("Pause");
  if (isFocused && (turn.hidden || turn.disabled))
    row.querySelector<HTMLElement>(".figloom-runs-title")!.focus();
}

const isHeld = (state: RunState): boolean =>
  state.status === "paused" || state.status === "pausing" || canGoOn(state);

function whereAndWhen({ dataset, started, engine }: RunState): string {
  const name = dataset?.split(/[\\/]/).at(-1) ?? "";
  return [name, ...(engine === undefined ? [] : [engine]), whenText(new Date(started))].join(" · ");
}

/** Of today the time alone. */
function whenText(then: Date): string {
  const isToday = then.toDateString() === new Date().toDateString();
  return isToday
    ? then.toLocaleTimeString([], { timeStyle: "short" })
    : then.toLocaleString([], { dateStyle: "medium", timeStyle: "short" });
}
