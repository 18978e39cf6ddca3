import { basename } from "node:path/posix";
import type { Figure } from "../model.js";
import type { PageView } from "./page.js";
import type { FigureCard, Picture } from "./protocol.js";

/** A figure taken apart: what a reader made of it beside what it was made from. */
export interface Anatomy {
  card: FigureCard;
  environment: string;
  /** The float as its author wrote it, `null` where the paper came as PDF. */
  source: SourceExcerpt | null;
  /** The page that its region stands on, `null` where the paper came as source. */
  page: PageView | null;
  panels: PanelView[];
}

/** A panel with a picture of its own, or why it has none. */
export interface PanelView {
  number: string | null;
  caption: string;
  /** Paths in the archive. */
  files: string[];
  picture: Picture;
}

/** A stretch of a source file. */
export interface SourceExcerpt {
  file: string;
  /** Number of its first line. */
  line: number;
  /** Its texts concatenated are the stretch. */
  pieces: SourcePiece[];
  /** Characters that were left out at the end. */
  omitted: number;
}

/** What a piece of source is to the reader: a caption, the name it is referred by, a file's name, or nothing of these. */
export interface SourcePiece {
  text: string;
  part: "caption" | "label" | "file" | null;
}

/** Longest excerpt, in UTF-16 code units. */
const EXCERPT_LIMIT = 12_000;

/**
 * Cuts a float's source out of its file and marks captions, labels and file names in it.
 * @param text the file, decoded
 */
export function excerptOf(figure: Figure, text: string): SourceExcerpt | null {
  const { file, start, end, line } = figure.provenance;
  if (file === null || start === null || end === null) return null;
  const whole = text.slice(start, end);
  const shown = whole.slice(0, EXCERPT_LIMIT);
  return {
    file,
    line: line ?? 1,
    pieces: pieces(shown, figure),
    omitted: whole.length - shown.length,
  };
}

function pieces(source: string, figure: Figure): SourcePiece[] {
  const parts = new Array<SourcePiece["part"]>(source.length).fill(null);
  const mark = (words: (string | null)[], part: SourcePiece["part"]) => {
    for (const word of words)
      if (word) for (const at of occurrences(source, word)) parts.fill(part, at, at + word.length);
  };
  const floats = [figure, ...figure.panels];
  // What stands inside a caption comes after it.
  mark(
    floats.map(({ caption, caption_source }) => (caption === "" ? null : caption_source)),
    "caption",
  );
  mark(figure.graphics.map(stem), "file");
  mark(
    floats.map(({ label }) => label),
    "label",
  );
  const found: SourcePiece[] = [];
  for (const [at, part] of parts.entries()) {
    const last = found.at(-1);
    if (last?.part === part) last.text += source[at];
    else found.push({ text: source[at]!, part });
  }
  return found;
}

const stem = (path: string) => basename(path).replace(/\.\w+$/, "");

function* occurrences(text: string, word: string): Generator<number> {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + word.length)) yield at;
}
