import { kindOf } from "../audit/metrics.js";
import { FIGURES_ONLY } from "../dataset/figures-only.js";
import type { Reader } from "../dataset/query.js";
import { literal, oneOf } from "../dataset/sql.js";
import { checkCaption, variantsIn } from "../dataset/variants.js";
import { ConfigurationError } from "../errors.js";
import { inNotebook, markShown } from "../kernel/display.js";
import { comparable, signedText, valueText } from "../views/wording.js";
import { diff } from "./diff.js";
import { gallery } from "./gallery.js";
import { saying } from "./summary.js";
import { asking } from "./work.js";

export const OUTLIER_ORDERS = ["worst", "best", "most-changed"] as const;
type Order = (typeof OUTLIER_ORDERS)[number];

/** By what figures stand out, and how many are shown. */
export interface OutlierOptions {
  /**
   * `worst` and `best`: by the caption's value, or with `compare` by how it changed, in the direction that is better for
   * the metric (higher, where neither is). `most-changed`: by how far the value went in either direction. @default "worst"
   */
  order?: Order;
  /** Old and new caption, whose change counts. @default none; with `most-changed`: raw and the dataset's only variant */
  compare?: readonly [from: string, to: string];
  /** Whose value counts where nothing is compared: `raw` or a variant. @default the dataset's only variant, or raw */
  caption?: string;
  /** At most so many figures, up to 500. @default 12 */
  count?: number;
  /** An SQL condition over the figures' columns. */
  where?: string;
}

/** A figure whose caption stands out, and by what. */
export interface Outlier {
  figure_id: string;
  paper_id: string;
  /** The old caption's value; `null` where nothing is compared. */
  from: number | null;
  /** The caption's value. */
  value: number;
}

/** The figures that stand out, and what they were chosen by. */
export interface Outliers extends Plan {
  outliers: Outlier[];
}

/** Shows the figures that stand out by a metric, see `Lab.outliers`. */
export async function outliers(
  folder: string,
  metric: string,
  options: OutlierOptions = {},
): Promise<Outlier[]> {
  const found = await asking(folder, (reader) => findOutliers(reader, metric, options));
  const { order, compare, caption, count } = found;
  // A greater value or change first where the greatest were asked for.
  const descending = greatestFirst(metric, order);
  const title = `${metric}: ${order.replace("-", " ")} ${compare ? compare.join(" → ") : caption}`;
  const ids = found.outliers.map(({ figure_id }) => figure_id);
  if (compare)
    await diff(folder, {
      ...{ captions: compare, where: oneOf("figure_id", ids), limit: count, metric, title },
      sort: descending ? "gain" : "loss",
    });
  else
    await gallery(folder, { figures: ids, sort: { by: metric, caption, descending }, limit: count, title });
  const result = saying(found.outliers, textOf(found.outliers, title));
  if (inNotebook()) markShown(result);
  return result;
}

/** Finds the figures that stand out by a metric, in order; see `Lab.outliers`. */
export async function findOutliers(
  reader: Reader,
  metric: string,
  options: OutlierOptions = {},
): Promise<Outliers> {
  const { order = "worst", count = 12, where = null } = options;
  if (!Number.isInteger(count) || count < 1 || count > 500)
    throw new ConfigurationError(`The number of outliers is a whole number from 1 to 500, not ${count}.`);
  const plan = { metric, order, ...(await captionsFor(reader, order, options)), count, where };
  await reader.checkWhere("figures", options.where);
  return { ...plan, outliers: await outlying(reader, plan) };
}

async function captionsFor(
  reader: Reader,
  order: Order,
  { compare, caption }: OutlierOptions,
): Promise<{ compare: readonly [string, string] | null; caption: string }> {
  if (compare && caption !== undefined) throw new ConfigurationError("Give either `compare` or `caption`.");
  const variants = await variantsIn(reader);
  const only = variants.length === 1 ? variants[0]! : null;
  if (order === "most-changed" && !compare && only === null)
    throw new ConfigurationError(
      `Name the two captions whose values are compared (compare: ["raw", …]); there are: ${["raw", ...variants].join(", ")}.`,
    );
  const both = compare ?? (order === "most-changed" ? (["raw", only!] as const) : null);
  if (both && both[0] === both[1]) throw new ConfigurationError("Two different captions can be compared.");
  for (const name of both ?? [caption ?? "raw"]) await checkCaption(reader, name);
  return { compare: both, caption: both?.[1] ?? caption ?? only ?? "raw" };
}

const greatestFirst = (metric: string, order: Order): boolean =>
  order === "most-changed" || (order === "best") !== (kindOf(metric).better === "lower");

interface Plan {
  metric: string;
  order: Order;
  compare: readonly [from: string, to: string] | null;
  caption: string;
  count: number;
  where: string | null;
}

async function outlying(
  reader: Reader,
  { metric, order, count, where, compare, caption }: Plan,
): Promise<Outlier[]> {
  if (compare && !comparable(metric, ...compare))
    throw new ConfigurationError(
      `${metric} of raw and of new captions rest on different evidence: their difference says nothing. Leave compare out.`,
    );
  const of = (name: string) =>
    `(SELECT figure_id, scorer, scorer_version, value FROM scores WHERE metric = ${literal(metric)} AND caption = ${literal(name)} AND isfinite(value))`;
  const change = compare ? "b.value - a.value" : "b.value";
  const found = await reader.all<Outlier>(
    `SELECT figure_id, paper_id, ${compare ? "a.value" : "NULL"}::DOUBLE AS "from", b.value AS value
     FROM figures JOIN ${of(caption)} AS b USING (figure_id)
     ${compare ? `JOIN ${of(compare[0])} AS a USING (figure_id, scorer, scorer_version)` : ""}
     WHERE ${FIGURES_ONLY} AND (${where ?? "true"}\n)
     ORDER BY ${order === "most-changed" ? `abs(${change})` : change} ${greatestFirst(metric, order) ? "DESC" : "ASC"}, paper_id, ordinal
     LIMIT ${count}`,
  );
  if (found.length > 0) return found;
  const metrics = await reader.all<{ metric: string }>(
    "SELECT DISTINCT metric FROM stored_scores ORDER BY 1",
  );
  throw new ConfigurationError(
    `No figure has a value of "${metric}" for ${(compare ?? [caption]).join(" and ")}; measured were: ${metrics.map((row) => row.metric).join(", ") || "none"}.`,
  );
}

function textOf(found: readonly Outlier[], title: string): string {
  const lines = found.map(({ figure_id, from, value }) =>
    from === null
      ? `  ${figure_id}: ${valueText(value)}`
      : `  ${figure_id}: ${valueText(from)} → ${valueText(value)} (${signedText(value - from)})`,
  );
  return [title, ...lines].join("\n");
}
