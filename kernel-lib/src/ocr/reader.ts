import type { Figure, TextLine } from "../model.js";
import type { Units } from "../rate-units.js";

/** Beside a picture's bytes: whose it is, for readers that hand on where it lies in place of decoding it. */
export interface ReadOptions {
  /** Aborted when the user cancels. */
  signal: AbortSignal;
  /** The figure or table. */
  figure: Figure;
  /** Absolute path of its picture. */
  image: string;
}

/** Reads the text on pictures. */
export interface TextReader {
  /** Who reads, with the data it goes by: `tesseract-eng@4.0.0_best_int`, a model and its prompt. */
  readonly id: string;
  /** Raised when the same picture would give another text. */
  readonly version: number;
  /** How many pictures it wants to have at work at once. @default 1 */
  readonly concurrency?: number;
  /** What it reads the faster for, and how many of them it has. @default this process */
  readonly runsOn?: Units;
  /**
   * Learns what its `id` says, such as which model it has, without loading it. Called before anything is compared with what
   * the dataset holds; the second time it costs nothing.
   * @throws {ConfigurationError} where there is no such model
   */
  identify?(options: { signal: AbortSignal }): Promise<void>;
  /**
   * Checks what can be checked before work starts; from then on its `id` is known.
   * @param options.folder the dataset's folder, below which all pictures lie
   * @throws {ConfigurationError} when it cannot work like this
   */
  ready?(options: { signal: AbortSignal; folder: string }): Promise<void>;
  /**
   * The lines on a picture, in reading order; none where there is no text.
   * @param picture the bytes of a PNG, JPEG or WebP file
   * @throws {ItemError} when this picture cannot be read
   */
  read(picture: Buffer, options: ReadOptions): Promise<TextLine[]>;
  /** Gives back memory and processes; it can be used again afterwards. */
  close(): Promise<void>;
}

/** A reader that needs nothing but the picture itself. */
export interface PixelReader extends TextReader {
  read(picture: Buffer, options: Pick<ReadOptions, "signal">): Promise<TextLine[]>;
}

/** How the table of texts names a reader. */
export const readerName = ({ id, version }: Pick<TextReader, "id" | "version">): string => `${id}+${version}`;

/** What reads the text layers of PDFs, in the table of texts. It is exact, and no other takes its place. */
export const PDF_TEXT = "pdf-text";
