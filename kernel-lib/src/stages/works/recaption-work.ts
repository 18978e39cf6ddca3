import type { Captioning } from "../../captions/captioning.js";
import { FIGURES_ONLY } from "../../dataset/figures-only.js";
import { keepPrompt } from "../../dataset/prompts.js";
import type { Reader, Selection } from "../../dataset/query.js";
import { triedCaptions } from "../../dataset/trials.js";
import { ItemError } from "../../errors.js";
import type { Recaption } from "../../model.js";
import { ONE_PROCESS, serversOf } from "../../rate-units.js";
import { recaptionStage } from "../recaption.js";
import { paperShards } from "../shards.js";
import type { StageWork } from "../work.js";
import { captionItems, quarantineName, type CaptionItem } from "./caption-items.js";
import { countFigures, figureLoads } from "./loads.js";

/** Figures captioned at the same time where the captioner does not say. */
export const CAPTIONS_AT_ONCE = 8;

export interface RecaptionWorkOptions extends Selection {
  /** Whether figures that failed at an earlier start, and would fail alike, are tried again. @default false */
  retryFailed?: boolean | undefined;
}

/**
 * Giving figures a new caption.
 * @param folder the dataset's
 * @param reader what trials have captioned is taken from it
 */
export async function recaptionWork(
  folder: string,
  reader: Reader,
  { captioner, ready, prompt, model }: Captioning,
  { retryFailed = false, ...selection }: RecaptionWorkOptions,
): Promise<StageWork<CaptionItem, Recaption, "recaption">> {
  const tried = await triedCaptions(reader, captioner.variant);
  const stage = recaptionStage<CaptionItem>(captioner);
  return {
    name: "recaption",
    stage: {
      ...stage,
      async run(item, context) {
        const known = tried.get(item.key);
        // Only here, so that work that has nothing left to do asks nobody.
        if (!known) await ready();
        const made = known ?? (await stage.run(item, context));
        if (prompt) await keepPrompt(folder, prompt);
        return made;
      },
    },
    shelf: captioner.variant,
    readsText: captioner.readsText,
    get concurrency() {
      return captioner.concurrency ?? CAPTIONS_AT_ONCE;
    },
    get basis() {
      return { stage: "recaption", by: captioner.variant, ...(model ? serversOf(model) : ONE_PROCESS) };
    },
    count: (reader) => countFigures(reader, selection, FIGURES_ONLY),
    shards: (reader, size) =>
      paperShards(figureLoads(reader, selection, FIGURES_ONLY), size, selection.limit),
    items: (reader, range) => captionItems(reader, folder, captioner, selection, range),
    file: ({ file }) => file,
    subject: (item) => quarantineName(item, captioner),
    isDone(item, failedWith) {
      if (item.key === item.known) return "done";
      return !retryFailed && item.key === failedWith ? "failed" : null;
    },
    outcome: (item, made) => ({
      entry: { key: item.key, recaption: made },
      settled: [{ of: quarantineName(item, captioner), lines: [], key: null }],
      reused: tried.has(item.key),
    }),
    failure(item, line, error) {
      const again = !(error instanceof ItemError) || error.transient;
      return [{ of: quarantineName(item, captioner), lines: [line], key: again ? null : item.key }];
    },
    predict: (item) => captioner.predict?.(item) ?? null,
    note: () => captioner.note?.(),
    close: () => Promise.resolve(),
  };
}
