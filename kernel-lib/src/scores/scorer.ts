import type { ModelKind } from "../models/kinds.js";
import type { Units } from "../rate-units.js";
import type { Embedding, Figure, Paper, Score } from "../model.js";

/** One caption of a figure, with what there is to judge it by. */
export interface ScoreInput {
  figure: Figure;
  paper: Pick<Paper, "paper_id" | "title" | "abstract">;
  /** Absolute path of the figure's picture; `null` where there is none. */
  image: string | null;
  /** Text read off the picture, line by line; `null` where nothing has read it, or the scorer does not {@link Scorer.readsText}. */
  figure_text: string | null;
  /**
   * The picture's vector, of those that the scorer has given before; `null` where it has given none of the picture as it is
   * now, or does not {@link Scorer.readsVectors}.
   */
  picture_vector?: readonly number[] | null;
  /** `raw` or the variant's name. */
  caption: string;
  text: string;
}

/** What a scorer finds of one caption. */
export interface Measured {
  /** One of each of its metrics. */
  scores: readonly Score[];
  /** Vectors that it had to make and that are worth keeping. @default none */
  embeddings?: readonly Embedding[];
}

/** What makes a scorer anew in another process, as plain JSON: which one, and its options. */
export interface ScorerSpec {
  kind: string;
  options: Readonly<Record<string, unknown>>;
}

/** What people call a scorer: `form`, whose metrics have other names, or the name that it was given. */
export function scorerName({ metric, spec }: Pick<Scorer, "metric" | "spec">): string {
  const { as } = spec?.options ?? {};
  return typeof as === "string" ? as : (spec?.kind ?? metric);
}

/** Measures one caption. Several are asked about at the same time, so that one that works in batches can fill them. */
export interface Scorer {
  /** The metric that it is there for; its results are filed under this name. */
  readonly metric: string;
  /** Further metrics that it gives along with that one. @default none */
  readonly also?: readonly string[];
  /**
   * Who measures: what two results must share to be compared. It names the model, where there is one, and its revision.
   * A scorer that has `identify` knows it only afterwards.
   */
  readonly id: string;
  /** Raised when the same input would give another value. */
  readonly version: number;
  /**
   * Whether it makes use of the text read off pictures: then it is given it, and captions are measured anew where that has
   * changed. @default false
   */
  readonly readsText?: boolean;
  /**
   * Whether it makes use of a picture's vector that a scorer with its {@link id} gave before, in whatever run: then it is
   * given it, and need not give it again. @default false
   */
  readonly readsVectors?: boolean;
  /** How many captions it wants to have at work at once. @default 8 */
  readonly concurrency?: number | undefined;
  /** What it measures the faster for, and how many of them it has. @default this process */
  readonly runsOn?: Units;
  /** Without it the scorer works in this process only, not on a cluster's workers. */
  readonly spec?: ScorerSpec;
  /** The model that it computes with on the machine where it works. @default none, or one on servers */
  readonly model?: { readonly name: string; readonly kind: ModelKind };
  /**
   * Finds out which model it has, without loading it. Called before anything is compared with what the dataset holds;
   * the second time it costs nothing.
   * @throws {ConfigurationError} where there is no such model
   */
  identify?(options: { signal?: AbortSignal | undefined }): Promise<void>;
  /**
   * Makes ready and checks everything that can be checked before work starts. Every piece of work calls it first; the
   * second time it costs nothing.
   * @param options.folder the dataset's folder, below which all pictures lie
   * @throws {ConfigurationError} when it cannot work like this
   */
  ready?(options: { signal: AbortSignal; folder: string }): Promise<void>;
  /** @throws {ItemError} when this caption cannot be scored. */
  score(input: ScoreInput, options: { signal: AbortSignal }): Promise<Measured>;
  /** Gives back memory and processes; it can be used again afterwards. */
  close?(): Promise<void>;
}
