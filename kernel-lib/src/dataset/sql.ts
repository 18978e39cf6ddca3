/** Pieces of SQL that reading and sealing share. */
import { LINE_LIMIT } from "../disk/jsonl.js";
import { LEDGERS, type StageName, type TableName } from "./schema.js";

/** A text as an SQL literal. SQL itself ends at a NUL. */
export const literal = (text: string): string =>
  text.includes("\0")
    ? `(${text.split("\0").map(literal).join(" || chr(0) || ")})`
    : `'${text.replaceAll("'", "''")}'`;

/**
 * The condition that a column has one of these texts. Parts of files without any text between the least and the greatest are passed
 * over: ask for texts that stand near each other.
 */
export function oneOf(column: string, texts: readonly string[]): string {
  if (texts.length === 0) return "false";
  if (texts.length === 1) return `${column} = ${literal(texts[0]!)}`;
  // The order of UTF-8, which is DuckDB's, is not always that of JavaScript.
  const inOrder = texts.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))).map(literal);
  return `(${column} BETWEEN ${inOrder[0]} AND ${inOrder.at(-1)} AND ${column} IN (${inOrder.join(", ")}))`;
}

/** Texts between two, both included, in DuckDB's order: that of their UTF-8. */
export interface TextRange {
  first: string;
  last: string;
}

/** The condition that a column's text is in a range. Parts of files without any such text are passed over. */
export const inRange = (column: string, { first, last }: TextRange): string =>
  `${column} BETWEEN ${literal(first)} AND ${literal(last)}`;

/**
 * What picks rows of a table by their `rowid`, some at least. In order and with a limit, DuckDB finds the rows first and then fetches
 * their texts: 20 times as quick in 15.5 million rows.
 */
export const atRows = (rowids: readonly number[]): string =>
  `WHERE rowid IN (${rowids.join(",")}) ORDER BY rowid LIMIT ${rowids.length}`;

/** Texts as an SQL list. */
export const list = (texts: string[]): string => `[${texts.map(literal).join(", ")}]`;

/**
 * The rows of `table` that stand in ledgers, with their `run`. `live` passes over a line that another process is
 * writing at this moment; sealing reads strictly.
 */
export function ledgerRows(
  table: TableName,
  stage: StageName,
  run: string,
  ledgers: string[],
  { live }: { live: boolean },
): string {
  const { columns, rows } = LEDGERS[stage];
  const types = Object.entries(columns).map(([name, type]) => `${name}: ${literal(type)}`);
  const lines = `(SELECT * FROM read_json(${list(ledgers)}, format = 'newline_delimited', columns = {${types.join(", ")}},
    maximum_object_size = ${LINE_LIMIT}, ignore_errors = ${live}) WHERE key IS NOT NULL)`;
  return `SELECT *, ${literal(run)} AS run FROM (${rows[table]!(lines)})`;
}
