import type { HistogramView } from "figloom/views";
import { integer, seriesStyle, valueText } from "figloom/views";
import { el } from "../common/dom.js";

const HEADINGS = ["n", "mean", "sd", "median"];
const SVG = "http://www.w3.org/2000/svg";

/** Number of values, mean, standard deviation and median of each series; also the legend of the plot. */
export function drawTable(view: HistogramView): HTMLElement {
  const missing = view.series.some((series) => series.missing > 0);
  const headings = [view.metric, ...HEADINGS, ...(missing ? ["no value"] : [])];
  const rows = view.series.map((series, i) => {
    const values = [integer(series.n), ...[series.mean, series.sd, series.median].map(valueText)];
    if (missing) values.push(integer(series.missing));
    return el(
      "tr",
      {},
      el("th", { scope: "row" }, drawKey(i), series.name),
      ...values.map((value) => el("td", {}, value)),
    );
  });
  return el(
    "table",
    { class: "figloom-table" },
    el("thead", {}, el("tr", {}, ...headings.map((heading) => el("th", { scope: "col" }, heading)))),
    el("tbody", {}, ...rows),
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
