import { totalmem } from "node:os";
import { DuckDBDataChunk, INTEGER, type DuckDBConnection } from "@duckdb/node-api";
import { Reader } from "../dataset/query.js";
import { ConfigurationError } from "../errors.js";
import type { Rows } from "../views/dataset-service.js";
import type { Clause, ColumnRef, Query, SelectionPart } from "../views/query.js";
import { comparison, insidePolygon, oneOf } from "./clauses.js";
import { catalogueOf, gainColumn, type Catalogue } from "./columns.js";
import type { Frame } from "./frame.js";
import { loadFrame } from "./load-frame.js";
import { Recent } from "./recent.js";
import type { ReviewedFigure } from "./reviews.js";
import { searchCondition } from "./search.js";
import { clausesFor } from "./selection.js";

/** Bytes; what does not fit goes to temporary files. */
const MEMORY_LIMIT = Math.floor(totalmem() / 2);
/** Conditions whose answers are kept, a byte a row each. */
const CONDITIONS_KEPT = 32;
/** Milliseconds for a condition or a search. */
const CONDITION_MS = 120_000;
/** Rows of a chunk of DuckDB. */
const CHUNK = 2048;

/** Whether a query's or condition's text may ask about reviews. */
export const asksForReviews = (text: string): boolean => /verdict|tags|review/i.test(text);

/** A {@link Frame} in a DuckDB of its own, that of its reader. */
export class DuckDBFrame implements Frame {
  readonly #columns = new Map<ColumnRef, Promise<string>>();
  readonly #chosen: Recent<string>;
  /** Columns of conditions that are no longer kept: a column of an indexed table cannot be dropped. */
  readonly #spare: string[] = [];
  #names = 0;

  private constructor(
    readonly reader: Reader,
    readonly size: number,
    readonly catalogue: Catalogue,
    private readonly connection: DuckDBConnection,
    private readonly selection: () => readonly SelectionPart[],
  ) {
    this.#chosen = new Recent<string>(CONDITIONS_KEPT, (column) => this.#spare.push(column));
  }

  /**
   * Loads a dataset's rows as they are now; see {@link Frame} for what that takes.
   * @param selection the parts of the selection at any time
   */
  static async open(folder: string, selection: () => readonly SelectionPart[]): Promise<DuckDBFrame> {
    const reader = await Reader.open(folder, undefined, { memory_limit: `${MEMORY_LIMIT}B` });
    try {
      const connection = await reader.connect();
      const size = await loadFrame(connection);
      return new DuckDBFrame(reader, size, await catalogueOf(reader), connection, selection);
    } catch (error) {
      reader.close();
      throw error;
    }
  }

  close(): void {
    this.connection.closeSync();
    this.reader.close();
  }

  async all<T>(sql: string, parameters: (string | number | null)[] = []): Promise<T[]> {
    const result = await this.connection.runAndReadAll(sql, parameters);
    return result.getRowObjectsJson() as T[];
  }

  async column(ref: ColumnRef): Promise<string> {
    const column = this.catalogue.get(ref) ?? gainColumn(this.catalogue, ref);
    if (!column)
      throw new ConfigurationError(
        `This dataset has no column "${ref}"; there are: ${[...this.catalogue.keys()].join(", ")}.`,
      );
    let name = this.#columns.get(ref);
    if (!name) {
      const type = column.kind === "number" ? "FLOAT" : "VARCHAR";
      name = this.#add(
        type,
        (at) => `SET ${at} = s.value FROM (${column.sql}) AS s WHERE s.figure_id = frame.figure_id`,
      );
      this.#columns.set(ref, name);
      name.catch(() => this.#columns.delete(ref));
    }
    return name;
  }

  /** Takes over what people say about these figures now: the dataset need not be read anew. */
  async review(figures: readonly ReviewedFigure[]): Promise<void> {
    const said = `(SELECT unnest($1::JSON::STRUCT(figure_id VARCHAR, verdict VARCHAR, tags VARCHAR[])[], recursive := true))`;
    const given = [JSON.stringify(figures)];
    await this.connection.run(
      `DELETE FROM reviews WHERE figure_id IN (SELECT figure_id FROM ${said})`,
      given,
    );
    await this.connection.run(
      `INSERT INTO reviews SELECT figure_id, verdict, tags, '${new Date().toISOString()}'::TIMESTAMP FROM ${said}
       WHERE verdict IS NOT NULL OR len(tags) > 0`,
      given,
    );
    for (const ref of ["review.verdict", "review.tags"]) {
      const column = await this.#columns.get(ref);
      if (column === undefined) continue;
      await this.connection.run(
        `UPDATE frame SET ${column} = (SELECT value FROM (${this.catalogue.get(ref)!.sql}) AS s
           WHERE s.figure_id = frame.figure_id)
         WHERE figure_id IN (SELECT figure_id FROM ${said})`,
        given,
      );
    }
    this.#chosen.forget(asksForReviews);
  }

