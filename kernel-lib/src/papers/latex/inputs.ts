import { skipSpace, type Braced } from "./scan.js";

/** A file that the paper reads in at a place. */
export interface Input {
  name: string;
  /** Folder that `\import` names; relative to the folder of the reader. */
  folder: string;
  next: number;
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

/** Reads the arguments of `\input` and its relatives; `null` where `command` is none of them. */
export function readInput(command: string, source: Braced, at: number): Input | null {
  if (ONE_NAME.has(command)) {
    const group = source.group(at);
    if (!group) return command === "input" ? readBareName(source.text, at) : null;
    return { name: source.slice(group), folder: "", next: group.next };
  }
  if (!FOLDER_AND_NAME.has(command)) return null;
  const start = source.text[at] === "*" ? at + 1 : at;
  const folder = source.group(start);
  const name = folder && source.group(folder.next);
  return folder && name && { name: source.slice(name), folder: source.slice(folder), next: name.next };
}

/** The name after plain TeX's `\input`, which a blank ends. */
function readBareName(text: string, at: number): Input | null {
  const start = skipSpace(text, at, "paragraph");
  const name = /^[^\s\\{}%]{1,200}/.exec(text.slice(start, start + 200))?.[0];
  return name ? { name, folder: "", next: start + name.length } : null;
}
