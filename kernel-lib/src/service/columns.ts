import type { Reader } from "../dataset/query.js";
import { literal } from "../dataset/sql.js";
import { ConfigurationError } from "../errors.js";
import { gainOf } from "../views/diff-query.js";
import type { ColumnInfo, ColumnRef } from "../views/query.js";

/** A column that a frame can have, and where its values come from. */
export interface Column extends ColumnInfo {
  /**
   * A query on the dataset's views and the frame's tables that gives `figure_id` and `value`, one row a figure at most. With
   * `each: "paper"` it gives `paper_id`: the value is that of all the paper's figures.
   */
  sql: string;
  each?: "paper";
  /** Of which two number columns it is the difference: quicker than the query. */
  difference?: readonly [minuend: ColumnRef, subtrahend: ColumnRef];
  /** Whether a figure may have several values: they are a list then, `NULL` without any. */
  several?: boolean;
  /**
   * For conditions that outlive the frame: the values as an expression over the view `figures`, or else, behind `FROM`, rows with
   * `figure_id` and `value`.
   */
  own?: string;
  among?: string;
}

/** The columns that a dataset has, by reference, in the order to be offered. */
export type Catalogue = ReadonlyMap<ColumnRef, Column>;

type Known = readonly [name: string, kind: ColumnInfo["kind"], label: string, own?: string];

