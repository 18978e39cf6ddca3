import { tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import type * as DuckDB from "@duckdb/node-api";
import { lazily } from "../lazily.js";

/** Takes longer to load than any other package, and workers that compute never ask for it. */
export const duckdb = lazily<typeof DuckDB>("@duckdb/node-api");

/** Bytes; DuckDB's own choice is most of the machine's memory, for each instance. */
const MEMORY_LIMIT = Math.min(2 * 2 ** 30, Math.floor(totalmem() / 4));

/**
 * An empty DuckDB in memory that loads nothing from elsewhere. What needs more than 2 GiB, or a quarter of a small machine's
 * memory, goes to temporary files.
 */
export function openDuckDB(options: Record<string, string> = {}): Promise<DuckDB.DuckDBInstance> {
  return duckdb().DuckDBInstance.create(":memory:", {
    memory_limit: `${MEMORY_LIMIT}B`,
    temp_directory: join(tmpdir(), `figloom-${process.pid}`),
    autoinstall_known_extensions: "false",
    autoload_known_extensions: "false",
    ...options,
  });
}
