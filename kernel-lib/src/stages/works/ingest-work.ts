import { withKnown } from "../../dataset/known.js";
import type { Reader } from "../../dataset/query.js";
import { ItemError } from "../../errors.js";
import type { SourceList } from "../../papers/sources.js";
import type { Discipline } from "../../model.js";
import { checkLayoutReader, layoutChoice } from "../../papers/pdf/layout-readers/ask.js";
import { DEFAULT_LAYOUT_LIMITS } from "../../papers/pdf/layout-readers/http.js";
import { ingestStage, type Ingested, type IngestItem } from "../ingest.js";
import { DEFAULT_WORKER_LIMITS, inWorkers, type PooledStage, type WorkerLimits } from "../pool.js";
import type { ShardRange, StageWork } from "../work.js";
import { inOrder, type ListedSource, type Sources } from "./sources.js";

/** A paper to be read, or an input that cannot be one, and how many figures the dataset has of it. */
export type KnownItem = IngestItem & Pick<ListedSource, "skipped"> & { knownFigures: number };

export interface IngestWorkOptions {
  discipline: Discipline | null;
  /** As in `IngestOptions.layout`. */
  layout: string | null;
  /** Papers read at the same time, in threads of their own. */
  jobs: number;
}

/** With the time that a layout reader may take. */
const PATIENT_LIMITS: WorkerLimits = {
  ...DEFAULT_WORKER_LIMITS,
  seconds: DEFAULT_WORKER_LIMITS.seconds + DEFAULT_LAYOUT_LIMITS.seconds,
};

/**
 * Reading papers into a dataset.
 * @param folder the dataset's
 * @throws {ConfigurationError} for a layout reader that is none; its first paper, for one that does not answer
 */
export function ingestWork(
  folder: string,
  sources: Sources,
  { discipline, layout, jobs }: IngestWorkOptions,
): StageWork<KnownItem, Ingested | null, "ingest"> {
  const layoutReader = layout === null ? null : layoutChoice(layout);
  let threads: Promise<PooledStage<KnownItem, Ingested | null>> | undefined;
  // Where there is nothing to read, as in planning, there are no threads.
  const started = (signal: AbortSignal) =>
    (threads ??= (async () => {
      if (layoutReader) await checkLayoutReader(layoutReader, signal);
      return inWorkers<KnownItem, Ingested | null>(ingestStage, {
        jobs: Math.min(jobs, Math.max(1, await sources.count())),
        limits: layoutReader ? PATIENT_LIMITS : DEFAULT_WORKER_LIMITS,
      });
    })().catch((error: unknown) => {
      // Whose paper was first may have been told to stop, and others go on.
      threads = undefined;
      throw error;
    }));
  return {
    name: "ingest",
    stage: {
      ...ingestStage,
      key: nameOf,
      async run(item, context) {
        if (item.skipped) throw skippedError(item.skipped);
        return (await started(context.signal)).run(item, context);
      },
    },
    shelf: null,
    concurrency: jobs,
    basis: { stage: "ingest", by: layoutReader?.protocol.name ?? null, unit: "processor", units: jobs },
    count: () => sources.count(),
    shards: (_, size) => sources.shards(size),
    async *items(reader, range) {
      for await (const { paper, known } of knownSources(reader, sources, range))
        yield {
          ...{ paper_id: paper.paper_id, path: paper.path, pdf: paper.pdf, skipped: paper.skipped },
          ...{ dataset: folder, discipline, layout },
          metadata: await sources.metadataOf(paper),
          known: known?.result_key ?? null,
          knownFigures: known?.figures ?? 0,
        };
    },
    file: ({ path }) => path,
    subject: nameOf,
    // Whether a paper's file has changed is seen when it is opened.
    isDone: () => null,
    outcome: ({ paper_id, path }, ingested) =>
      ingested
        ? {
            entry: ingested.entry,
            settled: [
              { of: paper_id, lines: ingested.problems, key: null },
              { of: path, lines: [], key: null },
            ],
            reused: false,
          }
        : { entry: null, settled: [], reused: true },
    failure: (item, line) => [{ of: nameOf(item), lines: [{ ...line, item: item.paper_id }], key: null }],
    async close() {
      await (await threads?.catch(() => undefined))?.close();
      await sources.close();
    },
  };
}

/** An input that is skipped may have the id of one that is not. */
const nameOf = ({ paper_id, path, skipped }: KnownItem): string => (skipped ? path : paper_id);

const skippedError = ({ reason, message, way_out }: NonNullable<ListedSource["skipped"]>): ItemError =>
  new ItemError({ reason, message, wayOut: way_out });

/**
 * How many of the inputs are papers that the dataset knows nothing of. Whether one that it knows has changed is seen when
 * it is read.
 */
export async function newPapersIn(reader: Reader, list: SourceList): Promise<number> {
  let count = 0;
  for await (const { paper, known } of withKnown(reader, inOrder(list)))
    if (!known && !paper.skipped) count++;
  return count;
}

/** The papers with what the dataset has of them. A shard's are held, so that only what the dataset has of those is read. */
async function* knownSources(reader: Reader, sources: Sources, range: ShardRange | undefined) {
  if (range === undefined) return yield* withKnown(reader, sources.read());
  if (!("start" in range)) throw new Error("A shard of an ingest is a range of bytes.");
  const papers: ListedSource[] = [];
  for await (const source of sources.read(range)) papers.push(source);
  const [first, last] = [papers.at(0), papers.at(-1)];
  if (first && last) yield* withKnown(reader, papers, { first: first.paper_id, last: last.paper_id });
}
