import type { CaptionInput } from "../captioner.js";

/** How an answer is drawn. All are always sent: a server's own defaults come from the model and differ. */
export interface Sampling {
  /** 0 takes the likeliest token every time. */
  temperature: number;
  top_p: number;
  top_k: number;
  repetition_penalty: number;
  presence_penalty: number;
  /** Most tokens of an answer. */
  max_tokens: number;
  /** With the same seed, server and load an answer is mostly the same again. */
  seed: number;
}

/**
 * A prompt: a Markdown file with front matter. What stands before `{{image}}` is the same for every figure, so that
 * servers read it once; what varies comes after the picture.
 */
export interface Prompt {
  /** Short name, also of the captions it makes: `context`. */
  readonly id: string;
  /** What it is for, in one sentence. */
  readonly about: string;
  /** The model it was written for; another can be named for each run. */
  readonly model: string | null;
  readonly sampling: Sampling;
  /** Most pixels of the picture that is sent; one token stands for 32 × 32 of them. */
  readonly max_pixels: number;
  /** Most tokens of the paper's words, as {@link estimateTokens} counts. */
  readonly context_tokens: number;
  /** Answers are the caption itself, or JSON of this schema with a field `caption`. */
  readonly answer: "text" | { readonly name: string; readonly schema: Record<string, unknown> };
  /** Whether it prints the text read off the picture. @default false */
  readonly readsText?: boolean;
  /** Language that captions must be in, ISO 639-1; `null` for any. */
  readonly language: string | null;
  /** Identity: 16 hex digits over template, parameters and version of the template engine. */
  readonly hash: string;
  /** The whole file, front matter included, as it was read. */
  readonly source: string;
  /** File it was read from; `null` for a shipped one. */
  readonly file: string | null;
  /** Fills the template in. Pure: the same figure gives the same words. */
  compose(input: CaptionInput, options?: ComposeOptions): ComposedPrompt;
}

/** What a question has to fit in. */
export interface ComposeOptions {
  /** A smaller budget than {@link Prompt.context_tokens}: a server found the question too long. */
  context_tokens?: number;
}

/** What is asked about one figure. */
export interface ComposedPrompt {
  /** Before the picture; the same for all figures. */
  system: string;
  /** After the picture. */
  user: string;
  /** Tokens of `system` and `user`, estimated. */
  tokens: number;
  /** Share of the paper's words about the figure that found room, 0..1. */
  kept: number;
}
