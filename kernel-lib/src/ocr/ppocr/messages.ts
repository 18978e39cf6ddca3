/** What is said between us and PP-OCR's models in their process. */
import type { TextLine } from "../../model.js";

export interface PpocrAbout {
  /** Characters that it can tell apart. */
  characters: number;
}

export interface PpocrRequest {
  /** The bytes of a PNG, JPEG or WebP file. */
  picture: Uint8Array;
}

/** In the picture's pixels. */
export type PpocrReply = { lines: TextLine[] } | { unreadable: string };
