import type { Reader } from "../dataset/query.js";
import { literal } from "../dataset/sql.js";
import { ConfigurationError } from "../errors.js";
import { gainOf } from "../views/diff-query.js";
import type { ColumnInfo, ColumnRef } from "../views/query.js";

/** A column that a frame can have, and where its values come from. */
export interface Column extends ColumnInfo {
  /** A query on the dataset's views that gives `figure_id` and `value`; at most one row a figure. */
  sql: string;
  /** Whether a figure may have several values: they are a list then, `NULL` without any. */
  several?: boolean;
  /** The values as an expression over the columns of the view `figures`, where they stand there. */
  own?: string;
  /** Else, where it has them, a view's rows: what stands behind `FROM`. Their values are in its column `value`. */
  among?: string;
}

/** The columns that a dataset has, by reference, in the order to be offered. */
export type Catalogue = ReadonlyMap<ColumnRef, Column>;

type Known = readonly [
  name: string,
  kind: ColumnInfo["kind"],
  label: string,
  sql?: string,
  rest?: Pick<Column, "several">,
];

const FIGURE: readonly Known[] = [
  ["width", "number", "width (pixels)"],
  ["height", "number", "height (pixels)"],
  ["panels", "number", "number of panels", "len(panels)"],
  ["contexts", "number", "number of paragraphs that refer to it", "len(contexts)"],
  ["graphics", "number", "number of graphics files", "len(graphics)"],
  ["ordinal", "number", "place in the paper"],
  ["confidence", "number", "confidence of the reader"],
  ["discipline", "category", "discipline"],
  ["kind", "category", "source (latex, jats, pdf)"],
  ["float", "category", "figure or table"],
  ["environment", "category", "environment"],
  ["image_origin", "category", "origin of the picture"],
  ["image_missing", "category", "why there is no picture"],
];

/** What a check fills in. */
const CHECKED: readonly Known[] = [
  ["language", "category", "language"],
  ["flags", "category", "flags", "nullif(flags, [])", { several: true }],
];

const PAPER: readonly Known[] = [
  ["paper_id", "category", "paper"],
  ["title", "category", "title of the paper"],
  ["discipline", "category", "discipline of the paper"],
  ["category", "category", "first category of the paper", "categories[1]"],
  ["licence", "category", "licence"],
];

const MEASUREMENT: readonly Known[] = [
  ["entropy", "number", "entropy of the picture (bits per pixel)"],
  ["colours", "number", "colours of the picture"],
  ["content", "number", "share of the picture that stands out"],
  ["image_bytes", "number", "size of the picture (bytes)"],
  ["words", "number", "words of the raw caption"],
  ["prose", "number", "share of the raw caption in words"],
  ["commands", "number", "TeX commands left in the raw caption"],
];

/** Works out which columns there are. Some tens of milliseconds for a million figures. */
export async function catalogueOf(reader: Reader): Promise<Catalogue> {
  const names = (sql: string) => reader.all<{ name: string }>(sql);
  const variants = await names("SELECT DISTINCT variant AS name FROM stored_recaptions ORDER BY 1");
  const maps = (await has(reader, "maps"))
    ? await names("SELECT DISTINCT map AS name FROM maps ORDER BY 1")
    : [];
  const [measured] = await reader.all("SELECT 1 FROM stored_measurements LIMIT 1");
  const [checked] = await reader.all("SELECT 1 FROM stored_judgements LIMIT 1");
  const columns = [
    ...(await scores(reader)),
    ...["raw", ...variants.map(({ name }) => name)].map(length),
    ...FIGURE.map(of("figure", "figures")),
    ...(checked ? CHECKED : []).map(of("figure", "figures")),
    ...PAPER.map(of("paper", "figures")),
    ...(measured ? MEASUREMENT.map(of("measurement", "measurements")) : []),
    ...(await reviews(reader)),
    ...maps.flatMap(({ name }) => [map(name, "x"), map(name, "y")]),
  ];
  return new Map(columns.map((column) => [column.ref, column]));
}