  async numbers(ref: ColumnRef): Promise<Float32Array> {
    const column = await this.column(ref);
    const values = new Float32Array(this.size).fill(NaN);
    const result = await this.connection.run(`SELECT ${column} FROM frame ORDER BY position`);
    let at = 0;
    for (let chunk; (chunk = await result.fetchChunk()) && chunk.rowCount > 0;) {
      for (const value of chunk.getColumnValues(0) as (number | null)[]) values[at++] = value ?? NaN;
    }
    return values;
  }

  async integers(sql: string): Promise<Int32Array> {
    const result = await this.connection.run(sql);
    const values = new Int32Array(result.rowCount);
    let at = 0;
    for (let chunk; (chunk = await result.fetchChunk()) && chunk.rowCount > 0;) {
      values.set(chunk.getColumnValues(0) as number[], at);
      at += chunk.rowCount;
    }
    return values;
  }

  condition(rows: Rows, { selection = true }: { selection?: boolean } = {}): Promise<string> {
    return this.where(rows.query, selection ? clausesFor(rows, this.selection()) : []);
  }

  /** An SQL condition on the frame's columns for the rows that a query and some clauses have in common. */
  async where(query: Query, clauses: readonly Clause[]): Promise<string> {
    const conditions = [
      query.floats === "both" ? "true" : `float = '${query.floats}'`,
      ...(await this.#asked(query)),
      ...(await Promise.all(clauses.map((clause) => this.#clause(clause)))),
    ];
    return `(${conditions.join(" AND ")})`;
  }

  async #asked({ where, search }: Query): Promise<string[]> {
    const conditions: string[] = [];
    if (where !== null) {
      await this.reader.checkWhere("figures", where);
      conditions.push(await this.#choose(`where ${where}`, () => this.#positions(where, [])));
    }
    const sought = searchCondition(search);
    if (sought)
      conditions.push(
        await this.#choose(`search ${sought.parameters.join(" ")}`, () =>
          this.#positions(sought.condition, sought.parameters),
        ),
      );
    return conditions;
  }

  async #clause(clause: Clause): Promise<string> {
    switch (clause.kind) {
      case "range":
      case "values":
        return comparison(clause, await this.column(clause.column));
      case "figures":
        return this.#choose(JSON.stringify(clause), async () =>
          (
            await this.all<{ position: number }>(
              `SELECT position FROM frame WHERE ${oneOf(clause.figure_ids)}`,
            )
          ).map(({ position }) => position),
        );
      case "polygon":
        return this.#choose(JSON.stringify(clause), async () => {
          const inside = insidePolygon(
            await this.numbers(clause.x),
            await this.numbers(clause.y),
            clause.corners,
          );
          return Array.from(inside.keys()).filter((position) => inside[position]);
        });
    }
  }

  /** A user's condition is worked out by the reader; only the rows' positions come over. */
  async #positions(condition: string, parameters: string[]): Promise<number[]> {
    const signal = AbortSignal.timeout(CONDITION_MS);
    const positions: number[] = [];
    try {
      const pieces = this.reader.integers(
        `SELECT frame.position FROM (SELECT figure_id FROM figures WHERE (${condition}\n)) JOIN frame USING (figure_id)`,
        parameters,
        signal,
      );
      for await (const piece of pieces) for (const position of piece) positions.push(position);
    } catch (error) {
      if (!signal.aborted) throw error;
      throw new ConfigurationError(
        `Working out the condition "${condition}" took over ${CONDITION_MS / 1000} s; make it simpler.`,
      );
    }
    return positions;
  }

  /** A column that is true for some rows. */
  #choose(key: string, positions: () => Promise<readonly number[]>): Promise<string> {
    return this.#chosen.get(key, async () => {
      const table = `chosen_${this.#names++}`;
      await this.connection.run(`CREATE TEMP TABLE ${table} (position INTEGER)`);
      try {
        await this.#append(table, await positions());
        return await this.#add("BOOLEAN", (at) => `SET ${at} = position IN (SELECT position FROM ${table})`);
      } finally {
        await this.connection.run(`DROP TABLE ${table}`);
      }
    });
  }

  async #append(table: string, positions: readonly number[]): Promise<void> {
    const appender = await this.connection.createAppender(table, "main", "temp");
    for (let from = 0; from < positions.length; from += CHUNK) {
      const piece = positions.slice(from, from + CHUNK);
      const chunk = DuckDBDataChunk.create([INTEGER], piece.length);
      chunk.setColumnValues(0, piece);
      appender.appendDataChunk(chunk);
    }
    appender.closeSync();
  }

  async #add(type: string, update: (column: string) => string): Promise<string> {
    const spare = type === "BOOLEAN" ? this.#spare.pop() : undefined;
    const column = spare ?? `c${this.#names++}`;
    if (!spare) await this.connection.run(`ALTER TABLE frame ADD COLUMN ${column} ${type}`);
    await this.connection.run(`UPDATE frame ${update(column)}`);
    return column;
  }
}
