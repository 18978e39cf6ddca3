/** The words and figures of distributions. */
import { integer, signedText, valueText } from "./wording.js";
import type { HistogramSeries, HistogramView, MeanInterval } from "./protocol.js";
import { panelName } from "./histogram.js";

/** A table of what is known about each series, for any twin. */
export interface FiguresTable {
  head: string[];
  /** `index`: which series of its panel; the first two cells name panel and series. */
  rows: { index: number; panel: string | null; cells: string[] }[];
  /** What a reader of the table should know. */
  notes: string[];
}

/** Number of values, mean with its interval, standard deviation, median and shift of every series. */
export function figuresTable(view: HistogramView): FiguresTable {
  const panels = view.panels?.list ?? [{ name: null, series: view.series }];
  const all = panels.flatMap(({ series }) => series);
  const [missing, intervals, shifts] = [
    all.some((series) => series.missing > 0),
    all.some((series) => series.interval),
    all.some((series) => series.shift && series.shift.mean !== null),
  ];
  const from = all.find(({ shift }) => shift)?.shift?.from;
  const head = [
    ...(view.panels ? [view.panels.label] : []),
    view.metric,
    "n",
    "mean",
    ...(intervals ? ["95 % of the mean"] : []),
    "sd",
    "median",
    ...(shifts ? [`shift from ${from}`] : []),
    ...(missing ? ["no value"] : []),
  ];
  const rows = panels.flatMap(({ name, series }) =>
    series.map((one, index) => ({
      index,
      panel: view.panels ? panelName(name) : null,
      cells: [
        one.name,
        integer(one.n),
        valueText(one.mean),
        ...(intervals ? [intervalText(one.interval ?? null)] : []),
        valueText(one.sd),
        valueText(one.median),
        ...(shifts ? [shiftText(one)] : []),
        ...(missing ? [integer(one.missing)] : []),
      ],
    })),
  );
  return { head, rows, notes: notesOf(view, all) };
}

function intervalText(interval: MeanInterval | null): string {
  return interval ? `${valueText(interval.low)} to ${valueText(interval.high)}` : "–";
}

function shiftText({ shift }: HistogramSeries): string {
  if (!shift || shift.mean === null) return "–";
  const { mean, interval } = shift;
  return interval
    ? `${signedText(mean)} (${signedText(interval.low)} to ${signedText(interval.high)})`
    : signedText(mean);
}

function notesOf(view: HistogramView, all: readonly HistogramSeries[]): string[] {
  const intervals = all
    .flatMap(({ interval, shift }) => [interval, shift?.interval])
    .filter((one) => one != null);
  const methods = new Set(intervals.map(({ method }) => method));
  const reasons = new Set(all.flatMap(({ shift }) => (shift?.note ? [shift.note] : [])));
  const omitted = view.panels?.omitted ?? 0;
  return [
    ...(methods.has("bootstrap") ? ["Intervals: bootstrap over papers, 10,000 resamples."] : []),
    ...(methods.has("normal")
      ? [
          `Intervals${methods.size > 1 ? " with more than 1,000 papers" : ""}: from the spread between papers.`,
        ]
      : []),
    ...(all.some(({ shift }) => shift && shift.mean !== null)
      ? ["Shift: mean of the differences over figures with both values."]
      : []),
    ...[...reasons].map((reason) => `No shift: ${reason}.`),
    ...(omitted > 0
      ? [`${integer(omitted)} further ${omitted === 1 ? "group" : "groups"} with fewer figures not drawn.`]
      : []),
  ];
}
