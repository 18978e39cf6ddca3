import {
  LinkError,
  TRIALS_TARGET,
  type CaptionVerdict,
  type Judged,
  type Link,
  type MatrixPrompt,
  type TrialEvents,
  type TrialMethods,
} from "figloom/views";
import type { DrawContext } from "../common/context.js";

export type TrialLink = Link<TrialMethods, TrialEvents>;

/** A line to the kernel that knows the trials of a dataset; `null` for an output without one. */
export function trialLink(context: DrawContext, dataset: string | null): TrialLink | null {
  return dataset === null ? null : context.connect<TrialMethods, TrialEvents>(TRIALS_TARGET, { dataset });
}

/** What a person thinks of the captions, as the dataset has it. */
export class Verdicts {
  readonly #link: TrialLink | null;
  readonly #known = new Map<string, CaptionVerdict>();

  constructor(link: TrialLink | null) {
    this.#link = link;
  }

  of(figure_id: string, prompt: MatrixPrompt): CaptionVerdict | null {
    return this.#known.get(keyOf({ figure_id, ...prompt })) ?? null;
  }

  /** Takes what the dataset has, or what somebody noted elsewhere. */
  take(judged: Judged): void {
    if (judged.verdict === null) this.#known.delete(keyOf(judged));
    else this.#known.set(keyOf(judged), judged.verdict);
  }

  /** Asks the dataset. @throws {LinkError} where nobody answers */
  async load(prompts: readonly MatrixPrompt[]): Promise<void> {
    if (!this.#link) return;
    const prompt_hashes = [...new Set(prompts.map(({ prompt_hash }) => prompt_hash))];
    for (const judged of await this.#link.ask("verdicts", { prompt_hashes })) this.take(judged);
  }

  /** Writes a verdict into the dataset; the same one again takes it back. @throws {LinkError} where it is not written */
  async judge(figure_id: string, prompt: MatrixPrompt, verdict: CaptionVerdict): Promise<void> {
    if (!this.#link) throw new LinkError("There is no dataset behind this output.", "gone");
    const { prompt_hash, model } = prompt;
    const changed = this.of(figure_id, prompt) === verdict ? null : verdict;
    this.take(await this.#link.ask("judge", { figure_id, prompt_hash, model, verdict: changed }));
  }

  /** How many of these figures' captions were kept and rejected. */
  count(figure_ids: readonly string[], prompt: MatrixPrompt): { kept: number; rejected: number } {
    const counts = { kept: 0, rejected: 0 };
    for (const id of figure_ids) {
      const verdict = this.of(id, prompt);
      if (verdict) counts[verdict]++;
    }
    return counts;
  }
}

const keyOf = ({ figure_id, prompt_hash, model }: Omit<Judged, "verdict">): string =>
  JSON.stringify([figure_id, prompt_hash, model]);
