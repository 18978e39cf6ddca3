import { isEnded, runShare, statusText, type RunState, type RunView } from "figloom/views";
import type { DrawContext, Redraw } from "../common/context.js";
import { el } from "../common/dom.js";
import { OWN_KEYS } from "../common/shortcuts.js";
import { __ } from "../common/words.js";
import { become } from "./become.js";
import { runControls, type Controls } from "./controls.js";
import { drawSections, sectionsOf } from "./details.js";
import { drawFacts } from "./facts.js";
import { followRun, type Origin } from "./follow.js";
import { logPane } from "./log.js";
import { drawShards } from "./shards.js";
import { taskAt } from "./tasks.js";

/** A process of another machine that says nothing for so long may be gone. */
const SILENCE_MS = 120_000;

/** Draws a run: how far it is, what it takes, what fails, and buttons to pause and cancel it; it follows the run by itself. */
export function drawRun(view: RunView, node: HTMLElement, context: DrawContext): Redraw<RunView> {
  const { run, dataset, title } = view.state;
  const chip = el("span", { class: "figloom-run-status" });
  const bar = el("progress", { max: 1, "aria-label": __("Progress of %1", title) });
  const share = el("span", { class: "figloom-run-share" });
  const barRow = el("div", { class: "figloom-run-bar" }, bar, share);
  const facts = el("div");
  const shards = el("div");
  const message = el("p", { class: "figloom-run-message", dir: "auto" });
  const origin = el("p", { class: "figloom-note" });
  const answer = el("p", { class: "figloom-note", role: "alert", hidden: true });
  const sections = el("div", { class: "figloom-run-sections" });
  const tools = el("div");
  const log = el("div");
  // Only how it is with it is read out, and every quarter of the way, not every figure.
  const quarter = el("span", { class: "figloom-visually-hidden" });
  const status = el("div", { class: "figloom-titles", role: "status" }, heading(title), chip, quarter);
  const root = el(
    "div",
    { class: "figloom-run-view", tabindex: -1, ...OWN_KEYS },
    el("div", { class: "figloom-bar" }, status, tools),
    ...[barRow, facts, shards, message, origin, answer, sections, log],
  );
  let controls: Controls | null = null;
  let drawn = "";

  const followed = followRun(view, context, (state, from) => {
    if (drawn !== state.status) {
      drawn = state.status;
      chip.textContent = statusText(state);
      chip.dataset["status"] = state.status;
    }
    drawBar(state);
    put(facts, drawFacts(state));
    put(shards, drawShards(state));
    message.textContent = state.message ?? state.note ?? "";
    message.hidden = message.textContent === "";
    // What is worth knowing meanwhile is less than how it ended.
    message.classList.toggle("figloom-soft", state.message === null);
    origin.textContent = originText(state, from);
    origin.hidden = origin.textContent === "";
    drawSections(sections, sectionsOf(state, from === "kernel" && state.engine !== undefined));
    controls?.draw(state, from === "kernel");
  });
  if (followed.link) {
    const say = (text: string) => {
      answer.textContent = text;
      answer.hidden = text === "";
    };
    controls = runControls({ dataset, run }, followed.link, context.signal, say, root);
    controls.draw(view.state, false);
    tools.append(controls.node);
    const pane = logPane({ dataset, run }, followed.link, context.signal);
    log.append(pane.node);
    sections.addEventListener("click", (event) => {
      const task = taskAt(event);
      if (task) void pane.open(task);
    });
  }
  node.replaceChildren(root);

  function drawBar(state: RunState): void {
    const value = runShare(state);
    barRow.hidden = isEnded(state);
    if (value === null) bar.removeAttribute("value");
    else bar.value = value;
    share.textContent = value === null ? "" : `${Math.floor(100 * value)} %`;
    const quarters = value === null || isEnded(state) ? 0 : Math.floor(4 * value);
    const text = quarters === 0 ? "" : `${25 * quarters} %`;
    if (quarter.textContent !== text) quarter.textContent = text;
  }
  return (later) => followed.take(later);
}

const heading = (title: string): HTMLElement => el("span", { class: "figloom-title", dir: "auto" }, title);

/** Fills a node; what stays there can be marked and copied while the run goes on. */
function put(node: HTMLElement, content: HTMLElement | null): void {
  const old = node.firstElementChild;
  if (old && content) become(old, content);
  else node.replaceChildren(...(content ? [content] : []));
}

/** Whence the figures are, where they are not the kernel's of now. */
function originText(state: RunState, origin: Origin): string {
  if (isEnded(state)) return "";
  const then = new Date(state.heard).toLocaleString();
  if (origin === "output")
    return __("This is how it was at %1. Whether it goes on is known when a kernel runs.", then);
  if (origin === "file") return __("No kernel answers; this stands in the run’s file, written at %1.", then);
  return Date.now() - state.heard > SILENCE_MS && state.engine === undefined
    ? __("Nothing was heard of it since %1. It is done by process %2 on %3.", then, state.pid, state.host)
    : "";
}
