import type * as PlotModule from "@observablehq/plot";
import {
  binsAt,
  integer,
  rowsOf,
  valueText,
  type Choice,
  type HistogramView,
  type RowCounts,
} from "figloom/views";

/** What stands under the pointer in a histogram: a bin's ends and its count in each series. */
export function tipMark(
  view: HistogramView,
  choice: Choice,
  counts: RowCounts,
  Plot: typeof PlotModule,
): PlotModule.Markish[] {
  const bins = binsAt(view, choice);
  if (!bins || choice.form !== "histogram") return [];
  const { edges } = bins;
  const rows = rowsOf(view);
  const data = [...new Set(rows.map(({ panel }) => panel))].flatMap((panel) => {
    const shown = rows
      .filter((row) => row.panel === panel)
      .map((row) => {
        const { all, selected } = counts(row);
        return { ...row, all: bins.count(all), selected: selected && bins.count(selected) };
      });
    return edges.slice(1).map((high, bin) => {
      const low = edges[bin]!;
      const lines = shown.map(({ series: { name, n }, all, selected }) => {
        const count = all[bin]!;
        const share = choice.shares ? ` (${((100 * count) / Math.max(1, n)).toFixed(1)} %)` : "";
        return `${name}: ${selected ? `${integer(selected[bin]!)} of ` : ""}${integer(count)}${share}`;
      });
      const heights = shown.map(({ series: { n }, all }) => all[bin]! / (choice.shares ? Math.max(1, n) : 1));
      return {
        panel,
        middle: choice.scale === "log" ? Math.sqrt(low * high) : (low + high) / 2,
        top: Math.max(0, ...heights),
        text: [`${valueText(low)} to ${valueText(high)}`, ...lines].join("\n"),
      };
    });
  });
  const facet = view.panels ? { fy: "panel" } : {};
  return [Plot.tip(data, Plot.pointerX({ x: "middle", y: "top", title: "text", ...facet }))];
}
