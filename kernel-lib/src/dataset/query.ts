import { existsSync } from "node:fs";
import { join } from "node:path";
import type { DuckDBConnection, DuckDBInstance, DuckDBResult } from "@duckdb/node-api";
import { ConfigurationError, errorText } from "../errors.js";
import type { Mark, Paper, Verdict } from "../model.js";
import type { StoredFigure, StoredPaper } from "./schema.js";
import { duckdb, openDuckDB } from "./duckdb.js";
import { inRange, list, type TextRange } from "./sql.js";
import { figuresAmong, figuresIn, planViews, type FigureSpan, type Some } from "./views.js";

/** DuckDB takes a file that is not there for a pattern that it may not look for, and says that. */
function missingFile(folder: string, files: readonly string[]): ConfigurationError | null {
  const missing = files.find((file) => !existsSync(file));
  if (missing === undefined) return null;
  return new ConfigurationError(
    `${missing} is missing, though a run of the dataset wrote it. Copy it back, or take the run out of ${join(folder, "runs")}, and what it made is made anew.`,
  );
}

/** A figure with what a condition may ask about its paper. */
export interface FigureRow extends StoredFigure {
  title: string | null;
  abstract: string | null;
  discipline: Paper["discipline"];
  categories: string[];
  licence: string | null;
  arxiv_id: string | null;
  doi: string | null;
  source: string;
  /** ISO 639-1; `null` where it was not checked or there is too little text to tell. */
  language: string | null;
  /** Names of what the last check marked, such as `near-duplicate`; empty for a clean figure, `null` before a check. */
  flags: string[] | null;
  /** Whether there is a flag; `null` before a check, so that neither `flagged` nor `NOT flagged` picks the figure. */
  flagged: boolean | null;
  /** The flags with reason, measured value and limit. */
  marks: Mark[] | null;
  /** What a person said of it; `null` for nothing: `verdict IS DISTINCT FROM 'rejected'` picks those, too. */
  verdict: Verdict | null;
  /** A person's, sorted; empty without. */
  tags: string[];
  /** When a person last changed verdict or tags, in UTC: `2026-11-21 14:00:00.123`; `null` without either. */
  reviewed_at: string | null;
}

/** Which rows. */
export interface Selection {
  /** An SQL condition over the view's columns, e.g. `discipline = 'Astronomy' AND width > 800`. */
  where?: string | undefined;
  /** At most so many rows. */
  limit?: number | undefined;
}

/** What our own code adds to a selection; never text from a user. */
interface Extra {
  /** Further columns. */
  also?: string;
  /** A condition beside the user's. */
  only?: string;
  /** What to sort by first. */
  order?: string;
  /** Values of `$1`, `$2` … in them. */
  parameters?: (string | number | null)[];
  /** Only these figures, which costs about as much as the papers that they are of. */
  span?: FigureSpan | undefined;
}

/** Columns that are for the store itself. */
const HIDDEN = "EXCLUDE (run, result_key)";

/**
 * Reads a dataset: sealed Parquet and unsealed ledgers together, as the views `papers`, `figures`, `recaptions`,
 * `trials`, `scores`, `embeddings`, `measurements`, `likenesses`, `judgements`, `maps` and
 * `reviews`. It sees what was on the disk when it was opened.
 *
 * SQL that a user gives runs here, in a DuckDB that can read the dataset's own files and nothing else, writes nothing
 * and loads nothing.
 */
export class Reader {
  readonly #instance: DuckDBInstance;
  readonly #signal: AbortSignal | undefined;

  private constructor(instance: DuckDBInstance, signal?: AbortSignal) {
    this.#instance = instance;
    this.#signal = signal;
  }

