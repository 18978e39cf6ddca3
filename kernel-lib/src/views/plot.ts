import type * as PlotModule from "@observablehq/plot";
import type { HistogramView } from "./protocol.js";
import { valueText } from "./wording.js";

type Plot = typeof PlotModule;

/** Blue and orange first: they stay apart for every kind of colour vision, on white and on black. */
const SERIES_COLOURS = ["#3a86c8", "#e0801f", "#2a9d8f", "#b565a7", "#8a8f98"];
/** Dashes of the mean lines, so that colour is not needed to tell them apart. */
const SERIES_DASHES = ["none", "6 4", "2 3", "8 3 2 3", "1 4"];

/** Colour and dash of the i-th series; after five they come round again. */
export function seriesStyle(index: number): { colour: string; dash: string } {
  const i = index % SERIES_COLOURS.length;
  return { colour: SERIES_COLOURS[i]!, dash: SERIES_DASHES[i]! };
}

export interface HistogramPlotOptions {
  /** Pixels. */
  width?: number;
  /** Draw on a logarithmic axis. Ignored unless {@link canBeLogarithmic}. */
  log?: boolean;
  /** Show a bin's counts under the pointer. */
  tips?: boolean;
}

/** Whether all bins lie above zero. */
export function canBeLogarithmic(view: HistogramView): boolean {
  return (view.edges[0] ?? 0) > 0;
}

/**
 * Options for `Plot.plot`: for each series translucent bars with an outline, and a line at its mean. Series with
 * different `n` are drawn as shares, so that their shapes compare.
 *
 * `Plot` is handed in so that neither side has to load the library before something is drawn; in Node add
 * `document` to the options.
 */
export function histogramPlot(
  view: HistogramView,
  Plot: Plot,
  { width = 640, log = view.scale === "log", tips = false }: HistogramPlotOptions = {},
): PlotModule.PlotOptions {
  const shares = new Set(view.series.filter((series) => series.n > 0).map((series) => series.n)).size > 1;
  const bars = view.series.flatMap((series, index) =>
    series.counts.map((count, bin) => ({
      colour: seriesStyle(index).colour,
      low: view.edges[bin]!,
      high: view.edges[bin + 1]!,
      height: shares ? count / Math.max(1, series.n) : count,
    })),
  );
  const means = view.series.flatMap((series, index) =>
    series.mean === null ? [] : [{ mean: series.mean, ...seriesStyle(index) }],
  );
  return {
    width,
    height: Math.round(Math.min(320, Math.max(200, width * 0.42))),
    marginTop: 26,
    marginLeft: 52,
    marginBottom: 40,
    ariaLabel: `Histogram of ${view.metric}`,
    style: { background: "transparent", fontSize: "11px", overflow: "visible" },
    x: { label: view.axis, labelAnchor: "center", labelArrow: "none", ...horizontal(view, log) },
    y: {
      label: shares ? "share of captions" : "captions",
      labelArrow: "none",
      grid: true,
      nice: true,
      ticks: 5,
      tickFormat: shares ? "%" : ",d",
    },
    marks: [
      Plot.rectY(
        bars.filter((bar) => bar.height > 0),
        {
          x1: "low",
          x2: "high",
          // y1 and y2, because bars given by y alone would be stacked.
          y1: 0,
          y2: "height",
          fill: "colour",
          fillOpacity: 0.4,
          stroke: "colour",
          strokeWidth: 1.25,
          insetLeft: 0.5,
          insetRight: 0.5,
        },
      ),
      Plot.ruleY([0]),
      ...means.map(({ mean, colour, dash }) =>
        Plot.ruleX([mean], { stroke: colour, strokeWidth: 2, strokeDasharray: dash }),
      ),
      ...(tips ? [tip(view, Plot, shares)] : []),
    ],
  };
}

function horizontal(view: HistogramView, log: boolean): PlotModule.ScaleOptions {
  const domain = [view.edges[0] ?? 0, view.edges.at(-1) ?? 1];
  return log && canBeLogarithmic(view) ? { type: "log", domain, ticks: 6, tickFormat: "~s" } : { domain };
}

function tip(view: HistogramView, Plot: Plot, shares: boolean): PlotModule.Markish {
  const bins = view.edges.slice(1).map((high, bin) => {
    const low = view.edges[bin]!;
    const lines = view.series.map(({ name, counts, n }) => {
      const count = counts[bin] ?? 0;
      return `${name}: ${count}${shares && n > 0 ? ` (${((100 * count) / n).toFixed(1)} %)` : ""}`;
    });
    const heights = view.series.map(({ counts, n }) => (counts[bin] ?? 0) / (shares ? Math.max(1, n) : 1));
    return {
      middle: view.scale === "log" ? Math.sqrt(low * high) : (low + high) / 2,
      top: Math.max(0, ...heights),
      text: [`${valueText(low)} to ${valueText(high)}`, ...lines].join("\n"),
    };
  });
  return Plot.tip(bins, Plot.pointerX({ x: "middle", y: "top", title: "text" }));
}
