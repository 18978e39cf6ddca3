import type { HistogramView } from "figloom/views";
import { canBeLogarithmic, EMPTY_HISTOGRAM, histogramPlot, MEAN_LINES } from "figloom/views";
import { button, el } from "../common/dom.js";
import type { DrawContext } from "../common/context.js";
import { saveSvg } from "./save.js";
import { drawTable } from "./table.js";

const WIDTHS = { usual: 640, smallest: 280, largest: 900 };

/** Draws the distributions of one score for each caption compared, and their figures in a table. */
export async function drawHistogram(
  view: HistogramView,
  node: HTMLElement,
  { signal }: DrawContext,
): Promise<void> {
  const title = el("div", { class: "figloom-title" }, view.title);
  if (view.series.every(({ n }) => n === 0)) {
    node.replaceChildren(title, el("p", { class: "figloom-note" }, EMPTY_HISTOGRAM), drawTable(view));
    return;
  }
  const Plot = await import("@observablehq/plot");
  if (signal.aborted) return;

  const log = el("input", { type: "checkbox" });
  log.checked = view.scale === "log";
  const plot = el("div", { class: "figloom-plot" });
  let width = WIDTHS.usual;
  const redraw = () => {
    const drawing = Plot.plot(histogramPlot(view, Plot, { width, log: log.checked, tips: true }));
    drawing.setAttribute("role", "img");
    plot.replaceChildren(drawing);
  };
  log.addEventListener("change", redraw);
  const save = button("Save as SVG", () => saveSvg(plot.querySelector("svg")!, `${view.metric}.svg`));

  const tools = el(
    "div",
    { class: "figloom-tools" },
    canBeLogarithmic(view) ? el("label", { class: "figloom-check" }, log, "Logarithmic") : null,
    save,
  );
  const bar = el(
    "div",
    { class: "figloom-bar" },
    el("div", { class: "figloom-titles" }, title, el("span", { class: "figloom-soft" }, MEAN_LINES)),
    tools,
  );
  node.replaceChildren(bar, plot, drawTable(view));
  redraw();

  const observer = new ResizeObserver(() => {
    const room = Math.round(Math.min(WIDTHS.largest, Math.max(WIDTHS.smallest, plot.clientWidth)));
    if (plot.clientWidth === 0 || room === width) return;
    width = room;
    redraw();
  });
  observer.observe(plot);
  signal.addEventListener("abort", () => observer.disconnect(), { once: true });
}
