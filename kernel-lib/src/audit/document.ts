import { integer } from "../views/wording.js";
import { drawingsOf, type Drawing } from "./drawings.js";
import type { AuditComparison, AuditMetric, AuditReport, AuditSide } from "./report.js";
import { estimateText, groupName, JOINED, meanText, numberText, shareText, sizeText } from "./wording.js";

/** A report as pages of any kind hold it. All strings are plain text, some of it from strangers. */
export interface AuditDocument {
  title: string;
  sections: { heading: string; blocks: Block[] }[];
}

export type Block =
  | { kind: "text"; text: string }
  | { kind: "list"; items: readonly string[] }
  | {
      kind: "table";
      title: string;
      head: readonly string[];
      rows: readonly (readonly string[])[];
      folded?: boolean;
      /** Whether its cells are words, not numbers. */
      words?: boolean;
    }
  | { kind: "code"; text: string }
  | { kind: "drawings"; drawings: readonly Drawing[] };

/** Lays a report out. */
export function documentOf(whole: AuditReport): AuditDocument {
  const report = shortened(whole);
  const { dataset, compared, warnings, metrics } = report;
  const { from, to } = compared;
  const shown = metrics.filter(({ overall }) => overall !== null);
  const drawings = drawingsOf(report);
  return {
    title: `Audit of ${dataset.name}: ${from} → ${to}`,
    sections: [
      { heading: "Summary", blocks: [{ kind: "text", text: ledeOf(report) }] },
      ...(warnings.length > 0
        ? [{ heading: "To be read first", blocks: [{ kind: "list" as const, items: warnings }] }]
        : []),
      {
        heading: "Results",
        blocks: [
          ...(shown.length > 0 ? [resultsTable("All figures", shown, report)] : []),
          ...(drawings.length > 0 ? [{ kind: "drawings" as const, drawings }] : []),
        ],
      },
      ...(shown.some(({ groups }) => groups.length > 0)
        ? [{ heading: `By ${compared.by}`, blocks: shown.map((metric) => groupsTable(metric, report)) }]
        : []),
      ...(shown.length > 0 ? [{ heading: "Distributions", blocks: [quantilesTable(shown, report)] }] : []),
      { heading: "Measured by", blocks: [measuredTable(metrics, report)] },
      { heading: "Captions", blocks: captionBlocks(report) },
      { heading: "Statistics", blocks: [{ kind: "list", items: definitions(report) }] },
      { heading: "To make this report again", blocks: [{ kind: "code", text: report.command }] },
    ],
  };
}

/** Names that nobody reads to their end are cut; `report.json` has them whole. */
function shortened(report: AuditReport): AuditReport {
  const limits: Record<string, number> = { command: 20_000, where: 2_000 };
  const cut = (key: string, value: unknown): unknown => {
    const limit = limits[key] ?? 400;
    return typeof value === "string" && value.length > limit ? `${value.slice(0, limit - 1)}…` : value;
  };
  return JSON.parse(JSON.stringify(report, cut)) as AuditReport;
}

function ledeOf({ dataset, compared, bootstrap, made, figloom, node }: AuditReport): string {
  const { from, to, where, figures, papers } = compared;
  const condition = where === null ? "" : ` and meet the condition ${where}`;
  return (
    `${integer(figures)} figures of ${integer(papers)} papers have both captions, ${from} and ${to}${condition}; ` +
    `the dataset ${dataset.name} holds ${integer(dataset.figures)} figures of ${integer(dataset.papers)} papers. ` +
    `Brackets hold 95 % bootstrap intervals that draw whole papers (${integer(bootstrap.resamples)} resamples, seed ${bootstrap.seed}). ` +
    `Made on ${made.slice(0, 10)} by figloom ${figloom} on Node ${node}.`
  );
}

type Cell = (comparison: AuditComparison) => string;

/** Columns of the tables of results. */
function resultColumns({ from, to }: AuditReport["compared"]): [string, Cell][] {
  return [
    ["figures (papers)", sizeText],
    [`${from}: mean ± sd`, ({ estimates: e }) => meanText(e.mean_from, e.sd_from)],
    [`${to}: mean ± sd`, ({ estimates: e }) => meanText(e.mean_to, e.sd_to)],
    ["change", ({ estimates: e }) => estimateText(e.change, "signed")],
    ["relative gain", ({ estimates: e }) => estimateText(e.gain, "signed percent")],
    ["variance", ({ estimates: e }) => estimateText(e.variance_change, "signed percent")],
    ["effect d_z", ({ estimates: e }) => estimateText(e.effect, "signed")],
    ["improved (no arrow: rose)", ({ estimates: e }) => estimateText(e.improved, "percent")],
    ["superiority", ({ estimates: e }) => estimateText(e.superiority)],
  ];
}

function resultsTable(title: string, metrics: readonly AuditMetric[], { compared }: AuditReport): Block {
  const columns = resultColumns(compared);
  return {
    ...{ kind: "table", title },
    head: ["metric", ...columns.map(([name]) => name)],
    rows: metrics.map((metric) => [metricName(metric), ...columns.map(([, cell]) => cell(metric.overall!))]),
  };
}

