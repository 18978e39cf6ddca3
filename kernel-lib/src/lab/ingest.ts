import { availableParallelism } from "node:os";
import type { Dataset } from "../dataset/store.js";
import { ConfigurationError } from "../errors.js";
import { DISCIPLINES, type Discipline } from "../model.js";
import { layoutChoice } from "../papers/pdf/layout-readers/ask.js";
import { listSources } from "../papers/sources.js";
import { searchMetadata } from "../stages/metadata.js";
import { runStage } from "../stages/run-stage.js";
import { ingestWork } from "../stages/works/ingest-work.js";
import { listedSources } from "../stages/works/sources.js";
import { inCell } from "./in-cell.js";
import { count, duration, saying } from "./summary.js";
import { doWork, type Work, type WorkOptions } from "./work.js";

/** How papers are read. */
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

/** What `Lab.ingest` read, found there already, and could not read. */
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
  if (layout !== null) layoutChoice(layout);
  const list = await listSources(typeof inputs === "string" ? [inputs] : inputs);
  const ingestAll = async (how: Work) => {
    const metadata = await searchMetadata(list.sources, options.metadata ?? null);
    const work = ingestWork(dataset.folder, listedSources(list, metadata), { discipline, layout, jobs });
    const about = { stage: "ingest", stage_version: work.stage.version } as const;
    try {
      return await dataset.write(
        about,
        async (writer) => {
          const reader = await dataset.read(how.signal);
          let figures = 0;
          const { keep, ...storing } = inCell(work, writer);
          try {
            const { done, failed, reused, seconds } = await runStage(work.stage, work.items(reader), {
              ...storing,
              ...how,
              total: await work.count(reader),
              async keep(item, ingested) {
                const isNew = await keep(item, ingested);
                figures += ingested?.entry.figures.filter(isFigure).length ?? item.knownFigures;
                return isNew;
              },
            });
            const result = {
              papers: done + reused,
              reused,
              figures,
              quarantined: failed,
              seconds,
            };
            return saying(result, ingestText(result));
          } finally {
            reader.close();
          }
        },
        how.signal,
      );
    } finally {
      await work.close();
    }
  };
  const title = `ingest ${count(list.sources.length, "paper")}`;
  return doWork(options, ingestAll, { verb: "ingest", title, dataset: dataset.folder });
}

const isFigure = ({ float }: { float: string }): boolean => float === "figure";

function ingestText({ papers, reused, figures, quarantined, seconds }: IngestResult): string {
  const before = reused > 0 ? ` (${reused} read before)` : "";
  return `${count(papers, "paper")}${before}, ${count(figures, "figure")}, ${quarantined} quarantined in ${duration(seconds)}`;
}
