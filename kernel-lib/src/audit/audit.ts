import type { Reader } from "../dataset/query.js";
import { SCHEMA_VERSION } from "../dataset/schema.js";
import { ConfigurationError } from "../errors.js";
import { VERSION } from "../version.js";
import { comparable } from "../views/wording.js";
import { captionsOf } from "./captions.js";
import { ESTIMATES, estimatesOf, type Estimates } from "./estimates.js";
import { askedMetric, derivedOf, inOrder, kindOf, type MetricKind } from "./metrics.js";
import { MOST_CLUSTERS, type FiguresPlan } from "./pairs-sql.js";
import {
  REPORT_SCHEMA,
  type AuditComparison,
  type AuditMetric,
  type AuditReport,
  type AuditSide,
} from "./report.js";
import { commonScorer, scorersIn, type ScorerCount } from "./scorers.js";
import { AuditTables, LEVELS, type Curve, type GroupPairs, type SideFacts } from "./tables.js";
import { warningsOf } from "./warnings.js";

export interface AuditPlan extends Pick<FiguresPlan, "where" | "compare"> {
  dataset: string;
  /** Groups, and what they are called; `null` for none. */
  by: { label: string; sql: string } | null;
  /** @default all that were measured of either caption */
  metrics: readonly string[] | undefined;
  seed: number;
  resamples: number;
  /** What makes the same report again. */
  command: string;
}

export interface AuditOptions {
  signal: AbortSignal;
  /** Called with the number of metrics that are done, and of all. */
  onProgress?: (done: number, total: number) => void;
}

/**
 * Compares two captions of all figures that have both, metric by metric. Sums are worked out in the database; here papers
 * are drawn, a fraction of a second a metric and group.
 * @throws {ConfigurationError} where there is no such metric, or no figure has both captions
 */
export async function makeAudit(
  reader: Reader,
  plan: AuditPlan,
  { signal, onProgress }: AuditOptions,
): Promise<AuditReport> {
  const { compare, where, by } = plan;
  const scorers = await scorersIn(reader, compare);
  const metrics = metricsFor(scorers, plan);
  // What takes memory of its own comes before the tables that stay.
  const held = {
    figures: await reader.count("figures", { only: "float = 'figure'" }),
    papers: await reader.count("papers"),
  };
  const tables = await AuditTables.make(reader, { where, compare, by: by?.sql ?? null }, signal);
  try {
    const counts = await tables.counts();
    if (counts.figures === 0)
      throw new ConfigurationError(
        `No figure has both captions "${compare[0]}" and "${compare[1]}"${where === undefined ? "" : ` under the condition ${where}`}.`,
      );
    const groups = by ? await tables.groups() : { names: new Map<number, string | null>(), others: 0 };
    const captions = await captionsOf(reader, compare);
    const audited: AuditMetric[] = [];
    for (const asked of metrics) {
      onProgress?.(audited.length, metrics.length);
      audited.push(
        await auditMetric({
          tables,
          plan,
          scorers,
          asked,
          figures: counts.figures,
          groups: groups.names,
        }),
      );
    }
    onProgress?.(audited.length, metrics.length);
    const report: Omit<AuditReport, "warnings"> = {
      schema: REPORT_SCHEMA,
      made: new Date().toISOString(),
      figloom: VERSION,
      node: process.versions.node,
      command: plan.command,
      dataset: { name: plan.dataset, schema_version: SCHEMA_VERSION, ...held },
      compared: {
        from: compare[0],
        to: compare[1],
        where: where ?? null,
        ...counts,
        by: by?.label ?? null,
        in_other_groups: groups.others,
      },
      captions,
      bootstrap: {
        ...{ seed: plan.seed, resamples: plan.resamples, level: 0.95, clusters: "papers" },
        most_clusters: MOST_CLUSTERS,
        intervals: audited
          .flatMap(({ overall, groups }) => [overall, ...groups])
          .reduce((sum, one) => sum + intervalsIn(one), 0),
      },
      metrics: audited,
    };
    return { ...report, warnings: warningsOf(report) };
  } finally {
    await tables.drop();
  }
}

type Asked = ReturnType<typeof askedMetric>;

function metricsFor(scorers: readonly ScorerCount[], { metrics, compare }: AuditPlan): Asked[] {
  const stored = [...new Set(scorers.map(({ metric }) => metric))];
  const all = inOrder(stored.flatMap((metric) => [metric, ...derivedOf(metric)]));
  if (all.length === 0)
    throw new ConfigurationError(
      `No caption "${compare[0]}" or "${compare[1]}" was scored yet; do that first: figloom score, or await lab.score(["form", "support"]).`,
    );
  const asked = (metrics ? [...new Set(metrics)] : all).map(askedMetric);
  const unknown = asked.find(({ metric, like }) => like === null && !stored.includes(metric));
  if (!unknown) return asked;
  throw new ConfigurationError(`There are no scores "${unknown.metric}"; there are: ${all.join(", ")}.`);
}

interface MetricTask {
  tables: AuditTables;
  plan: AuditPlan;
  scorers: readonly ScorerCount[];
  asked: Asked;
  /** Figures with both captions. */
  figures: number;
  groups: ReadonlyMap<number, string | null>;
}

