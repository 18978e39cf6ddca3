import type { Figure, Paper, Score } from "../model.js";

/** One caption of a figure, with what there is to judge it by. */
export interface ScoreInput {
  figure: Figure;
  paper: Pick<Paper, "paper_id" | "title" | "abstract">;
  /** `raw` or the variant's name. */
  caption: string;
  text: string;
}

/** Measures one caption. */
export interface Scorer {
  readonly metric: string;
  readonly id: string;
  /** Raised when the same input would give another value. */
  readonly version: number;
  /** @throws {ItemError} when this caption cannot be scored. */
  score(input: ScoreInput, options: { signal: AbortSignal }): Promise<Score>;
}
