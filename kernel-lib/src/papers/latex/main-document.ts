import { posix } from "node:path";
import { ItemError } from "../../errors.js";
import type { Sources } from "./sources.js";

/** Documents found in an archive: the paper, and others that stand beside it. */
export interface MainDocument {
  path: string;
  others: string[];
}

const TEX_NAME = /\.(?:tex|ltx|latex)$/i;
const NO_TEX_NAME =
  /\.(?:pdf|e?ps|epsi|epsf|png|jpe?g|gif|tiff?|svg|bib|bbl|bst|cls|sty|clo|cfg|def|txt|md|csv|dat|zip|gz|log|aux|out|toc|py|r|m|json|ya?ml|html?)$/i;
/** Files looked into, and characters of each. */
const MAX_CANDIDATES = 400;
const LOOK = 400_000;

/**
 * Finds the document that is the paper: one with a `\documentclass` that no other reads in, and of several the one
 * that says so (00README), has a title and an abstract, and has the most text and figures.
 * @throws ItemError where the archive holds no LaTeX.
 */
export function findMainDocument(sources: Sources): MainDocument {
  const { archive } = sources;
  const named = archive.paths.filter((path) => TEX_NAME.test(path));
  const unnamed = archive.paths.filter((path) => !TEX_NAME.test(path) && !NO_TEX_NAME.test(path));
  const read = (paths: string[]) =>
    paths.slice(0, MAX_CANDIDATES).flatMap((path) => {
      const file = sources.open(path);
      const written = file === null ? "" : sources.files[file]!.lines.slice(0, LOOK);
      const text = DOCUMENT_COMMAND.test(written) ? live(written) : "";
      return isDocument(text) ? [{ path, text }] : [];
    });
  let documents = read(named);
  if (!documents.length) documents = read(unnamed);
  if (!documents.length) {
    const only = named.length === 1 ? named[0] : undefined;
    if (only !== undefined && sources.open(only) !== null) return { path: only, others: [] };
    throw new ItemError({
      reason: "latex-no-document",
      message: `${archive.source} holds no LaTeX document: no file has a \\documentclass.`,
      wayOut: archive.paths.some((path) => /\.pdf$/i.test(path))
        ? "The archive holds a PDF: give that file to figloom instead."
        : "Check that the archive is the paper's source; a withdrawn paper has none.",
    });
  }
  if (documents.length === 1) return { path: documents[0]!.path, others: [] };
  const readIn = new Set(documents.flatMap(({ path, text }) => inputsOf(path, text)));
  const chosen = readmeChoice(sources);
  const score = ({ path, text }: { path: string; text: string }) =>
    (path === chosen ? 1e9 : 0) +
    (readIn.has(path.toLowerCase()) ? -1e6 : 0) +
    (/\\documentclass(?:\[[^\]]*\])?\{(?:standalone|subfiles|beamer|letter|scrlttr2)\}/.test(text)
      ? -1e6
      : 0) +
    (/\\begin\{document\}|\\documentstyle/.test(text) ? 1e5 : 0) +
    (/supp|response|reply|rebuttal|cover|letter|poster|slides|talk|diff|template|sample|appendix/i.test(
      posix.basename(path),
    )
      ? -5e4
      : 0) +
    (/\\title\b/.test(text) ? 1e4 : 0) +
    (/\\begin\{abstract\}|\\abstract\b/.test(text) ? 1e4 : 0) +
    (/^(?:main|ms|paper|article|manuscript|arxiv)\b/i.test(posix.basename(path)) ? 1e4 : 0) +
    (text.match(/\\begin\{(?:figure|wrapfigure)|\\input|\\include\b/g)?.length ?? 0) * 500 +
    text.length / 100;
  const ranked = documents
    .map((document) => ({ ...document, score: score(document) }))
    .sort((a, b) => b.score - a.score);
  return {
    path: ranked[0]!.path,
    others: ranked
      .slice(1)
      .filter((d) => d.score > -1e5)
      .map((d) => d.path),
  };
}

/** Text without line comments. */
function live(text: string): string {
  return text.replace(/(?<!\\)%.*/g, "");
}

/** What a document has, be it in a comment: quicker to find than comments are taken out. */
const DOCUMENT_COMMAND = /\\(?:document(?:class|style)|magnification|input)/;

function isDocument(text: string): boolean {
  return (
    /\\document(?:class|style)\b/.test(text) ||
    /\\magnification\b|\\input\s+(?:harvmac|amstex|epsf|phyzzx)\b/.test(text.slice(0, 5_000))
  );
}

/** Paths (lower case) that a document reads in. */
function inputsOf(path: string, text: string): string[] {
  const folder = posix.dirname(path);
  return Array.from(
    text.matchAll(/\\(?:input|include|subfile|subfileinclude)\s*\{([^{}\n]{1,300})\}/g),
    ([, name]) => {
      const target = posix.normalize(posix.join(folder, name!.trim())).toLowerCase();
      return TEX_NAME.test(target) ? target : `${target}.tex`;
    },
  );
}

/** The file that arXiv's own 00README names as the paper. */
function readmeChoice(sources: Sources): string | null {
  const path = sources.archive.paths.find((name) => /^00README/i.test(name));
  const text =
    path === undefined ? "" : (sources.archive.read(path)?.subarray(0, 20_000).toString("latin1") ?? "");
  const name =
    /^(\S+)\s+toplevelfile/m.exec(text)?.[1] ??
    /"filename"\s*:\s*"([^"]+)"[^}]*"usage"\s*:\s*"toplevel"/.exec(text)?.[1];
  return name !== undefined && sources.archive.paths.includes(name) ? name : null;
}