  /**
   * Costs some tens of milliseconds.
   * @param signal ends a query that is being worked out: a user's condition may have no end
   * @param options of DuckDB, such as `memory_limit`
   */
  static async open(folder: string, signal?: AbortSignal, options?: Record<string, string>): Promise<Reader> {
    const { statements, files } = await planViews(folder);
    const instance = await openDuckDB(options);
    const connection = await instance.connect();
    if (files.length > 0) await connection.run(`SET allowed_paths = ${list(files)}`);
    await connection.run("SET enable_external_access = false");
    await connection.run("SET lock_configuration = true");
    try {
      for (const statement of statements) await connection.run(statement);
    } catch (error) {
      instance.closeSync();
      throw missingFile(folder, files) ?? error;
    }
    connection.closeSync();
    return new Reader(instance, signal);
  }

  close(): void {
    this.#instance.closeSync();
  }

  /**
   * A connection to the same views that may also make tables, which conditions then see as well. For SQL of our own only.
   */
  connect(): Promise<DuckDBConnection> {
    return this.#instance.connect();
  }

  /**
   * The rows of a query, streamed in chunks of some thousand. `parameters` stand for `$1`, `$2` … Several queries may run
   * at the same time.
   * @throws the reason of the reader's signal when it is aborted
   */
  async *rows<T>(sql: string, parameters: (string | number | null)[] = []): AsyncGenerator<T> {
    yield* this.#asked(sql, parameters, this.#signal, async function* (result) {
      for await (const chunk of result.yieldRowObjectJson()) yield* chunk as T[];
    });
  }

  /**
   * The columns of a query, in pieces of some thousand rows: the quick way to many numbers.
   * @param signal ends the query, beside the reader's
   */
  async *columns<T extends unknown[]>(
    sql: string,
    parameters: (string | number | null)[] = [],
    signal?: AbortSignal,
  ): AsyncGenerator<{ [Column in keyof T]: T[Column][] }> {
    const signals = [this.#signal, signal].filter((one) => one !== undefined);
    yield* this.#asked(sql, parameters, AbortSignal.any(signals), async function* (result) {
      for (let chunk; (chunk = await result.fetchChunk()) && chunk.rowCount > 0;)
        yield chunk.getColumns() as { [Column in keyof T]: T[Column][] };
    });
  }

  /** Each query has a connection of its own: a result is lost when the next query begins on the same one. */
  async *#asked<T>(
    sql: string,
    parameters: (string | number | null)[],
    signal: AbortSignal | undefined,
    read: (result: DuckDBResult) => AsyncGenerator<T>,
  ): AsyncGenerator<T> {
    signal?.throwIfAborted();
    const connection = await this.#instance.connect();
    const interrupt = () => connection.interrupt();
    signal?.addEventListener("abort", interrupt, { once: true });
    try {
      const statement = await connection.prepare(sql);
      if (statement.statementType !== duckdb().StatementType.SELECT)
        throw new Error("Only a SELECT can be asked");
      statement.bind(parameters);
      signal?.throwIfAborted();
      for await (const item of read(await statement.stream())) {
        signal?.throwIfAborted();
        yield item;
      }
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    } finally {
      signal?.removeEventListener("abort", interrupt);
      connection.closeSync();
    }
  }

  /** All rows of a query at once: for answers that are small. */
  async all<T>(sql: string, parameters: (string | number | null)[] = []): Promise<T[]> {
    const rows: T[] = [];
    for await (const row of this.rows<T>(sql, parameters)) rows.push(row);
    return rows;
  }

  /**
   * Figures with their paper's data, sorted by paper and order in the paper.
   * @throws {ConfigurationError} when `where` is not right
   */
  figures<T extends FigureRow = FigureRow>(selection: Selection & Extra = {}): AsyncGenerator<T> {
    return this.#select<T>("figures", "paper_id, ordinal", selection);
  }

  /** Where the figures of a range of papers stand, to be given to {@link figures} and to what is joined to them. */
  async spanOf(papers: TextRange): Promise<FigureSpan> {
    const [ids] = await this.all<{ first: string | null; last: string | null }>(
      `SELECT min(figure_id) AS first, max(figure_id) AS last FROM stored_figures WHERE ${inRange("paper_id", papers)}`,
    );
    return { papers, figures: { first: ids!.first ?? "", last: ids!.last ?? "" } };
  }

  /** Some figures, in no order: what {@link figures} says of them, without reading the papers of others. */
  these(some: Some): Promise<FigureRow[]> {
    return this.all<FigureRow>(`SELECT * ${HIDDEN} FROM (${figuresAmong(some)})`);
  }

  /**
   * Papers, sorted by id.
   * @throws {ConfigurationError} when `where` is not right
   */
  papers(selection: Selection = {}): AsyncGenerator<StoredPaper> {
    return this.#select<StoredPaper>("papers", "paper_id", selection);
  }

  /** How many rows of a view a condition picks. */
  async count(
    view: "papers" | "figures",
    { where, only, parameters }: Selection & Pick<Extra, "only" | "parameters"> = {},
  ): Promise<number> {
    await this.checkWhere(view, where);
    const [row] = await this.all<{ n: number }>(
      `SELECT count(*)::INTEGER AS n FROM ${view} ${whereClause(where, only)}`,
      parameters,
    );
    return row!.n;
  }

  async *#select<T>(
    view: "papers" | "figures",
    identity: string,
    { where, limit, also, only, order, parameters, span }: Selection & Extra,
  ): AsyncGenerator<T> {
    await this.checkWhere(view, where);
    const most = limit === undefined ? "" : `LIMIT ${checkedLimit(limit)}`;
    const columns = also === undefined ? `* ${HIDDEN}` : `* ${HIDDEN}, ${also}`;
    const sorted = [...(order === undefined ? [] : [order]), identity].join(", ");
    const from = span && view === "figures" ? `(${figuresIn(span)}) AS figures` : view;
    yield* this.rows<T>(
      `SELECT ${columns} FROM ${from} ${whereClause(where, only)} ORDER BY ${sorted} ${most}`,
      parameters,
    );
  }

  /** Tells what the user got wrong from what we did: throws a {@link ConfigurationError} that shows the columns. */
  async checkWhere(view: "papers" | "figures", where: string | undefined): Promise<void> {
    if (where === undefined) return;
    const connection = await this.#instance.connect();
    try {
      const { statementType } = await connection.prepare(`SELECT 1 FROM ${view} ${whereClause(where)}`);
      if (statementType !== duckdb().StatementType.SELECT) throw new Error("This is no condition");
    } catch (error) {
      const columns = await this.all<{ column_name: string }>(
        `SELECT column_name FROM duckdb_columns() WHERE table_name = $1 AND column_name NOT IN ('run', 'result_key') ORDER BY column_index`,
        [view],
      );
      const reason = errorText(error).split("\n\nLINE ")[0]!.replaceAll("\n", " ").trim();
      const names = columns.map((column) => column.column_name).join(", ");
      throw new ConfigurationError(
        `The condition "${where}" cannot be used on ${view}: ${reason} Columns: ${names}.`,
        { cause: error },
      );
    } finally {
      connection.closeSync();
    }
    if (FLAGS_COLUMN.test(where) && (await this.all("SELECT 1 FROM judgements LIMIT 1")).length === 0)
      throw new ConfigurationError(
        `The condition "${where}" asks about flags, and nothing was checked yet; do that first: figloom check, or await lab.check().`,
      );
  }
}

/** A condition on what only a check fills in. */
const FLAGS_COLUMN = /\b(?:flags|flagged|marks)\b/i;

/** Opens a reader for one piece of work. */
export async function reading<T>(
  folder: string,
  work: (reader: Reader) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  const reader = await Reader.open(folder, signal);
  try {
    return await work(reader);
  } finally {
    reader.close();
  }
}

/** The user's condition and ours. The line feed ends a comment that the user's may end with. */
function whereClause(...conditions: (string | undefined)[]): string {
  const given = conditions.filter((condition) => condition !== undefined);
  return given.length === 0 ? "" : `WHERE ${given.map((condition) => `(${condition}\n)`).join(" AND ")}`;
}

function checkedLimit(limit: number): number {
  if (Number.isInteger(limit) && limit >= 0) return limit;
  throw new ConfigurationError(`A limit is a whole number from 0, not ${limit}.`);
}
