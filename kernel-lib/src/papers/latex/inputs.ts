import { skipSpace, type Braced } from "../markup/scan.js";
import type { Sources } from "./sources.js";

/** A file that the paper reads in at a place. */
export interface Input {
  name: string;
  /** Folder that `\import` names; relative to the folder of the reader. */
  folder: string;
  next: number;
  /** Read in only if it is there. */
  optional: boolean;
}

const ONE_NAME = new Set(["input", "include", "subfile", "subfileinclude", "InputIfFileExists"]);
const FOLDER_AND_NAME = new Set([
  "import",
  "subimport",
  "inputfrom",
  "subinputfrom",
  "includefrom",
  "subincludefrom",
]);

/** Whether a command reads a file in. */
export function isInput(command: string): boolean {
  return ONE_NAME.has(command) || FOLDER_AND_NAME.has(command);
}

/** Reads the arguments of `\input` and its relatives; `null` where `command` is none of them. */
export function readInput(command: string, source: Braced, at: number): Input | null {
  if (ONE_NAME.has(command)) {
    const group = source.group(at);
    if (!group) return command === "input" ? readBareName(source.text, at) : null;
    return {
      name: source.slice(group),
      folder: "",
      next: group.next,
      optional: command === "InputIfFileExists",
    };
  }
  if (!FOLDER_AND_NAME.has(command)) return null;
  const start = source.text[at] === "*" ? at + 1 : at;
  const folder = source.group(start);
  const name = folder && source.group(folder.next);
  if (!folder || !name) return null;
  return { name: source.slice(name), folder: source.slice(folder), next: name.next, optional: false };
}

/** The name after plain TeX's `\input`, which a blank ends. */
function readBareName(text: string, at: number): Input | null {
  const start = skipSpace(text, at, "paragraph");
  const name = /^[^\s\\{}%]{1,200}/.exec(text.slice(start, start + 200))?.[0];
  return name ? { name, folder: "", next: start + name.length, optional: false } : null;
}

/** Path in the archive of a file that is read in, tried in each folder with the endings of LaTeX. */
export function findInput(sources: Sources, name: string, folders: readonly string[]): string | null {
  return name ? sources.find(name, folders, [".tex", ".ltx", ".TEX", ""]) : null;
}

/** The name of a file as written, its quotes taken off and the macros in it replaced by what they stand for. */
export function unfoldName(written: string, meaning: (macro: string) => string): string {
  let name = written.trim().replace(/^"(.*)"$/, "$1");
  for (let round = 0; round < 3 && name.includes("\\"); round++)
    name = name
      .replace(/\\([A-Za-z@]+)\s*/g, (_, macro: string) => meaning(macro).slice(0, 200))
      .slice(0, 1_000);
  return name.trim();
}

/** Where the body of a document stands that another one reads in; `null` for a file without a preamble. */
export function documentBody(text: string): { start: number; end: number } | null {
  if (!/^[ \t]*\\document(?:class|style)\b/m.test(text)) return null;
  const begin = /^[^%\n]*?\\begin\s*\{document\}/m.exec(text);
  if (!begin) return null;
  const start = begin.index + begin[0].length;
  const end = text.indexOf("\\end{document}", start);
  return { start, end: end < 0 ? text.length : end };
}
