import { posix } from "node:path";
import type { TexDrawings, TexFloat } from "../../papers/reading.js";
import { HARNESS, JOB } from "./harness.js";

/** Whose preamble a document has: the paper's own, or one of ours with the paper's definitions. */
export type Preamble = "own" | "plain";

const CITES = /\\[A-Za-z]*cite/;

/** Class options that say how wide a column is. */
const LAYOUT_OPTIONS = /^(?:\d+pt|twocolumn|onecolumn|[ab][45]paper|letterpaper|landscape)$/;

/**
 * The files of a document that draws floats of a paper, a page each, in the order given.
 *
 * The plain preamble stands in where the paper's own cannot be run, because its class is not installed, say: `article`
 * with the paper's size of letters and number of columns, the packages that it loads and whatever it defines or sets
 * up (macros, colours, TikZ libraries and styles).
 * @returns by name, to lie in the main document's folder
 */
export function document(
  drawings: TexDrawings,
  floats: readonly number[],
  preamble: Preamble,
): Map<string, Buffer> {
  const files = new Map<string, Buffer>();
  const add = (name: string, text: string) =>
    files.set(`${JOB}${name}.tex`, Buffer.from(insidePaths(text), "latin1"));
  const calls = floats.map((index) => {
    const float = drawings.floats[index]!;
    add(`-setup-${index}`, `${float.setup}\n${printedReferences(float)}\\makeatother\n`);
    add(`-float-${index}`, `${float.body}\n`);
    return `\\figloomdraw{${index}}{${float.paged ? "paged" : "boxed"}}`;
  });
  const opening = preamble === "own" ? drawings.preamble : plainPreamble(drawings);
  const cites = preamble === "own" && floats.some((index) => CITES.test(drawings.floats[index]!.body));
  // Biblatex looks for its list beside the document; others read it where it stands.
  const { bibliography } = drawings;
  const ofBiblatex = /\\(?:datalist|sortlist|refsection)\b/.test(bibliography);
  if (cites && ofBiblatex) files.set(`${JOB}.bbl`, Buffer.from(bibliography, "latin1"));
  const lists = cites && bibliography && !ofBiblatex;
  if (lists) add("-list", bibliography);
  add(
    "",
    `${opening}\n${HARNESS}${lists ? "\\figloomlist\n" : ""}${calls.join("\n")}\n\\csname @@end\\endcsname\n`,
  );
  return files;
}

function plainPreamble({ preamble, definitions }: TexDrawings): string {
  const options = /\\document(?:class|style)\s*\[([^\]]*)\]/.exec(preamble)?.[1]?.split(",") ?? [];
  const layout = options.map((option) => option.trim()).filter((option) => LAYOUT_OPTIONS.test(option));
  return [
    `\\documentclass[${layout.join(",")}]{article}`,
    definitions,
    "\\makeatother\\usepackage{amsmath,amssymb,graphicx,xcolor}",
    "\\begin{document}",
  ].join("\n");
}

/** References inside a float print what they print in the paper. */
function printedReferences({ references }: TexFloat): string {
  if (!references.length) return "";
  const commands = [...new Set(references.map(({ command }) => command))];
  const printed = references.map(
    ({ command, labels, printed: text }) =>
      `\\expandafter\\def\\csname figloom:${command}:\\detokenize{${labels}}\\endcsname{${escaped(text)}}`,
  );
  const redefined = commands.map(
    (command) =>
      `\\def\\${command}{\\makeatletter\\@ifstar{\\figloomref{${command}}}{\\figloomref{${command}}}}`,
  );
  return [
    "\\def\\figloomref#1#2{\\csname figloom:#1:\\detokenize{#2}\\endcsname}\\makeatletter",
    ...printed,
    ...redefined,
    "",
  ].join("\n");
}

/** Plain text as TeX source in ASCII. */
function escaped(text: string): string {
  return text
    .replace(/[–—]/g, "--")
    .replace(/[\\{}$&#^_%~]|[^\x20-\x7e]/g, (sign) => (/[$&#_%{}]/.test(sign) ? `\\${sign}` : ""));
}

/**
 * TeX source with the `../` taken off that begin paths, since TeX may open nothing above its current folder: the folders
 * that such paths lead to are {@link searchFolders}.
 */
export function insidePaths(source: string): string {
  return source.replace(/(?<=[{"=,\s])(?:\.\/)?(?:\.\.\/)+/g, "");
}

/** Folders, relative to the archive, that a document's files are looked for in: TeX knows only the current one. */
export function searchFolders({ main, floats }: TexDrawings): string[] {
  const folders = [main, ...floats.map(({ file }) => file)].map((path) => posix.dirname(path));
  return [...new Set([...folders, "."])];
}
