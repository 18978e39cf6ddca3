import type { Prompt } from "../../captions/prompts/prompt.js";
import type { VisionModel } from "../../captions/vision-model.js";
import { vllm } from "../../captions/vllm/vllm.js";
import type { Dataset } from "../../dataset/store.js";
import { inNotebook, markShown, show } from "../../kernel/display.js";
import { currentCell } from "../../kernel/state.js";
import { matrixBundle } from "../show.js";
import { count, duration, saying } from "../summary.js";
import { doWork, type WorkOptions } from "../work.js";
import { liveView, type LiveView } from "./live.js";
import type { Trial } from "./trial.js";
import { tryPrompts, type TrialOptions, type Tried } from "./try-prompts.js";

/** What prompts are tried on, and which models answer. */
export interface TuneOptions extends WorkOptions, TrialOptions {
  /** The model, or models, to ask. @default `vllm()`: that of the servers in FIGLOOM_ENDPOINTS */
  on?: VisionModel | readonly VisionModel[];
}

/** Tries prompts on a sample of figures, see `Lab.tune`. */
export async function tune(
  dataset: Dataset,
  prompts: readonly (string | Prompt)[],
  options: TuneOptions = {},
): Promise<Trial> {
  if (options.on !== undefined)
    return tuneOn([options.on].flat() as readonly VisionModel[], dataset, prompts, options);
  const own = vllm();
  try {
    return await tuneOn([own], dataset, prompts, options);
  } finally {
    await own.close();
  }
}

async function tuneOn(
  models: readonly VisionModel[],
  dataset: Dataset,
  prompts: readonly (string | Prompt)[],
  options: TuneOptions,
): Promise<Trial> {
  const { trial } = await doWork(
    options,
    async (work) => {
      const started = performance.now();
      const cell = currentCell();
      let live: LiveView | null = null;
      try {
        const tried = await tryPrompts(dataset, prompts, models, options, {
          ...work,
          onOpen(open) {
            if (!inNotebook()) return;
            const view = liveView(show, () => matrixBundle(open.view()), open.isFollowed);
            open.onChange(view.changed);
            live = view;
          },
        });
        const { shown } = (live ?? {}) as Partial<LiveView>;
        if (shown && cell) tried.trial.shownUnder(cell, shown);
        return saying(
          { trial: tried.trial, quarantined: tried.trial.failures.length },
          headline(tried, started),
        );
      } finally {
        (live as LiveView | null)?.end();
      }
    },
    {
      ...{ verb: "tune", title: titleOf(prompts), dataset: dataset.folder },
      ...{ why: "trial.failures", models, prices: options.budget?.prices ?? {} },
    },
  );
  if (inNotebook()) markShown(trial);
  return trial;
}

/** What a trial is called as work. */
export const titleOf = (prompts: readonly (string | Prompt)[]): string =>
  `try ${prompts.map((prompt) => (typeof prompt === "string" ? prompt : prompt.id)).join(", ")}`;

/** What came of a trial, in one line. */
export function headline({ trial, reused, stopped }: Tried, started: number): string {
  const [captions, failed] = [trial.captions.length, trial.failures.length];
  const seconds = (performance.now() - started) / 1000;
  return [
    `${count(captions, "caption")}${reused > 0 ? ` (${reused} made before)` : ""}`,
    `${failed} failed in ${duration(seconds)}${stopped === undefined ? "" : `; stopped: ${stopped}`}`,
  ].join(", ");
}
