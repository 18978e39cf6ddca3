import { join } from "node:path";
import { readQuarantine } from "../../dataset/quarantine.js";
import type { FigureRow, Selection } from "../../dataset/query.js";
import type { StoredPaper } from "../../dataset/schema.js";
import type { Dataset } from "../../dataset/store.js";
import type { QuarantineLine } from "../../model.js";
import { exportTo, type ExportOptions, type ExportResult } from "../export.js";
import { fetchPapers, type FetchOptions, type FetchResult, type FetchSelection } from "../fetch.js";
import { ingest, type IngestOptions, type IngestResult } from "../ingest.js";
import { summarise, type Summary } from "../overview.js";
import { asking } from "../work.js";

/** Papers brought in, what the dataset holds of them, and what is given out. */
export interface ContentVerbs {
  /**
   * Fetches papers' sources from arXiv and PubMed Central, see {@link fetchPapers}; read them with
   * `await lab.ingest(fetched.folder)`.
   * @param options `out` is where they go. @default the dataset's folder `sources`
   */
  fetch(selection: FetchSelection, options?: Partial<FetchOptions>): Promise<FetchResult>;

  /**
   * Reads papers: archives, single files, folders of them, or patterns such as `papers/*.tar.gz`. A paper that cannot
   * be read goes to the quarantine and its neighbours go on. A paper whose file is unchanged is not read again.
   */
  ingest(inputs: string | readonly string[], options?: IngestOptions): Promise<IngestResult>;

  /** Counts what the dataset holds. */
  summary(): Promise<Summary>;

  /**
   * Figures and tables with their paper's title, abstract, discipline, …, sorted by paper. Holds all of them: give a
   * condition or a limit on a large dataset.
   * @param selection an SQL condition such as `float = 'figure' AND len(panels) > 0`, or condition and limit
   * @throws {ConfigurationError} when the condition is not right; it names the columns
   */
  figures(selection?: string | Selection): Promise<FigureRow[]>;

  /** Papers with their paragraphs, sorted by id; see {@link figures}. */
  papers(selection?: string | Selection): Promise<StoredPaper[]>;

  /** What failed, why, and what to do about it; what later succeeded is no longer listed. */
  quarantine(): Promise<QuarantineLine[]>;

  /** Writes a JSON line for every figure and table, sorted by paper; the same dataset gives the same bytes. */
  export(file: string, options?: ExportOptions): Promise<ExportResult>;
}

export function contentVerbs(dataset: Dataset): ContentVerbs {
  const { folder } = dataset;
  return {
    fetch: (selection, options) => fetchPapers(selection, { out: join(folder, "sources"), ...options }),
    ingest: (inputs, options) => ingest(dataset, inputs, options),
    summary: () => summarise(folder),
    figures: (selection) => asking(folder, (reader) => collect(reader.figures(selectionOf(selection)))),
    papers: (selection) => asking(folder, (reader) => collect(reader.papers(selectionOf(selection)))),
    quarantine: () => readQuarantine(folder),
    export: (file, options) => exportTo(folder, file, options),
  };
}

function selectionOf(selection: string | Selection | undefined): Selection {
  return typeof selection === "string" ? { where: selection } : (selection ?? {});
}

async function collect<T>(rows: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const row of rows) all.push(row);
  return all;
}
