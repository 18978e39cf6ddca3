import { mkdir } from "node:fs/promises";
import type { DuckDBAppender, DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { duckdb, openDuckDB } from "../dataset/duckdb.js";
import { commitFile, partial } from "../disk/files.js";
import { literal } from "../dataset/sql.js";
import { mapsFolder, rowsPath } from "../dataset/maps.js";

/** A figure's place. */
export interface MapRow {
  figure_id: string;
  /** The ingest run that the figure is of: one that was read again is placed again. */
  figure_run: string;
  /** `null` without a place. */
  x: number | null;
  y: number | null;
  /** What the layout was worked out from, `null` for figures that were placed in it. */
  components: Float32Array | null;
}

const COLUMNS =
  "map VARCHAR, made VARCHAR, figure_id VARCHAR, figure_run VARCHAR, x FLOAT, y FLOAT, components FLOAT[]";

/** Gathers a map's rows and writes them as one Parquet file, whole or not at all. Close it when done. */
export class RowWriter {
  private constructor(
    private readonly folder: string,
    private readonly name: string,
    private readonly made: string,
    private readonly instance: DuckDBInstance,
    private readonly connection: DuckDBConnection,
    private readonly appender: DuckDBAppender,
  ) {}

  static async open(folder: string, name: string, made: string): Promise<RowWriter> {
    const instance = await openDuckDB({ threads: "1" });
    const connection = await instance.connect();
    await connection.run(`CREATE TABLE rows (${COLUMNS})`);
    return new RowWriter(folder, name, made, instance, connection, await connection.createAppender("rows"));
  }

  add({ figure_id, figure_run, x, y, components }: MapRow): void {
    const { appender } = this;
    for (const text of [this.name, this.made, figure_id, figure_run]) appender.appendVarchar(text);
    for (const value of [x, y]) {
      if (value === null) appender.appendNull();
      else appender.appendFloat(value);
    }
    if (components) appender.appendList([...components], duckdb().LIST(duckdb().FLOAT));
    else appender.appendNull();
    appender.endRow();
  }

  /**
   * Writes the file.
   * @param earlier whether rows that stand there already are kept, but for those of figures that were added again
   */
  async finish({ earlier }: { earlier: boolean }): Promise<void> {
    this.appender.closeSync();
    await mkdir(mapsFolder(this.folder), { recursive: true });
    const path = rowsPath(this.folder, this.name);
    const kept = `SELECT * REPLACE (${literal(this.made)} AS made) FROM read_parquet(${literal(path)})
      WHERE figure_id NOT IN (SELECT figure_id FROM rows)`;
    const rows = earlier ? `${kept} UNION ALL SELECT * FROM rows` : "SELECT * FROM rows";
    await this.connection.run(
      `COPY (${rows}) TO ${literal(partial(path))} (FORMAT parquet, COMPRESSION zstd)`,
    );
    await commitFile(partial(path), path);
  }

  close(): void {
    this.connection.closeSync();
    this.instance.closeSync();
  }
}
