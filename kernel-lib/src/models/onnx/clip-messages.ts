/** What is said between us and a CLIP or SigLIP in its process. */

export interface ClipAbout {
  /** Tokens of a text that it reads, marks of start and end among them. */
  limit: number;
  /** Numbers in a vector. */
  dimensions: number;
}

export type ClipRequest =
  /** Absolute paths of pictures. */
  { images: readonly string[] } | { texts: readonly string[] };

/** One for each of what was asked, in its order. Vectors are of length 1. */
export type ClipReply = { images: (Float32Array | Unreadable)[] } | { texts: EmbeddedText[] };

/** Why a picture has no vector, in words. */
export interface Unreadable {
  unreadable: string;
}

export interface EmbeddedText {
  vector: Float32Array;
  /** Tokens of the whole text without the marks of its start and end, and how many of them were cut off. */
  tokens: number;
  cut: number;
}