const FIGURE: readonly Known[] = [
  ["width", "number", "width (pixels)"],
  ["height", "number", "height (pixels)"],
  ["panels", "number", "number of panels", "len(panels)"],
  ["contexts", "number", "number of paragraphs that refer to it", "len(contexts)"],
  ["graphics", "number", "number of graphics files", "len(graphics)"],
  ["ordinal", "number", "place in the paper"],
  ["confidence", "number", "confidence of the reader"],
  ["kind", "category", "source (latex, jats, pdf)"],
  ["float", "category", "figure or table"],
  ["environment", "category", "environment"],
  ["image_origin", "category", "origin of the picture"],
  ["image_missing", "category", "why there is no picture"],
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

/** Figures of the papers' latest states, without what the view `figures` joins to them. */
const FIGURES = "stored_figures JOIN paper USING (paper_id, run)";

/** Works out which columns there are: 70 ms of work for a million figures with two scores, 0.7 s for 15.5 million. */
export async function catalogueOf(reader: Reader): Promise<Catalogue> {
  const names = (sql: string) => reader.all<{ name: string }>(sql);
  const variants = await names("SELECT DISTINCT variant AS name FROM stored_recaptions ORDER BY 1");
  const maps = await names("SELECT DISTINCT map AS name FROM maps ORDER BY 1");
  const [measured] = await reader.all("SELECT 1 FROM stored_measurements LIMIT 1");
  const [checked] = await reader.all("SELECT 1 FROM stored_judgements LIMIT 1");
  const discipline = { ...ofPaper(["discipline", "category", "discipline"]), ref: "figure.discipline" };
  const columns: Column[] = [
    ...(await scores(reader)),
    length("raw"),
    ...variants.map(({ name }) => length(name)),
    ...FIGURE.map(ofFigure),
    discipline,
    ...(checked ? JUDGED : []),
    ...PAPER.map(ofPaper),
    ...(measured ? MEASUREMENT.map(ofMeasurement) : []),
    ...REVIEWED,
    ...maps.flatMap(({ name }) => [map(name, "x"), map(name, "y")]),
  ];
  return new Map(columns.map((column) => [column.ref, column]));
}

const ofFigure = ([name, kind, label, own = name]: Known): Column => ({
  ref: `figure.${name}`,
  label,
  kind,
  own,
  sql: `SELECT figure_id, ${own} AS value FROM ${FIGURES}`,
});

const ofPaper = ([name, kind, label, own = name]: Known): Column => ({
  ref: `paper.${name}`,
  label,
  kind,
  own,
  each: "paper",
  sql: `SELECT paper_id, ${own} AS value FROM papers`,
});

const ofMeasurement = ([name, kind, label]: Known): Column => {
  const among = `(SELECT figure_id, ${name} AS value FROM measurements)`;
  return { ref: `measurement.${name}`, label, kind, among, sql: `SELECT * FROM ${among}` };
};

/** What a check fills in. */
const JUDGED: readonly Column[] = [
  { ref: "figure.language", label: "language", kind: "category", own: "language", sql: judged("language") },
  {
    ref: "figure.flags",
    label: "flags",
    kind: "category",
    several: true,
    own: "nullif(flags, [])",
    sql: judged("nullif([mark.flag FOR mark IN marks], [])"),
  },
];

function judged(value: string): string {
  const figures = `(SELECT figure_id, run FROM ${FIGURES}) AS figure`;
  return `SELECT figure_id, ${value} AS value FROM judgements JOIN ${figures} USING (figure_id) WHERE figure_run = figure.run`;
}

/** What people say. */
const REVIEWED: readonly Column[] = [
  {
    ref: "review.verdict",
    label: "verdict",
    kind: "category",
    own: "verdict",
    sql: "SELECT figure_id, verdict AS value FROM reviews",
  },
  {
    ref: "review.tags",
    label: "tags",
    kind: "category",
    several: true,
    own: "nullif(tags, [])",
    sql: "SELECT figure_id, nullif(tags, []) AS value FROM reviews",
  },
];

/** A score that one run measured has one row a figure: the view's search for the latest can be left out. */
async function scores(reader: Reader): Promise<Column[]> {
  const scored = await reader.all<{ metric: string; caption: string; runs: number }>(
    `SELECT metric, caption, count(DISTINCT run)::INTEGER AS runs FROM stored_scores
     GROUP BY metric, caption ORDER BY metric, caption <> 'raw', caption`,
  );
  return scored.map(({ metric, caption, runs }) => {
    const these = `metric = ${literal(metric)} AND caption = ${literal(caption)}`;
    const among = `(SELECT figure_id, value FROM scores WHERE ${these})`;
    return {
      ref: `score.${metric}@${caption}`,
      label: `${metric} of ${captions(caption)}`,
      kind: "number",
      among,
      sql:
        runs === 1 ? `SELECT figure_id, value FROM stored_scores WHERE ${these}` : `SELECT * FROM ${among}`,
    };
  });
}

function length(caption: string): Column {
  const about = {
    ref: `length.${caption}`,
    label: `characters of ${captions(caption)}`,
    kind: "number",
  } as const;
  const own = "length(caption)";
  if (caption === "raw") return { ...about, own, sql: `SELECT figure_id, ${own} AS value FROM ${FIGURES}` };
  const among = `(SELECT figure_id, length(text) AS value FROM recaptions WHERE variant = ${literal(caption)})`;
  return { ...about, among, sql: `SELECT * FROM ${among}` };
}

/** `raw captions`, `extractive captions`. */
const captions = (name: string): string => `${name} captions`;

function map(name: string, axis: "x" | "y"): Column {
  const among = `(SELECT figure_id, ${axis} AS value FROM maps WHERE map = ${literal(name)})`;
  return {
    ref: `map.${name}.${axis}`,
    label: `${axis} of map ${name}`,
    kind: "number",
    among,
    sql: `SELECT * FROM ${among}`,
  };
}

/**
 * The column that a reference names: one of the catalogue, or how far a metric rises from one caption to another.
 * @throws {ConfigurationError} when there is none
 */
export function columnOf(catalogue: Catalogue, ref: ColumnRef): Column {
  const column = catalogue.get(ref) ?? gain(catalogue, ref);
  if (column) return column;
  const refs = [...catalogue.keys()].join(", ");
  throw new ConfigurationError(`This dataset has no column "${ref}"; there are: ${refs}.`);
}

function gain(catalogue: Catalogue, ref: ColumnRef): Column | undefined {
  const [metric, from, to] = gainOf(ref) ?? [];
  const [before, after] = [from, to].map((caption) => catalogue.get(`score.${metric}@${caption}`));
  if (!before || !after) return undefined;
  // In single precision, as the difference of two columns is.
  const among = `(SELECT figure_id, b.value::FLOAT - a.value::FLOAT AS value FROM ${before.among} AS a JOIN ${after.among} AS b USING (figure_id))`;
  return {
    ref,
    label: `${metric} of ${captions(to!)} over ${captions(from!)}`,
    kind: "number",
    among,
    sql: `SELECT * FROM ${among}`,
    difference: [after.ref, before.ref],
  };
}
