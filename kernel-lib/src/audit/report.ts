import { z } from "zod";
import { ESTIMATES } from "./estimates.js";

/** What `report.json` says it is; another number when a field changes its meaning. */
export const REPORT_SCHEMA = "figloom.audit/1";

const count = z.int().nonnegative();
const number = z.number().nullable();

/** A statistic and its 95 % confidence interval, clustered by paper. */
const estimate = z.object({ value: number, interval: z.tuple([z.number(), z.number()]).nullable() });

const quantiles = z.object({
  p5: z.number(),
  p25: z.number(),
  p50: z.number(),
  p75: z.number(),
  p95: z.number(),
});

/** The share of the values up to each of these. */
const curve = z.object({ values: z.array(z.number()), shares: z.array(z.number()) });

const comparison = z.object({
  /** Figures with both values. */
  figures: count,
  papers: count,
  estimates: z.object(
    Object.fromEntries(ESTIMATES.map((name) => [name, estimate])) as Record<
      (typeof ESTIMATES)[number],
      typeof estimate
    >,
  ),
  quantiles: z.object({ from: quantiles, to: quantiles }),
  /** Greatest distance of the two cumulative distributions (Kolmogorov–Smirnov), and the value at which it is; without an interval. */
  distance: z.object({ value: z.number(), at: z.number() }),
  /** Why there is no interval; `null` where there are. */
  note: z.string().nullable(),
});

const side = z.object({
  measured: count,
  not_measured: count,
  without_value: count,
  other_scorer: count,
  truncated: number,
  truncated_captions: number,
});

const metric = z.object({
  metric: z.string(),
  label: z.string(),
  better: z.enum(["higher", "lower"]).nullable(),
  scale: z.enum(["linear", "log10"]),
  /** Who measured it, with its model's revision and hash where it has one; `null` where nobody measured both captions. */
  scorer: z.object({ id: z.string(), version: z.int() }).nullable(),
  /** Others whose values stand under the same name. */
  other_scorers: z.array(z.object({ id: z.string(), version: z.int(), caption: z.string(), values: count })),
  from: side,
  to: side,
  overall: comparison.nullable(),
  groups: z.array(comparison.extend({ name: z.string().nullable() })),
  /** Cumulative distributions of all figures, 200 points at most. */
  cdf: z.object({ from: curve, to: curve }).nullable(),
  /** Why values of the two captions are not compared; `null` where they are. */
  not_compared: z.string().nullable(),
});

const caption = z.object({
  name: z.string(),
  /** What made it; empty for the raw caption. */
  made_by: z.array(
    z.object({
      captioner: z.string(),
      version: z.int(),
      prompt_id: z.string().nullable(),
      prompt_hash: z.string().nullable(),
      model: z.string().nullable(),
      sampling: z.string().nullable(),
      captions: count,
    }),
  ),
});

/** An audit, whole: everything that a report says. */
export const auditReport = z.object({
  schema: z.literal(REPORT_SCHEMA),
  made: z.string(),
  figloom: z.string(),
  node: z.string(),
  command: z.string(),
  dataset: z.object({ name: z.string(), schema_version: z.int(), figures: count, papers: count }),
  compared: z.object({
    from: z.string(),
    to: z.string(),
    where: z.string().nullable(),
    /** Figures that have both captions. */
    figures: count,
    papers: count,
    by: z.string().nullable(),
    /** Figures of groups that are not listed. */
    in_other_groups: count,
  }),
  captions: z.array(caption),
  bootstrap: z.object({
    seed: z.int(),
    resamples: count,
    level: z.literal(0.95),
    clusters: z.literal("papers"),
    /** More papers than so many were put together into so many lots. */
    most_clusters: count,
    /** Intervals in this report. */
    intervals: count,
  }),
  metrics: z.array(metric),
  warnings: z.array(z.string()),
});

/** An audit, whole: what `report.json` holds. */
export type AuditReport = z.infer<typeof auditReport>;
export type AuditMetric = z.infer<typeof metric>;
export type AuditComparison = z.infer<typeof comparison>;
export type AuditSide = z.infer<typeof side>;
export type AuditCaption = z.infer<typeof caption>;
