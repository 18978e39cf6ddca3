import type { CaptionInput, Captioner } from "../captions/captioner.js";
import { extractive } from "../captions/extractive.js";
import { within } from "../dataset/files.js";
import { recaptionKey } from "../dataset/keys.js";
import type { FigureRow, Reader } from "../dataset/query.js";
import type { Dataset } from "../dataset/store.js";
import { RECAPTION_VERSION, recaptionStage } from "../stages/recaption.js";
import { runStage } from "../stages/run-stage.js";
import { FIGURES_ONLY } from "./selections.js";
import { count, duration, saying } from "./summary.js";
import { doWork, type WorkOptions } from "./work.js";

export interface RecaptionOptions extends WorkOptions {
  /** What makes the captions. @default the extractive baseline */
  captioner?: Captioner;
  /** An SQL condition over the figures' columns, e.g. `discipline = 'Astronomy'`. */
  where?: string;
  /** At most so many figures. */
  limit?: number;
}

export interface RecaptionResult {
  /** Name that the captions are kept under. */
  variant: string;
  /** Captions made now. */
  made: number;
  /** Captions that were there before. */
  reused: number;
  /** Figures that no caption could be made for; `lab.quarantine()` says why. */
  quarantined: number;
  seconds: number;
}

interface Item extends CaptionInput {
  file: string;
  key: string;
  /** Key of the caption that is there. */
  known: string | null;
}

/** Figures captioned at the same time. */
const CONCURRENCY = 8;

/** Gives figures new captions, see `Lab.recaption`. */
export function recaption(dataset: Dataset, options: RecaptionOptions = {}): Promise<RecaptionResult> {
  const { captioner = extractive(), where, limit } = options;
  const { variant } = captioner;
  return doWork(options, ({ signal, onProgress }) =>
    dataset.write(
      { stage: "recaption", stage_version: RECAPTION_VERSION, shelf: variant },
      async (writer) => {
        const reader = await dataset.read(signal);
        try {
          const all = await reader.count("figures", { where, only: FIGURES_ONLY });
          const { done, failed, reused, seconds } = await runStage(
            recaptionStage<Item>(captioner),
            captionItems(reader, dataset.folder, captioner, { where, limit }),
            {
              concurrency: CONCURRENCY,
              signal,
              onProgress,
              total: Math.min(all, limit ?? Infinity),
              file: (item) => item.file,
              isDone: (item) => item.key === item.known,
              async keep({ key, figure }, made) {
                await writer.append({ key, recaption: made });
                await writer.quarantine.settle(figure.figure_id, []);
                return true;
              },
              refuse: ({ figure }, line) => writer.quarantine.settle(figure.figure_id, [line]),
            },
          );
          const result = { variant, made: done, reused, quarantined: failed, seconds };
          return saying(result, recaptionText(result));
        } finally {
          reader.close();
        }
      },
    ),
  );
}

function recaptionText({ variant, made, reused, quarantined, seconds }: RecaptionResult): string {
  const before = reused > 0 ? ` (and ${reused} made before)` : "";
  return `${count(made, "caption")} "${variant}"${before}, ${quarantined} quarantined in ${duration(seconds)}`;
}

async function* captionItems(
  reader: Reader,
  folder: string,
  captioner: Captioner,
  { where, limit }: { where?: string | undefined; limit?: number | undefined },
): AsyncGenerator<Item> {
  const rows = reader.figures<FigureRow & { known: string | null }>({
    where,
    limit,
    only: FIGURES_ONLY,
    also: `(SELECT result_key FROM recaptions AS r WHERE r.figure_id = figures.figure_id AND variant = $1) AS known`,
    parameters: [captioner.variant],
  });
  for await (const figure of rows) {
    const paper = {
      paper_id: figure.paper_id,
      title: figure.title,
      abstract: figure.abstract,
      discipline: figure.discipline,
    };
    const key = recaptionKey(figure, paper, captioner);
    const image = figure.image_path && within(folder, figure.image_path);
    yield { figure, paper, image, file: figure.source, key, known: figure.known };
  }
}
