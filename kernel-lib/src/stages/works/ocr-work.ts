import { PICTURED } from "../../dataset/figures-only.js";
import type { Selection } from "../../dataset/query.js";
import { ItemError } from "../../errors.js";
import type { PictureText } from "../../model.js";
import type { TextReader } from "../../ocr/reader.js";
import { ONE_PROCESS } from "../../rate-units.js";
import { ocrStage } from "../ocr.js";
import { paperShards } from "../shards.js";
import type { StageWork } from "../work.js";
import { countFigures, figureLoads } from "./loads.js";
import { ocrItems, type OcrItem } from "./ocr-items.js";

export interface OcrWorkOptions extends Selection {
  /** Whether pictures are tried again that this reader could not read. @default false */
  retryFailed?: boolean | undefined;
}

/**
 * Reading the text on the pictures of figures and tables.
 * @param folder the dataset's
 * @param by what reads; its id is known
 */
export function ocrWork(
  folder: string,
  by: TextReader,
  { retryFailed = false, ...selection }: OcrWorkOptions,
): StageWork<OcrItem, PictureText, "ocr"> {
  const stage = ocrStage<OcrItem>(folder, by);
  return {
    name: "ocr",
    stage: {
      ...stage,
      async run(item, context) {
        // Only here, so that work that has nothing left to do asks nobody.
        await by.ready?.({ signal: context.signal, folder });
        return stage.run(item, context);
      },
    },
    shelf: by.id,
    get concurrency() {
      return by.concurrency ?? 1;
    },
    get basis() {
      return { stage: "ocr", by: by.id, ...(by.runsOn ?? ONE_PROCESS) };
    },
    count: (reader) => countFigures(reader, selection, PICTURED),
    shards: (reader, size) => paperShards(figureLoads(reader, selection, PICTURED), size, selection.limit),
    items: (reader, range) => ocrItems(reader, by, selection, range),
    file: ({ file }) => file,
    subject: stage.key,
    isDone({ key, isRead }, failedWith) {
      if (isRead) return "done";
      return !retryFailed && key === failedWith ? "failed" : null;
    },
    outcome: (item, picture_text) => ({
      entry: { key: item.key, picture_text },
      settled: [{ of: stage.key(item), lines: [], key: null }],
      reused: false,
    }),
    failure(item, line, error) {
      const again = !(error instanceof ItemError) || error.transient;
      return [{ of: stage.key(item), lines: [line], key: again ? null : item.key }];
    },
    close: () => by.close(),
  };
}
