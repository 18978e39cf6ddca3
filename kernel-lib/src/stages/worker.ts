/** The entry of a worker thread: ingests one paper at a time. */
import { ConfigurationError } from "../errors.js";
import { quarantineLine } from "./quarantine-line.js";
import { ingestStage, type IngestItem, type Ingested } from "./ingest.js";
import type { WorkerAnswer } from "./pool.js";

export default async function work(item: IngestItem): Promise<WorkerAnswer<Ingested | null>> {
  try {
    // A cancelled or overlong item ends with its thread, so nothing aborts this signal.
    return { result: await ingestStage.run(item, { signal: new AbortController().signal }) };
  } catch (error) {
    if (error instanceof ConfigurationError) return { stop: error.message };
    const { reason, message, way_out, raw } = quarantineLine("ingest", item.paper_id, item.path, error);
    return { problem: { reason, message, wayOut: way_out, raw } };
  }
}
