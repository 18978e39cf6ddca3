import { figuresTable, seriesStyle, type HistogramView } from "figloom/views";
import { el } from "../common/dom.js";

const SVG = "http://www.w3.org/2000/svg";

/** What is known about each series; also the legend of the plot. */
export function drawTable(view: HistogramView): HTMLElement {
  const { head, rows, notes } = figuresTable(view);
  const body = rows.map(({ index, panel, cells: [name, ...values] }, i) => {
    const again = panel !== null && rows[i - 1]?.panel === panel;
    return el(
      "tr",
      {},
      panel === null ? null : el("th", { scope: "row", dir: "auto" }, again ? "" : panel),
      el("th", { scope: "row" }, drawKey(index), name!),
      ...values.map((value) => el("td", {}, value)),
    );
  });
  const table = el(
    "table",
    { class: "figloom-table" },
    el("thead", {}, el("tr", {}, ...head.map((heading) => el("th", { scope: "col" }, heading)))),
    el("tbody", {}, ...body),
  );
  return el(
    "div",
    { class: "figloom-figures" },
    el("div", { class: "figloom-scroll", tabindex: 0, role: "group", "aria-label": view.title }, table),
    ...notes.map((note) => el("p", { class: "figloom-note figloom-small" }, note)),
  );
}
/** A sample of how a series is drawn: its fill and the line at its mean. */
function drawKey(index: number): SVGElement {
  const { colour, dash } = seriesStyle(index);
  const shape = (name: string, attributes: Record<string, string>) => {
    const node = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    return node;
  };
  const key = shape("svg", { class: "figloom-key", width: "26", height: "12", "aria-hidden": "true" });
  key.append(
    shape("rect", { width: "26", height: "12", rx: "2", fill: colour, "fill-opacity": "0.35" }),
    shape("line", {
      x1: "1",
      x2: "25",
      y1: "6",
      y2: "6",
      stroke: colour,
      "stroke-width": "2",
      "stroke-dasharray": dash,
    }),
  );
  return key;
}
