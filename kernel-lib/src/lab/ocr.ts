import type { Dataset } from "../dataset/store.js";
import { readerOf, type AskedReader } from "../ocr/spec.js";
import { ocrWork } from "../stages/works/ocr-work.js";
import { workAll } from "./in-cell.js";
import { count, duration, saying } from "./summary.js";
import { doWork, type Work, type WorkOptions } from "./work.js";

/** What reads the text, and on which pictures. */
export interface OcrOptions extends WorkOptions {
  /** An SQL condition over the figures' columns. */
  where?: string;
  /** At most so many figures and tables. */
  limit?: number;
  /** What reads: a reader, the name of one, or what makes one anew. @default "tesseract", with its packaged English data */
  reader?: AskedReader;
  /** Pictures that Tesseract reads at the same time. @default as many as there are processors */
  jobs?: number;
  /** Whether pictures are tried again that this reader could not read. @default false */
  retryFailed?: boolean;
}

/** What `Lab.ocr` did. */
export interface OcrResult {
  /** Who read. */
  reader: string;
  /** Pictures read now. */
  made: number;
  /** Pictures whose text was known: read before, or the PDF's own. */
  reused: number;
  /** Pictures that could not be read; `lab.quarantine()` says why. */
  quarantined: number;
  seconds: number;
}

/** Reads the text on pictures, see `Lab.ocr`. */
export async function ocr(dataset: Dataset, options: OcrOptions = {}): Promise<OcrResult> {
  const { where, limit, retryFailed } = options;
  const reader = readerOf(options.reader ?? "tesseract", { jobs: options.jobs });
  const readAll = async (work: Work) => {
    await reader.ready?.({ signal: work.signal, folder: dataset.folder });
    const { id } = reader;
    const reading = ocrWork(dataset.folder, reader, { where, limit, retryFailed });
    const { done, reused, failed, seconds } = await workAll(dataset, reading, work);
    const result = { reader: id, made: done, reused, quarantined: failed, seconds };
    return saying(result, ocrText(result));
  };
  return doWork(options, readAll, { verb: "ocr", dataset: dataset.folder });
}

function ocrText({ made, reused, quarantined, seconds }: OcrResult): string {
  const before = reused > 0 ? ` (the text of ${reused} was known)` : "";
  return `${count(made, "picture")} read${before}, ${quarantined} quarantined in ${duration(seconds)}`;
}
