import type { Prompt } from "../../captions/prompts/prompt.js";
import { keptPrompts, type KeptPrompt } from "../../dataset/prompts.js";
import type { Dataset } from "../../dataset/store.js";
import { estimate, type Estimate, type EstimateOptions } from "../estimate.js";
import { recaption, type RecaptionOptions, type RecaptionResult } from "../recaption.js";
import type { Trial } from "../tune/trial.js";
import { tune, type TuneOptions } from "../tune/tune.js";

/** New captions, what they would take, and the prompts that make them. */
export interface CaptionVerbs {
  /**
   * Makes new captions, beside the raw ones. Figures whose caption would be the same again are passed over, and those
   * that failed and would fail alike.
   *
   * ```ts
   * await lab.recaption({ prompt: "context", on: vllm(), budget: { tokens: 5e6 } });
   * ```
   * @throws {ConfigurationError} when the servers cannot do it, or an option is none
   */
  recaption(options?: RecaptionOptions): Promise<RecaptionResult>;

  /**
   * Says what recaptioning would take, beyond what is done: tokens, hours, GPU-hours, cost. Questions are predicted, on a
   * large dataset from 2,000 figures; some figures are asked about to see what answers take, and their captions are kept
   * as {@link recaption} keeps them. With `calibrate: 0` nothing is asked, and no hours are known.
   *
   * ```ts
   * await lab.estimate({ prompt, on: vllm(), prices: { gpus: 8, gpuHour: 2.5 } });
   * ```
   * @throws {ConfigurationError} for a wrong condition, price or number, or servers that cannot be used like this
   */
  estimate(options: EstimateOptions): Promise<Estimate>;

  /**
   * Tries prompts on a sample of figures, side by side: captions appear as they are written, with what differs in them and
   * what they are worth; the trial that comes of it compares prompts and keeps the better one. Every answer is kept in the
   * dataset's table `trials`, so that the same call asks only what changed and what failed. Scores are worked out each time.
   *
   * ```ts
   * const trial = await lab.tune([context, terse], { sample: 12, seed: 7 });
   * trial.compare(context, terse); // differences with a 95 % interval
   * await trial.keep(terse); // prompts/terse.md, with the trial on record
   * ```
   * @param prompts from `loadPrompt`, or what it takes: paths, or names of shipped prompts
   * @throws {ConfigurationError} when there is no figure with a picture, or the servers cannot be used like this
   */
  tune(prompts: readonly (string | Prompt)[], options?: TuneOptions): Promise<Trial>;

  /** The prompts that captions were made by, with their texts; `prompt_hash` of a caption says which. */
  prompts(): Promise<KeptPrompt[]>;
}

export const captionVerbs = (dataset: Dataset): CaptionVerbs => ({
  recaption: (options) => recaption(dataset, options),
  estimate: (options) => estimate(dataset, options),
  tune: (prompts, options) => tune(dataset, prompts, options),
  prompts: () => keptPrompts(dataset.folder),
});
