import {
  countsText,
  integer,
  isEnded,
  SERVER_HEADINGS,
  serverCells,
  type RunServer,
  type RunState,
} from "figloom/views";
import { el } from "../common/dom.js";
import { become } from "./become.js";
import { scrolledTable, stateCell, type Column } from "./table.js";
import { tasksOf } from "./tasks.js";
import { __, _n } from "../common/words.js";

/** What can be folded away: its key, its heading and what stands in it. */
export interface Section {
  key: string;
  heading: string;
  /** Whether it is open before anybody has said so. */
  open: boolean;
  content: HTMLElement;
}

/**
 * Tasks, servers, failures by reason, what was said, and the parts of work that has several.
 * @param hasLogs whether logs of tasks can be asked for
 */
export function sectionsOf(state: RunState, hasLogs = false): Section[] {
  return [
    ...partsOf(state),
    ...tasksOf(state, hasLogs),
    ...serversOf(state),
    ...failuresOf(state),
    ...noticesOf(state),
  ];
}

function partsOf({ parts, shards }: RunState): Section[] {
  if (parts.length < 2) return [];
  const items = parts.map((part) => el("li", {}, el("b", {}, part.stage), ` ${countsText(part)}`));
  const heading = _n("%1 part", "%1 parts", parts.length);
  // Phases have bars already.
  return [{ key: "parts", heading, open: shards.length === 0, content: el("ol", {}, ...items) }];
}

function serversOf(state: RunState): Section[] {
  const { servers } = state;
  // Workers that were told to pause have left, and taken with them what they started.
  const isLeft = isEnded(state) || (state.status === "paused" && state.engine !== undefined);
  if (servers.length === 0 || isLeft) return [];
  const up = servers.filter(({ health }) => health === "up").length;
  const rows = servers.map((server) => ({
    name: server.name,
    cells: cellsOf(server),
    className: server.health === "up" ? null : "figloom-run-down",
  }));
  const content = scrolledTable(__("Servers"), serverColumns(), rows);
  const heading = __("%1 of %2 servers up", up, servers.length);
  return [{ key: "servers", heading, open: servers.length <= 8, content }];
}

function cellsOf(server: RunServer): (Node | string)[] {
  const [health = "", ...others] = serverCells(server);
  return [stateCell(health), ...others];
}

function serverColumns(): Column[] {
  const hints: Record<string, string> = {
    ours: __("Requests of this run that it has"),
    running: __("Requests that it works on, whoever asked"),
    waiting: __("Requests that wait with it, whoever asked"),
    cache: __("Share of its memory for attention (key–value cache) in use"),
    answers: __("Answers that it gave this run, lately"),
  };
  return SERVER_HEADINGS.map((heading, i) => ({ heading, isNumber: i > 1, hint: hints[heading] }));
}

function failuresOf({ failures }: RunState): Section[] {
  return failures.map(({ reason, count, samples }) => {
    const items = samples.map(({ item, message, way_out }) =>
      el(
        "li",
        { dir: "auto" },
        el("b", {}, item),
        ` ${withoutName(message, item)} `,
        el("span", { class: "figloom-soft" }, way_out),
      ),
    );
    const more =
      count > samples.length && samples.length > 0
        ? el("p", { class: "figloom-soft" }, __("These are the first; the quarantine has all of them."))
        : null;
    const none =
      samples.length === 0 ? el("p", { class: "figloom-soft" }, __("The quarantine has them.")) : null;
    const content = el("div", {}, el("ul", {}, ...items), more, none);
    const heading = __("%1 failed: %2", integer(count), reason);
    return { key: `failure ${reason}`, heading, open: false, content };
  });
}

/** Messages that stand by themselves begin with whom they are about. */
const withoutName = (message: string, item: string): string =>
  message.startsWith(`${item}: `) ? message.slice(item.length + 2) : message;

function noticesOf({ notices }: RunState): Section[] {
  if (notices.length === 0) return [];
  const items = notices.map(({ at, text }) =>
    el(
      "li",
      { dir: "auto" },
      el("time", { class: "figloom-soft" }, new Date(at).toLocaleTimeString()),
      ` ${text}`,
    ),
  );
  const heading = _n("%1 notice", "%1 notices", notices.length);
  return [{ key: "notices", heading, open: true, content: el("ul", {}, ...items) }];
}

/** Draws sections into a node; those that were there stay as open as they are, and keep the focus. */
export function drawSections(node: HTMLElement, sections: readonly Section[]): void {
  const before = new Map(
    [...node.querySelectorAll<HTMLDetailsElement>(":scope > details")].map((each) => [
      each.dataset["key"],
      each,
    ]),
  );
  sections.forEach(({ key, heading, open, content }, i) => {
    const known = before.get(key);
    const details = known ?? el("details", { "data-key": key, open }, el("summary", { dir: "auto" }));
    before.delete(key);
    const [summary, old] = details.children;
    if (summary!.textContent !== heading) summary!.textContent = heading;
    if (!old) details.append(content);
    else become(old, content);
    if (node.children[i] !== details) node.insertBefore(details, node.children[i] ?? null);
  });
  for (const gone of before.values()) gone.remove();
}
