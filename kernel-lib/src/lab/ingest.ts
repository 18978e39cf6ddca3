import { availableParallelism } from "node:os";
import { withKnown } from "../dataset/known.js";
import type { Dataset } from "../dataset/store.js";
import type { Reader } from "../dataset/query.js";
import { ConfigurationError } from "../errors.js";
import { DISCIPLINES, type Discipline } from "../model.js";
import { checkLayoutReader, layoutChoice } from "../papers/pdf/layout-readers/ask.js";
import { DEFAULT_LAYOUT_LIMITS } from "../papers/pdf/layout-readers/http.js";
import { listSources, type SkippedSource, type Source } from "../papers/sources.js";
import { ingestStage, type Ingested, type IngestItem } from "../stages/ingest.js";
import { findSidecars, MetadataFile, type PaperMetadata } from "../stages/metadata.js";
import { DEFAULT_WORKER_LIMITS, inWorkers, type WorkerLimits } from "../stages/pool.js";
import { runStage } from "../stages/run-stage.js";
import { count, duration, saying } from "./summary.js";
import { doWork, type Work, type WorkOptions } from "./work.js";

export interface IngestOptions extends WorkOptions {
  /** What the papers are about, where neither their metadata nor they themselves are to be asked. */
  discipline?: Discipline;
  /**
   * A file with a JSON object per paper in the fields of arXiv's metadata snapshot (`id`, `title`, `abstract`,
   * `categories`, `license`, `doi`). @default `metadata.jsonl` beside the papers, where there is one
   */
  metadata?: string;
  /**
   * A running program that says where figures and tables stand on the pages of PDFs: `mineru=http://host:8000` or
   * `docling=http://host:5001`. Captions, texts and pictures are taken from the PDF itself as ever. The key that
   * docling-serve may ask for is taken from `FIGLOOM_LAYOUT_KEY`. @default `FIGLOOM_LAYOUT`, else our own reader
   */
  layout?: string;
  /** Papers read at the same time. @default the number of processors */
  jobs?: number;
}

export interface IngestResult {
  /** Papers that are in the dataset now, of those that were asked for. */
  papers: number;
  /** How many of them were there before and were not read again. */
  reused: number;
  /** Their figures; tables not counted. */
  figures: number;
  /** Inputs that could not be read; `lab.quarantine()` says why. */
  quarantined: number;
  seconds: number;
}

/** Reads papers into a dataset, see `Lab.ingest`. */
export async function ingest(
  dataset: Dataset,
  inputs: string | readonly string[],
  options: IngestOptions = {},
): Promise<IngestResult> {
  const { discipline = null, jobs = availableParallelism() } = options;
  if (discipline !== null && !DISCIPLINES.includes(discipline))
    throw new ConfigurationError(
      `"${String(discipline)}" is no discipline; take one of ${DISCIPLINES.join(", ")}.`,
    );
  if (!Number.isInteger(jobs) || jobs < 1)
    throw new ConfigurationError(`The number of jobs is a whole number from 1, not ${jobs}.`);
  const layout = options.layout ?? (process.env.FIGLOOM_LAYOUT || null);
  const layoutReader = layout === null ? null : layoutChoice(layout);
  const { sources, skipped } = await listSources(typeof inputs === "string" ? [inputs] : inputs);
  const ingestAll = async (work: Work) => {
    const { signal } = work;
    if (layoutReader) await checkLayoutReader(layoutReader, signal);
    const metadata = await searchMetadata(sources, options.metadata);
    return dataset.write({ stage: "ingest", stage_version: ingestStage.version }, async (writer) => {
      for (const source of skipped) await writer.quarantine.settle(source.path, [skippedLine(source)]);
      const stage = inWorkers(ingestStage, {
        jobs: Math.min(jobs, Math.max(1, sources.length)),
        limits: layoutReader ? PATIENT_LIMITS : DEFAULT_WORKER_LIMITS,
      });
      const reader = await dataset.read(signal);
      let figures = 0;
      const isFigure = ({ float }: { float: string }) => float === "figure";
      try {
        const items = ingestItems(reader, sources, async (source) => ({
          ...source,
          dataset: dataset.folder,
          discipline,
          layout,
          metadata: await metadataAbout(metadata, source.paper_id),
        }));
        const { done, failed, reused, seconds } = await runStage<KnownItem, Ingested | null>(stage, items, {
          concurrency: jobs,
          ...work,
          total: sources.length,
          file: ({ path }) => path,
          async keep(item, ingested) {
            if (!ingested) {
              figures += item.knownFigures;
              return false;
            }
            await writer.append(ingested.entry);
            await writer.quarantine.settle(item.paper_id, ingested.problems);
            await writer.quarantine.settle(item.path, []);
            figures += ingested.entry.figures.filter(isFigure).length;
            return true;
          },
          refuse: ({ paper_id }, line) => writer.quarantine.settle(paper_id, [line]),
        });
        const result = {
          papers: done + reused,
          reused,
          figures,
          quarantined: failed + skipped.length,
          seconds,
        };
        return saying(result, ingestText(result));
      } finally {
        reader.close();
        await stage.close();
        for (const file of metadata) await file.close();
      }
    });
  };
  const title = `ingest ${count(sources.length, "paper")}`;
  return doWork(options, ingestAll, { verb: "ingest", title, dataset: dataset.folder });
}

/** With the time that a layout reader may take. */
const PATIENT_LIMITS: WorkerLimits = {
  ...DEFAULT_WORKER_LIMITS,
  seconds: DEFAULT_WORKER_LIMITS.seconds + DEFAULT_LAYOUT_LIMITS.seconds,
};

function ingestText({ papers, reused, figures, quarantined, seconds }: IngestResult): string {
  const before = reused > 0 ? ` (${reused} read before)` : "";
  return `${count(papers, "paper")}${before}, ${count(figures, "figure")}, ${quarantined} quarantined in ${duration(seconds)}`;
}

type KnownItem = IngestItem & { knownFigures: number };

/** The papers with what the dataset has of them. */
async function* ingestItems(
  reader: Reader,
  sources: readonly Source[],
  itemOf: (source: Source) => Promise<Omit<IngestItem, "known">>,
): AsyncGenerator<KnownItem> {
  for await (const { paper, known } of withKnown(reader, sources))
    yield { ...(await itemOf(paper)), known: known?.result_key ?? null, knownFigures: known?.figures ?? 0 };
}

/** Searches the user's metadata file, or those that lie beside the papers. */
async function searchMetadata(sources: readonly Source[], file: string | undefined): Promise<MetadataFile[]> {
  const paths = file === undefined ? findSidecars(sources.map(({ path }) => path)) : [file];
  const files: MetadataFile[] = [];
  for (const path of paths)
    files.push(
      await MetadataFile.search(
        path,
        sources.map(({ paper_id }) => paper_id),
      ),
    );
  return files;
}

async function metadataAbout(
  files: readonly MetadataFile[],
  paper_id: string,
): Promise<PaperMetadata | null> {
  for (const file of files) {
    const found = await file.about(paper_id);
    if (found) return found;
  }
  return null;
}

function skippedLine({ paper_id, path, reason, message, way_out }: SkippedSource) {
  return { stage: "ingest", item: paper_id, file: path, reason, message, way_out, raw: null };
}
