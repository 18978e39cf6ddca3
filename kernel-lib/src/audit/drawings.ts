/** The drawings of an audit, like those of S1-MMAlign (arXiv 2601.00264): gain and variance by group, lengths, cumulative distributions. */
import { seriesStyle } from "../views/plot.js";
import type { MarkSpec, PlotSpec } from "../views/plot-spec.js";
import type { EstimateName } from "./estimates.js";
import type { AuditComparison, AuditMetric, AuditReport } from "./report.js";
import { groupName } from "./wording.js";

export interface Drawing {
  /** Of its file. */
  name: string;
  /** What it shows and how to read it. */
  caption: string;
  /** Names of the two captions where both are drawn: old and new. */
  legend: readonly [string, string] | null;
  spec: PlotSpec;
}

const WIDTH = 520;
const LOOKS = { background: "transparent", fontSize: "12px", overflow: "visible" } as const;

/** The drawings that a report has values for. */
export function drawingsOf(report: Pick<AuditReport, "metrics" | "compared">): Drawing[] {
  const compared = report.metrics.filter(({ overall, not_compared }) => overall && not_compared === null);
  const main = compared.find(({ better }) => better !== null) ?? compared[0];
  const lengths = compared.filter(({ metric }) => metric === "characters" || metric === "words");
  const spread = compared.find(({ metric }) => metric === "pppl") ?? main;
  return [
    ...(main && main.overall!.estimates.gain.value !== null ? [forest(main, "gain", report)] : []),
    ...(main && main.overall!.estimates.variance_change.value !== null
      ? [forest(main, "variance_change", report)]
      : []),
    ...lengths.map((metric) => boxes(metric, report)),
    ...(spread?.cdf ? [cumulative(spread, report)] : []),
  ];
}

const WHAT: Partial<Record<EstimateName, string>> = {
  gain: "relative gain",
  variance_change: "change of the variance",
};

/** A statistic of all figures and of each group, with its interval. */
function forest(
  metric: AuditMetric,
  which: "gain" | "variance_change",
  { compared: { from, to, by } }: Pick<AuditReport, "compared">,
): Drawing {
  const { groups, overall } = metric;
  const rows = [{ name: "all figures", comparison: overall! }, ...labelled(groups)].flatMap(
    ({ name, comparison }) => {
      const { value, interval } = comparison.estimates[which];
      return value === null
        ? []
        : [{ name, value, low: interval?.[0] ?? value, high: interval?.[1] ?? value }];
    },
  );
  const names = rows.map(({ name }) => name);
  const what = `${WHAT[which]} of ${short(metric.metric)}`;
  const { colour } = seriesStyle(0);
  return {
    name: which === "gain" ? "gain" : "variance",
    caption: `${capital(what)}, ${to} over ${from}${by === null ? "" : `, by ${by}`}; lines: 95 % intervals, where there are five papers or more.`,
    legend: null,
    spec: {
      options: {
        ...{ width: WIDTH, height: 62 + 26 * rows.length, marginTop: 10, marginBottom: 40 },
        marginLeft: leftFor(names),
        ariaLabel: capital(what),
        style: LOOKS,
        x: {
          label: what,
          labelAnchor: "center",
          labelArrow: "none",
          tickFormat: "+.0%",
          nice: true,
          grid: true,
          ticks: 6,
        },
        y: { label: null, domain: names, padding: 0.4 },
      },
      marks: [
        { mark: "ruleX", name: "zero", data: [0], options: { strokeOpacity: 0.6 } },
        rule(rows, { y: "name", x1: "low", x2: "high", stroke: colour, strokeWidth: 2 }),
        { mark: "dot", name: "rows", data: rows, options: { y: "name", x: "value", r: 4.5, fill: colour } },
      ],
    },
  };
}

const rule = (data: MarkSpec["data"], options: Record<string, unknown>): MarkSpec => ({
  ...{ mark: "ruleY", name: "rows", data, options },
});

/** Groups by their names for people; a name that is taken already gets a number, since Plot lays names over each other. */
function labelled(groups: AuditMetric["groups"]): { name: string; comparison: AuditComparison }[] {
  const taken = new Set(["all figures"]);
  return groups.map((comparison) => {
    const wanted = short(groupName(comparison.name));
    let name = wanted;
    for (let i = 2; taken.has(name); i++) name = `${wanted} (${i})`;
    taken.add(name);
    return { name, comparison };
  });
}