const of =
  (prefix: string, view: string) =>
  ([name, kind, label, sql = name, rest]: Known): Column => ({
    ref: `${prefix}.${name}`,
    label,
    kind,
    ...rest,
    sql: `SELECT figure_id, ${sql} AS value FROM ${view}`,
    ...(view === "figures" ? { own: sql } : {}),
  });

async function scores(reader: Reader): Promise<Column[]> {
  const scored = await reader.all<{ metric: string; caption: string }>(
    "SELECT DISTINCT metric, caption FROM stored_scores ORDER BY metric, caption <> 'raw', caption",
  );
  return scored.map(({ metric, caption }) => ({
    ref: `score.${metric}@${caption}`,
    label: `${metric} of ${captions(caption)}`,
    kind: "number",
    // What the view `scores` says, without sorting the scores of other captions.
    sql: `SELECT figure_id, arg_max_null(value, run) AS value FROM stored_scores
          WHERE metric = ${literal(metric)} AND caption = ${literal(caption)} GROUP BY figure_id`,
    among: `scores WHERE metric = ${literal(metric)} AND caption = ${literal(caption)}`,
  }));
}

function length(caption: string): Column {
  return {
    ref: `length.${caption}`,
    label: `characters of ${captions(caption)}`,
    kind: "number",
    ...(caption === "raw" ? { own: "length(caption)" } : {}),
    sql:
      caption === "raw"
        ? "SELECT figure_id, length(caption) AS value FROM figures"
        : `SELECT figure_id, length(text) AS value FROM recaptions WHERE variant = ${literal(caption)}`,
  };
}

/** `raw captions`, `extractive captions`. */
const captions = (name: string): string => `${name} captions`;

async function has(reader: Reader, view: string): Promise<boolean> {
  return (
    (await reader.all("SELECT 1 FROM duckdb_columns() WHERE table_name = $1 LIMIT 1", [view])).length > 0
  );
}

/** Before anybody said anything about a figure there is nothing to ask. */
async function reviews(reader: Reader): Promise<Column[]> {
  const view = (await has(reader, "reviews"))
    ? "reviews"
    : "(SELECT ''::VARCHAR AS figure_id, ''::VARCHAR AS verdict, []::VARCHAR[] AS tags WHERE false)";
  return [
    {
      ref: "review.verdict",
      label: "verdict",
      kind: "category",
      own: "verdict",
      sql: `SELECT figure_id, verdict AS value FROM ${view}`,
    },
    {
      ref: "review.tags",
      label: "tags",
      kind: "category",
      several: true,
      own: "nullif(tags, [])",
      sql: `SELECT figure_id, nullif(tags, []) AS value FROM ${view}`,
    },
  ];
}

function map(name: string, axis: "x" | "y"): Column {
  return {
    ref: `map.${name}.${axis}`,
    label: `${axis} of map ${name}`,
    kind: "number",
    sql: `SELECT figure_id, ${axis} AS value FROM maps WHERE map = ${literal(name)}`,
  };
}

/**
 * The column that a reference names: one of the catalogue, or how far a metric rises from one caption to another.
 * @throws {ConfigurationError} when there is none
 */
export function columnOf(catalogue: Catalogue, ref: ColumnRef): Column {
  const column = catalogue.get(ref) ?? gainColumn(catalogue, ref);
  if (column) return column;
  const refs = [...catalogue.keys()].join(", ");
  throw new ConfigurationError(`This dataset has no column "${ref}"; there are: ${refs}.`);
}

function gainColumn(catalogue: Catalogue, ref: ColumnRef): Column | undefined {
  const [metric, from, to] = gainOf(ref) ?? [];
  const [before, after] = [catalogue.get(`score.${metric}@${from}`), catalogue.get(`score.${metric}@${to}`)];
  if (!before || !after) return undefined;
  return {
    ref,
    label: `${metric} of ${captions(to!)} over ${captions(from!)}`,
    kind: "number",
    sql: `SELECT figure_id, b.value - a.value AS value FROM (${before.sql}) AS a JOIN (${after.sql}) AS b USING (figure_id)`,
  };
}
