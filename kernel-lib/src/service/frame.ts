import type { Reader } from "../dataset/query.js";
import type { ColumnRef } from "../views/query.js";
import type { Rows } from "../views/dataset-service.js";
import type { Catalogue } from "./columns.js";

/**
 * A dataset's figures and tables as one table in memory, a row each: `position` (0, 1, … by paper and order in the
 * paper), `figure_id`, `float`, and a column for everything that a view has asked about. Columns are worked out when they
 * are first asked for, users' conditions and searches among them, so that every later question is a scan of a few numbers.
 *
 * Some 100 bytes a figure and 4 a number column; 15.5 million rows take seconds to load and some GB.
 */
export interface Frame {
  /** Rows. */
  readonly size: number;
  /** The columns that can be asked for. */
  readonly catalogue: Catalogue;
  /** The state of the dataset that the frame shows; for what is not in memory, such as captions. */
  readonly reader: Reader;
  /**
   * The SQL name of a column, worked out if need be: `FLOAT` for numbers, `VARCHAR` or `ENUM` for categories.
   * @throws {ConfigurationError} when there is no such column
   */
  column(ref: ColumnRef): Promise<string>;
  /**
   * The values of a number column by position, NaN where there is none: for what reads all of them.
   * @throws {ConfigurationError} when there is no such column
   */
  numbers(ref: ColumnRef): Promise<Float32Array>;
  /**
   * An SQL condition on the frame's columns for a view's rows: the query's condition, words and floats, and, where it is
   * linked, the others' parts of the selection.
   * @param options `selection: false` leaves the selection out
   * @throws {ConfigurationError} when the user's condition is not right
   */
  condition(rows: Rows, options?: { selection?: boolean }): Promise<string>;
  /** The first column of a query, whole numbers of 32 bits, as {@link all} asks it: a million of them in some 100 ms. */
  integers(sql: string): Promise<Int32Array>;
  /** Asks the table `frame`. SQL is ours: no text of a user's stands in it. */
  all<T>(sql: string, parameters?: (string | number | null)[]): Promise<T[]>;
}