function groupsTable(metric: AuditMetric, { compared }: AuditReport): Block {
  const columns = resultColumns(compared);
  return {
    ...{ kind: "table", title: metricTitle(metric), folded: true },
    head: [compared.by ?? "", ...columns.map(([name]) => name)],
    rows: metric.groups.map((group) => [groupName(group.name), ...columns.map(([, cell]) => cell(group))]),
  };
}

/** With an arrow towards the better values, on the same line. */
const metricName = ({ metric, better }: AuditMetric): string =>
  `${metric}${better === null ? "" : better === "higher" ? `${JOINED}↑` : `${JOINED}↓`}`;

/** With what it is, where its name does not say so. */
const metricTitle = (metric: AuditMetric): string =>
  metric.label === metric.metric ? metricName(metric) : `${metricName(metric)}, ${metric.label}`;

function quantilesTable(metrics: readonly AuditMetric[], { compared: { from, to } }: AuditReport): Block {
  const names = ["p5", "p25", "p50", "p75", "p95"] as const;
  const rows = metrics.flatMap((metric) => {
    const { quantiles, estimates, distance } = metric.overall!;
    return (["from", "to"] as const).map((side) => [
      metricName(metric),
      side === "from" ? from : to,
      ...names.map((name) => numberText(quantiles[side][name])),
      estimateText(side === "from" ? estimates.cv_from : estimates.cv_to, "percent"),
      side === "from" || metric.not_compared !== null
        ? ""
        : `${numberText(distance.value)} at ${numberText(distance.at)}`,
    ]);
  });
  return {
    ...{ kind: "table", title: "Quantiles, variation and the distance between the distributions", rows },
    head: [
      "metric",
      "captions",
      "5 %",
      "25 %",
      "median",
      "75 %",
      "95 %",
      "coefficient of variation",
      "distance",
    ],
  };
}

function measuredTable(metrics: readonly AuditMetric[], { compared: { from, to } }: AuditReport): Block {
  const there = ({ measured, without_value, not_measured }: AuditSide) =>
    `${integer(measured - without_value)} of ${integer(measured + not_measured)}`;
  const cut = (side: AuditSide) =>
    side.truncated === null
      ? "–"
      : side.truncated_captions === 0
        ? "nothing"
        : `${shareText(side.truncated_captions)} cut, ${shareText(side.truncated)} on average`;
  return {
    ...{ kind: "table", title: "Metrics and who measured them", words: true },
    head: [
      "metric",
      "what it is",
      "scorer",
      `${from}: with a value`,
      `${to}: with a value`,
      `${from}: truncated`,
      `${to}: truncated`,
    ],
    rows: metrics.map((metric) => [
      metricName(metric),
      metric.label,
      metric.scorer ? `${metric.scorer.id}, version ${metric.scorer.version}` : "–",
      there(metric.from),
      there(metric.to),
      cut(metric.from),
      cut(metric.to),
    ]),
  };
}

function captionBlocks({ captions }: AuditReport): Block[] {
  const rows = captions.flatMap(({ name, made_by }) =>
    made_by.length === 0
      ? [[name, name === "raw" ? "the paper’s own" : "unknown", "–", "–", "–", "–"]]
      : made_by.map((by) => [
          name,
          `${by.captioner}, version ${by.version}`,
          by.prompt_id === null ? "–" : `${by.prompt_id} (${by.prompt_hash ?? "no hash"})`,
          by.model ?? "–",
          by.sampling ?? "–",
          integer(by.captions),
        ]),
  );
  const head = ["captions", "made by", "prompt (hash)", "model", "sampling", "figures"];
  return [{ kind: "table", title: "Where the captions come from", words: true, head, rows }];
}

function definitions({ bootstrap, compared: { from, to } }: AuditReport): string[] {
  return [
    `change: mean over figures of the value of ${to} minus that of ${from}; the signed area between the two distributions.`,
    `relative gain: ratio of the two means minus one; on a logarithmic scale, of the geometric means. A mean of ratios is not used: figures with values near zero would rule it.`,
    "variance: ratio of the two variances minus one.",
    "effect d_z: mean of the differences over their standard deviation.",
    "improved: share of the figures whose value became better; where neither direction is better, whose value rose.",
    "superiority: probability that a new caption of some figure is better (or higher) than an old one of some figure, ties by half; Cliff’s delta is twice that minus one.",
    "distance: Kolmogorov and Smirnov’s, the greatest gap between the cumulative distributions, and where; without an interval.",
    `95 % intervals: ${integer(bootstrap.resamples)} resamples of whole papers, expanded percentile method; beyond ${integer(bootstrap.most_clusters)} papers, papers are put together into ${integer(bootstrap.most_clusters)} random lots first.`,
    "↑ higher is better, ↓ lower is better. Formulas and sources: docs/audit.md of figloom.",
  ];
}
