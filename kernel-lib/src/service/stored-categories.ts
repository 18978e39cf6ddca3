import type { DuckDBConnection } from "@duckdb/node-api";
import type { Reader } from "../dataset/query.js";
import { atRows, list, oneOf } from "../dataset/sql.js";
import { numbersUpTo, type Categories } from "./categories.js";
import type { Column } from "./columns.js";
import type { Frame } from "./frame.js";

let tablesMade = 0;

/** Makes a column of a frame into a category: its values become a table of the database, in ascending order. */
export async function storeCategories(
  connection: DuckDBConnection,
  reader: Reader,
  { sql, each, several = false }: Column,
  { size, papers }: Pick<Frame, "size" | "papers">,
): Promise<Categories> {
  const [given, table] = [`given_${++tablesMade}`, `category_${tablesMade}`];
  const [rows, id] = each === "paper" ? ["paper", "paper_id"] : ["frame", "figure_id"];
  await connection.run(
    `CREATE TABLE ${given} AS SELECT ${rows}.rowid::INTEGER AS position, ${several ? "value" : "value::VARCHAR AS value"}
     FROM (${sql}) JOIN ${rows} USING (${id}) WHERE value IS NOT NULL`,
  );
  try {
    await connection.run(`CREATE TABLE ${table} AS SELECT DISTINCT value FROM ${given} ORDER BY value`);
    const [counts] = await reader.all<{ greatest: number; rows: number }>(
      `SELECT (SELECT count(*)::INTEGER FROM ${table}) AS greatest, (SELECT count(*)::INTEGER FROM ${rows}) AS rows`,
    );
    const { greatest } = counts!;
    const of = numbersUpTo(greatest, counts!.rows);
    const pieces = reader.columns<[number, number]>(
      `SELECT position, ${table}.rowid::INTEGER + 1 FROM ${given} JOIN ${table} USING (value)`,
    );
    for await (const [positions, numbers] of pieces)
      for (let i = 0; i < positions.length; i++) of[positions[i]!] = numbers[i]!;
    if (each !== "paper") return new StoredCategories(connection, table, of, greatest, several);
    const ofFigures = numbersUpTo(greatest, size);
    for (let position = 0; position < size; position++) ofFigures[position] = of[papers[position]!]!;
    return new StoredCategories(connection, table, ofFigures, greatest, several);
  } finally {
    await connection.run(`DROP TABLE ${given}`);
  }
}

const tables = new FinalizationRegistry<() => void>((drop) => drop());

/** A category whose values stand in a table of the database: there may be millions of them. */
class StoredCategories implements Categories {
  /** @param table has the value of number n in row n − 1; it goes when nobody holds the category any more */
  constructor(
    private readonly connection: DuckDBConnection,
    private readonly table: string,
    readonly of: Categories["of"],
    readonly greatest: number,
    readonly several: boolean,
  ) {
    // A closed database has no tables.
    tables.register(this, () => void connection.run(`DROP TABLE ${table}`).catch(() => undefined));
  }

  get byteLength(): number {
    return this.of.byteLength;
  }

  async valuesOf(numbers: readonly number[]): Promise<Map<number, string[]>> {
    const values = new Map<number, string[]>();
    const rows = numbers.filter((number) => number > 0).map((number) => number - 1);
    if (rows.length === 0) return values;
    const result = await this.connection.runAndReadAll(
      `SELECT rowid::INTEGER + 1, value FROM ${this.table} ${atRows(rows)}`,
    );
    for (const [number, value] of result.getRowsJson() as [number, string | string[]][])
      values.set(number, [value].flat());
    return values;
  }

  async numbersOf(values: readonly string[]): Promise<number[]> {
    if (values.length === 0) return [];
    const condition = this.several ? `list_has_any(value, ${list([...values])})` : oneOf("value", values);
    const result = await this.connection.runAndReadAll(
      `SELECT rowid::INTEGER + 1 FROM ${this.table} WHERE ${condition}`,
    );
    return result.getRows().map(([number]) => number as number);
  }
}
