import type { Archive } from "../../../../../kernel-lib/src/papers/archive/archive.js";
import { readLatex } from "../../../../../kernel-lib/src/papers/latex/index.js";
import type { Reading } from "../../../../../kernel-lib/src/papers/reading.js";

/** An archive of these files; a text of `""` stands for a picture. */
export function archiveOf(files: Record<string, string | Buffer>, source = "paper.tar.gz"): Archive {
  const members = new Map(Object.entries(files).map(([path, content]) => [path, Buffer.from(content)]));
  return {
    source,
    sha256: "0".repeat(64),
    form: "tar",
    paths: [...members.keys()],
    read: (path) => members.get(path),
    refused: [],
  };
}

/** Reads a document with this body (and preamble) and pictures `a.pdf`, `b.pdf`, `c.pdf` beside it. */
export function read(body: string, { preamble = "", files = {}, documentClass = "article" } = {}): Reading {
  const main = `\\documentclass{${documentClass}}\n${preamble}\n\\begin{document}\n${body}\n\\end{document}\n`;
  return readLatex(archiveOf({ "main.tex": main, "a.pdf": "", "b.pdf": "", "c.pdf": "", ...files }));
}

export const figuresOf = (body: string, options?: Parameters<typeof read>[1]) => read(body, options).figures;

/** A figure float with a picture, caption and label. */
export const figure = (caption = "A caption.", label = "fig:a", file = "a") =>
  `\\begin{figure}\\includegraphics{${file}}\\caption{${caption}}\\label{${label}}\\end{figure}\n`;

/** Plain text of a caption. */
export const captionOf = (source: string, options?: Parameters<typeof read>[1]) =>
  figuresOf(`\\begin{figure}\\caption{${source}}\\end{figure}`, options)[0]!.caption;
