import type { Figure, Paper, Recaption } from "../model.js";

/** What a captioner may look at. */
export interface CaptionInput {
  figure: Figure;
  paper: Pick<Paper, "paper_id" | "title" | "abstract" | "discipline">;
}

/** Makes a new caption for a figure. */
export interface Captioner {
  readonly id: string;
  /** Raised when the same input would give another caption. */
  readonly version: number;
  /** Name under which its captions are kept beside others. */
  readonly variant: string;
  /** What else would give other captions: prompt hash, model and sampling in one string. */
  readonly fingerprint?: string;
  /** @throws {ItemError} when this figure cannot be captioned. */
  caption(input: CaptionInput, options: { signal: AbortSignal }): Promise<Recaption>;
}
