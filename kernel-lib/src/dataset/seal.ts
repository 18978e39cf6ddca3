import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { openDuckDB } from "./duckdb.js";
import { clearPartials, commitFile, ownPartial } from "../disk/files.js";
import type { StageName, TableName } from "./schema.js";
import { TABLES } from "./schema.js";
import { ledgerRows, literal } from "./sql.js";

/** A row group is gathered in memory; rows of papers are long. */
const ROW_GROUP_BYTES = 32 * 2 ** 20;
/** Each takes memory for twice the longest line that there may be: 64 MiB. */
const THREADS = "1";

/**
 * Writes a run's ledgers as Parquet (zstd), one file per table, each whole or not at all. For the holder of the dataset's
 * lock.
 * @returns the files that have rows
 */
export async function sealTables(
  folder: string,
  { run, stage }: { run: string; stage: StageName },
  ledgers: string[],
  files: Partial<Record<TableName, string>>,
): Promise<Partial<Record<TableName, string>>> {
  const written: Partial<Record<TableName, string>> = {};
  if (ledgers.length === 0) return written;
  const instance = await openDuckDB({ threads: THREADS, preserve_insertion_order: "false" });
  try {
    const connection = await instance.connect();
    for (const [table, file] of Object.entries(files) as [TableName, string][]) {
      const path = join(folder, file);
      await mkdir(dirname(path), { recursive: true });
      await clearPartials(path);
      const draft = ownPartial(path);
      const columns = Object.keys(TABLES[table])
        .map((name) => `"${name}"`)
        .join(", ");
      const rows = ledgerRows(table, stage, run, ledgers, { live: false });
      const result = await connection.run(
        `COPY (SELECT ${columns} FROM (${rows})) TO ${literal(draft)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE_BYTES ${ROW_GROUP_BYTES})`,
      );
      await commitFile(draft, path);
      if (result.rowsChanged > 0) written[table] = file;
    }
  } finally {
    instance.closeSync();
  }
  return written;
}
