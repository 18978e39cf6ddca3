import { totalmem } from "node:os";
import type { DuckDBConnection } from "@duckdb/node-api";
import { Reader } from "../dataset/query.js";
import { oneOf } from "../dataset/sql.js";
import { ConfigurationError } from "../errors.js";
import type { Clause, ColumnRef, Query } from "../views/query.js";
import { rowsWithValue, type Categories } from "./categories.js";
import { catalogueOf, columnOf, type Catalogue, type Column } from "./columns.js";
import type { Frame } from "./frame.js";
import { loadFrame, type Rows } from "./load-frame.js";
import { commonRows, rowsAt, rowsBetween, type Mask } from "./mask.js";
import { rowsInside } from "./polygon.js";
import { Recent, type Kept } from "./recent.js";
import type { ReviewedFigure } from "./reviews.js";
import { searchCondition } from "./search.js";
import { storeCategories } from "./stored-categories.js";

/** Bytes of the database; what does not fit goes to temporary files. */
const MEMORY_LIMIT = Math.floor(totalmem() / 2);
/** Bytes of columns, masks and orders. */
const ARRAYS_LIMIT = Math.min(2 * 2 ** 30, Math.floor(totalmem() / 8));
/** Milliseconds for a condition or a search. */
const CONDITION_MS = 120_000;

/** Whether a key may depend on reviews. */
const asksForReviews = (text: string): boolean => /verdict|tags|review/i.test(text);

/** A {@link Frame} in a DuckDB of its own, that of its reader. */
export class DuckDBFrame implements Frame {
  readonly size: number;
  readonly papers: Int32Array;
  readonly order: Int32Array;
  readonly #kept = new Recent(ARRAYS_LIMIT);

  private constructor(
    readonly reader: Reader,
    readonly catalogue: Catalogue,
    private readonly connection: DuckDBConnection,
    private readonly loaded: Rows,
  ) {
    ({ size: this.size, papers: this.papers, order: this.order } = loaded);
  }

  /** Loads a dataset's rows as they are now. */
  static async open(folder: string): Promise<DuckDBFrame> {
    const reader = await Reader.open(folder, undefined, { memory_limit: `${MEMORY_LIMIT}B` });
    try {
      const connection = await reader.connect();
      const loaded = await loadFrame(connection, reader);
      return new DuckDBFrame(reader, await catalogueOf(reader), connection, loaded);
    } catch (error) {
      reader.close();
      throw error;
    }
  }

  close(): void {
    this.connection.closeSync();
    this.reader.close();
  }

  all<T>(sql: string, parameters: (string | number | null)[] = []): Promise<T[]> {
    return this.reader.all<T>(sql, parameters);
  }

  keep<T extends Kept>(key: string, make: () => Promise<T>): Promise<T> {
    return this.#kept.get(key, make);
  }

  info(ref: ColumnRef): Column {
    return columnOf(this.catalogue, ref);
  }

  async numbers(ref: ColumnRef): Promise<Float32Array> {
    const column = this.info(ref);
    if (column.kind !== "number")
      throw new ConfigurationError(`"${ref}" holds words, no numbers: group or colour by it instead.`);
    return this.keep(`numbers ${ref}`, () =>
      column.difference ? this.#difference(column.difference) : this.#numbers(column),
    );
  }

  async #numbers({ sql }: Column): Promise<Float32Array> {
    const values = new Float32Array(this.size).fill(NaN);
    const pieces = this.reader.columns<[number, number]>(
      `SELECT frame.rowid::INTEGER, value::FLOAT FROM (${sql}) JOIN frame USING (figure_id) WHERE value IS NOT NULL`,
    );
    for await (const [positions, found] of pieces)
      // No value is −0: it would be sorted apart from 0.
      for (let i = 0; i < positions.length; i++) values[positions[i]!] = found[i]! + 0;
    return values;
  }

  async #difference([minuend, subtrahend]: readonly [ColumnRef, ColumnRef]): Promise<Float32Array> {
    const [from, take] = [await this.numbers(minuend), await this.numbers(subtrahend)];
    const values = new Float32Array(this.size);
    for (let position = 0; position < values.length; position++)
      values[position] = from[position]! - take[position]!;
    return values;
  }

  async categories(ref: ColumnRef): Promise<Categories> {
    const column = this.info(ref);
    return this.keep(`categories ${ref}`, () =>
      storeCategories(this.connection, this.reader, column, { size: this.size, papers: this.papers }),
    );
  }

  async rows(query: Query, clauses: readonly Clause[]): Promise<Mask> {
    const { floats, where, search } = query;
    const sought = searchCondition(search);
    const masks = await Promise.all([
      ...(floats === "both" ? [] : [this.loaded.floats[floats]]),
      ...(where === null ? [] : [this.keep(`where ${where}`, () => this.#where(where))]),
      ...(sought
        ? [
            this.keep(`search ${sought.parameters.join(" ")}`, () =>
              this.#asked(sought.condition, sought.parameters),
            ),
          ]
        : []),
      ...clauses.map((clause) => this.keep(`clause ${JSON.stringify(clause)}`, () => this.#chosen(clause))),
    ]);
    return commonRows(this.size, masks);
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
    this.#kept.forget(asksForReviews);
  }

  async #chosen(clause: Clause): Promise<Mask> {
    switch (clause.kind) {
      case "range":
        return rowsBetween(await this.numbers(clause.column), clause.from, clause.to);
      case "values":
        return rowsWithValue(await this.categories(clause.column), clause.values);
      case "polygon":
        return rowsInside(await this.numbers(clause.x), await this.numbers(clause.y), clause.corners);
      case "figures":
        return this.#positions(
          `SELECT rowid::INTEGER FROM frame WHERE ${oneOf("figure_id", clause.figure_ids)}`,
        );
    }
  }

  async #where(where: string): Promise<Mask> {
    await this.reader.checkWhere("figures", where);
    return this.#asked(where, []);
  }

  /** A condition over the view `figures` is worked out by the reader; only the rows' positions come over. */
  async #asked(condition: string, parameters: string[]): Promise<Mask> {
    const signal = AbortSignal.timeout(CONDITION_MS);
    try {
      return await this.#positions(
        `SELECT frame.rowid::INTEGER FROM (SELECT figure_id FROM figures WHERE (${condition}\n)) JOIN frame USING (figure_id)`,
        parameters,
        signal,
      );
    } catch (error) {
      if (!signal.aborted) throw error;
      throw new ConfigurationError(
        `Working out the condition "${condition}" took over ${CONDITION_MS / 1000} s; make it simpler.`,
      );
    }
  }

  async #positions(sql: string, parameters: string[] = [], signal?: AbortSignal): Promise<Mask> {
    return rowsAt(this.size, this.reader.columns<[number]>(sql, parameters, signal));
  }
}