/** Quantiles of both captions, as boxes from the 25 % to the 75 % one with lines from 5 % to 95 %. */
function boxes(metric: AuditMetric, { compared: { from, to } }: Pick<AuditReport, "compared">): Drawing {
  const { quantiles, estimates } = metric.overall!;
  const rows = ([from, to] as const).map((caption, i) => {
    const { p5, p25, p50, p75, p95 } = i === 0 ? quantiles.from : quantiles.to;
    const mean = (i === 0 ? estimates.mean_from : estimates.mean_to).value;
    return { name: short(caption), p5, p25, p50, p75, p95, mean, colour: seriesStyle(i).colour };
  });
  const names = rows.map(({ name }) => name);
  const at = { y: "name" };
  return {
    name: metric.metric,
    caption: `${capital(metric.label)} of the captions: boxes hold the middle half, lines the middle 90 %; bar: median, diamond: mean.`,
    legend: null,
    spec: {
      options: {
        ...{ width: WIDTH, height: 62 + 44 * rows.length, marginTop: 10, marginBottom: 40 },
        marginLeft: leftFor(names),
        ariaLabel: `${capital(metric.label)} of both captions`,
        style: LOOKS,
        x: {
          label: oneLine(metric.label),
          labelAnchor: "center",
          labelArrow: "none",
          zero: true,
          nice: true,
          grid: true,
          ticks: 6,
        },
        y: { label: null, domain: names, padding: 0.4 },
      },
      marks: [
        rule(rows, { ...at, x1: "p5", x2: "p95", stroke: "colour", strokeWidth: 1.5 }),
        {
          mark: "barX",
          name: "rows",
          data: rows,
          options: { ...at, x1: "p25", x2: "p75", fill: "colour", fillOpacity: 0.35, stroke: "colour" },
        },
        {
          mark: "tickX",
          name: "rows",
          data: rows,
          options: { ...at, x: "p50", stroke: "colour", strokeWidth: 3 },
        },
        {
          mark: "dot",
          name: "rows",
          data: rows,
          options: { ...at, x: "mean", symbol: "diamond", r: 4, fill: "currentColor" },
        },
      ],
    },
  };
}

/** The share of figures up to each value, for both captions. */
function cumulative(metric: AuditMetric, { compared: { from, to } }: Pick<AuditReport, "compared">): Drawing {
  const cdf = metric.cdf!;
  const curves = ([cdf.from, cdf.to] as const).map(({ values, shares }, i): MarkSpec => {
    const { colour, dash } = seriesStyle(i);
    const data = values.map((x, at) => ({ x, y: shares[at]! }));
    const options = { x: "x", y: "y", stroke: colour, strokeWidth: 2, strokeDasharray: dash };
    return { mark: "lineY", name: i === 0 ? "old" : "fresh", data, options };
  });
  return {
    name: "cdf",
    caption: `Share of the figures up to each value of ${metric.metric}, for both captions.`,
    legend: [from, to],
    spec: {
      options: {
        ...{ width: WIDTH, height: 270, marginTop: 28, marginBottom: 40, marginLeft: 52 },
        ariaLabel: `Cumulative distributions of ${metric.metric}`,
        style: LOOKS,
        x: { label: oneLine(metric.label), labelAnchor: "center", labelArrow: "none", nice: true, ticks: 6 },
        y: { label: "share up to here", labelArrow: "none", tickFormat: "%", domain: [0, 1], grid: true },
      },
      marks: [...curves, { mark: "ruleY", name: "ground", data: [0] }],
    },
  };
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** Room for names on an axis, in characters. */
const LONGEST = 26;
function short(text: string): string {
  const line = oneLine(text);
  return line.length > LONGEST ? `${line.slice(0, LONGEST - 1).replace(/[\ud800-\udbff]$/, "")}…` : line;
}

/** Plot would set lines below each other. */
const oneLine = (text: string): string => text.replace(/\s+/g, " ");

const leftFor = (names: readonly string[]): number =>
  Math.min(220, 24 + 7.3 * Math.max(...names.map(({ length }) => length)));
