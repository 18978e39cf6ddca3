import type { Dataset } from "../dataset/store.js";
import { ItemError } from "../errors.js";
import type { TextReader } from "../ocr/reader.js";
import { readerOf, type AskedReader } from "../ocr/spec.js";
import { countOcrItems, ocrItems, ocrStage } from "../stages/ocr.js";
import { runStage } from "../stages/run-stage.js";
import type { Progress } from "../stages/stage.js";
import { count, duration, saying } from "./summary.js";
import { doWork, type Work, type WorkOptions } from "./work.js";

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
  const reader = readerOf(options.reader ?? "tesseract", { jobs: options.jobs });
  const readAll = async (work: Work) => {
    await reader.ready?.({ signal: work.signal, folder: dataset.folder });
    const { id } = reader;
    const { done, reused, failed, seconds } = await read(dataset, reader, options, work);
    const result = { reader: id, made: done, reused, quarantined: failed, seconds };
    return saying(result, ocrText(result));
  };
  return doWork(options, readAll, { verb: "ocr", dataset: dataset.folder });
}

function ocrText({ made, reused, quarantined, seconds }: OcrResult): string {
  const before = reused > 0 ? ` (the text of ${reused} was known)` : "";
  return `${count(made, "picture")} read${before}, ${quarantined} quarantined in ${duration(seconds)}`;
}

function read(
  dataset: Dataset,
  by: TextReader,
  { where, limit, retryFailed = false }: OcrOptions,
  work: Work,
): Promise<Progress> {
  const stage = ocrStage(dataset.folder, by);
  const about = { stage: "ocr", stage_version: stage.version, shelf: by.id } as const;
  return dataset.write(
    about,
    async ({ append, quarantine }) => {
      const reader = await dataset.read(work.signal);
      try {
        return await runStage(stage, ocrItems(reader, by, { where, limit }), {
          concurrency: by.concurrency ?? 1,
          ...work,
          total: await countOcrItems(reader, { where, limit }),
          file: ({ source }) => source,
          isDone({ figure_id, key, isRead }) {
            if (isRead) return "done";
            return !retryFailed && quarantine.failedWith(figure_id) === key ? "failed" : null;
          },
          async keep({ figure_id, key }, picture_text) {
            await append({ key, picture_text });
            await quarantine.settle(figure_id, []);
            return true;
          },
          refuse: ({ figure_id, key }, line, error) =>
            quarantine.settle(figure_id, [line], error instanceof ItemError && !error.transient ? key : null),
        });
      } finally {
        reader.close();
        await by.close();
      }
    },
    work.signal,
  );
}
