/** What is said between us and a masked language model in its process. */

export interface MaskedLmAbout {
  /** Tokens that it reads at once, the special ones around a text not counted. */
  room: number;
  /** Ids of the tokens that stand before and after a text, and of the one that hides another. */
  special: { start: number; end: number; mask: number };
  /** Id of the token that stands for words which the vocabulary cannot spell; `null` where there is none. */
  unknown: number | null;
}

export type MaskedLmRequest =
  /** To be cut into tokens. */
  | { texts: readonly string[] }
  /** To be read at once: so many that their memory is at hand. */
  | { copies: readonly MaskedCopy[] };

/** One for each of what was asked, in its order. */
export type MaskedLmReply =
  | { texts: TokenizedText[] }
  /** Natural logarithms. */
  | { logProbabilities: Float64Array };

/** A text with masked tokens, and what is asked about it: how probable `token` is at `position`. */
export interface MaskedCopy {
  /** With the special tokens around the text. */
  ids: Int32Array;
  position: number;
  token: number;
}

/** Without special tokens around the text. */
export interface TokenizedText {
  ids: number[];
  /** For every token the number of the word that it is a piece of, from 0. */
  words: number[];
}
