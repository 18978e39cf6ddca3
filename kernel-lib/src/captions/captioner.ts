import type { Figure, Paper, Recaption } from "../model.js";

/** What a captioner may look at. */
export interface CaptionInput {
  figure: Figure;
  paper: Pick<Paper, "paper_id" | "title" | "abstract" | "discipline">;
  /** Absolute path of the figure's picture; `null` where there is none. */
  image: string | null;
  /** Text read off the picture, line by line, where something has read it and the captioner {@link Captioner.readsText}. */
  figure_text?: string | null;
}

export interface CaptionOptions {
  /** Aborted when the user cancels. */
  signal: AbortSignal;
  /** Called with the caption so far, for captioners that can tell; asks for a streamed answer. */
  onText?: (text: string) => void;
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
  /**
   * Whether it makes use of the text read off pictures: then it is given it, and captions are made anew where that has
   * changed. @default false
   */
  readonly readsText?: boolean;
  /** How many figures it wants to have at work at once. @default 8 */
  readonly concurrency?: number;
  /**
   * Makes ready and checks everything that can be checked before work starts. Every piece of work calls it first; the
   * second time it costs nothing.
   * @param options.folder the dataset's folder, below which all pictures lie
   * @throws {ConfigurationError} when it cannot work like this
   */
  ready?(options: { signal: AbortSignal; folder: string }): Promise<void>;
  /** @throws {ItemError} when this figure cannot be captioned. */
  caption(input: CaptionInput, options: CaptionOptions): Promise<Recaption>;
  /** Tokens (prompt, picture and answer) that this figure will probably take; `null` where nothing is counted. */
  predict?(input: CaptionInput): number | null;
  /** What is worth knowing while it works, in a few words: `3 of 4 servers, 212 in flight`. */
  note?(): string | undefined;
}