async function auditMetric(task: MetricTask): Promise<AuditMetric> {
  const { tables, plan, figures } = task;
  const { metric, like } = task.asked;
  const kind = kindOf(metric, like);
  const { compare } = plan;
  const { label, better, scale = "linear" } = kind;
  const stored = kind.derived?.of ?? metric;
  const counts = task.scorers.filter((count) => count.metric === stored);
  const scorer = commonScorer(counts, compare);
  const others = counts.filter(
    (count) => count.scorer !== scorer?.scorer || count.scorer_version !== scorer.scorer_version,
  );
  const about: Pick<AuditMetric, "metric" | "label" | "better" | "scale" | "scorer" | "other_scorers"> = {
    ...{ metric, label, better, scale },
    scorer: scorer && { id: scorer.scorer, version: scorer.scorer_version },
    other_scorers: others.map(({ scorer: id, scorer_version: version, caption, values }) => ({
      ...{ id, version, caption, values },
    })),
  };
  const nothing: Pick<AuditMetric, "overall" | "groups" | "cdf"> = { overall: null, groups: [], cdf: null };
  if (!scorer) {
    const none: AuditSide = { ...NO_SIDE, not_measured: figures };
    const why = counts.length === 0 ? "not measured" : "no scorer measured both captions";
    return { ...about, ...nothing, from: none, to: none, not_compared: why };
  }
  const { centre, step, ...facts } = await tables.bring({
    ...{ metric: stored, compare, ...scorer },
    value: valueOf(kind),
    several: (caption) => runsOf(counts, caption) > 1,
  });
  const alike = comparable(like ?? stored, ...compare);
  const estimate = (pairs: GroupPairs) => comparisonOf(pairs, { better, scale, comparable: alike, plan });
  const [all] = facts.pairs > 0 ? await tables.pairs({ grouped: false, centre, step }) : [];
  const cdf = all ? await tables.curves() : null;
  const grouped = all && plan.by ? await tables.pairs({ grouped: true, centre, step }) : [];
  const groups: AuditMetric["groups"] = [];
  for (const pairs of grouped) {
    groups.push({ name: task.groups.get(pairs.group) ?? null, ...estimate(pairs) });
    // A notebook's kernel answers its views meanwhile.
    await new Promise(setImmediate);
  }
  return {
    ...about,
    from: sideOf(facts.from, figures),
    to: sideOf(facts.to, figures),
    overall: all ? estimate(all) : null,
    groups,
    cdf: cdf && { from: roundedCurve(cdf.from), to: roundedCurve(cdf.to) },
    not_compared: all
      ? alike
        ? null
        : "the values of raw and of new captions rest on different evidence"
      : "no figure has a value for both captions",
  };
}

/** The value that is compared, as SQL over a stored one. */
function valueOf({ scale, derived }: MetricKind): (sql: string) => string {
  if (derived) return derived.value;
  return scale === "log10" ? (sql) => `CASE WHEN ${sql} > 0 THEN log10(${sql}) END` : (sql) => sql;
}

const runsOf = (counts: readonly ScorerCount[], caption: string): number =>
  counts.filter((count) => count.caption === caption).reduce((sum, { runs }) => sum + runs, 0);

const NO_SIDE: AuditSide = {
  ...{ measured: 0, not_measured: 0, without_value: 0, other_scorer: 0 },
  ...{ truncated: null, truncated_captions: null },
};

const sideOf = (facts: SideFacts, figures: number): AuditSide => ({
  ...facts,
  not_measured: figures - facts.measured - facts.other_scorer,
  truncated: facts.truncated === null ? null : rounded(facts.truncated),
  truncated_captions: facts.truncated_captions === null ? null : rounded(facts.truncated_captions),
});

function comparisonOf(
  { figures, papers, sums, from_quantiles, to_quantiles, distance, place }: GroupPairs,
  { plan, scale, ...how }: Pick<AuditMetric, "better" | "scale"> & { comparable: boolean; plan: AuditPlan },
): AuditComparison {
  const { seed, resamples } = plan;
  const { estimates, note } = estimatesOf(sums, {
    ...{ ...how, seed, resamples },
    ...(scale === "log10" && { scale }),
  });
  const quartiles = (values: readonly number[]) =>
    Object.fromEntries(
      LEVELS.map((level, i) => [`p${level * 100}`, rounded(values[i]!)]),
    ) as AuditComparison["quantiles"]["from"];
  return {
    ...{ figures, papers, note },
    estimates: roundedEstimates(estimates),
    quantiles: { from: quartiles(from_quantiles), to: quartiles(to_quantiles) },
    distance: { value: rounded(distance), at: rounded(place) },
  };
}

/** Sums by several threads differ in their last digits from run to run: those are cut off, so that the same report comes out. */
const rounded = (value: number): number => Number(value.toPrecision(9));

const roundedCurve = ({ values, shares }: Curve): Curve => ({
  values: values.map(rounded),
  shares: shares.map(rounded),
});

const roundedEstimates = (estimates: Estimates): AuditComparison["estimates"] =>
  Object.fromEntries(
    ESTIMATES.map((name) => {
      const { value, interval } = estimates[name];
      return [
        name,
        {
          value: value === null ? null : rounded(value),
          interval: interval === null ? null : [rounded(interval[0]), rounded(interval[1])],
        },
      ];
    }),
  ) as AuditComparison["estimates"];

const intervalsIn = (comparison: AuditComparison | null): number =>
  comparison ? Object.values(comparison.estimates).filter(({ interval }) => interval !== null).length : 0;
