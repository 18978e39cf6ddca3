import type { Reader } from "../dataset/query.js";
import type { Clause, ColumnRef, Query } from "../views/query.js";
import type { Categories } from "./categories.js";
import type { Catalogue, Column } from "./columns.js";
import type { Mask } from "./mask.js";
import type { Kept } from "./recent.js";

/**
 * A dataset's figures and tables in memory. A row is named by its position (0, 1, …, as the dataset's files have them): what a tile
 * shows stands in the table `frame` of a database, columns of numbers and categories are arrays by position, and rows that
 * something picks are a {@link Mask}. Columns, masks and whatever else is worked out over them are made when they are first asked
 * for and kept while there is room, so that a later question passes over a few arrays.
 *
 * A million figures are there after 2 s of work on one core, 15.5 million with short captions after 20 s (13 s on two busy cores), in
 * some 0.5 and 2.8 GB. A column of numbers takes 4 bytes a figure, and half a second of work for a million, 7 s for 15.5 million.
 */
export interface Frame {
  /** Rows. */
  readonly size: number;
  /** The columns that can be asked for, besides differences of two. */
  readonly catalogue: Catalogue;
  /** The state of the dataset that the frame shows; for what is not in memory, such as captions. */
  readonly reader: Reader;
  /** The number of each row's paper, by position: that of its row in the table `paper`, ascending with its id. */
  readonly papers: Int32Array;
  /** All positions, by paper and order in the paper. */
  readonly order: Int32Array;
  /** @throws {ConfigurationError} when there is no such column */
  info(ref: ColumnRef): Column;
  /**
   * The values of a number column by position, NaN where there is none.
   * @throws {ConfigurationError} when there is no such column, or it holds words
   */
  numbers(ref: ColumnRef): Promise<Float32Array>;
  /**
   * The values of a category by position; those of a number column as texts.
   * @throws {ConfigurationError} when there is no such column
   */
  categories(ref: ColumnRef): Promise<Categories>;
  /**
   * The rows that a query and some clauses have in common.
   * @throws {ConfigurationError} when the user's condition is not right
   */
  rows(query: Query, clauses: readonly Clause[]): Promise<Mask>;
  /** What is kept under a key, made if need be. The key names the columns and conditions that it depends on. */
  keep<T extends Kept>(key: string, make: () => Promise<T>): Promise<T>;
  /** Asks the tables `frame` and `paper`, where `rowid` is the position, and the dataset's views. SQL is ours: no text of a user's stands in it. */
  all<T>(sql: string, parameters?: (string | number | null)[]): Promise<T[]>;
}
