import type { Archive } from "../../../../../kernel-lib/src/papers/archive/archive.js";
import { readSource } from "../../../../../kernel-lib/src/papers/read-paper.js";

/** An archive in memory. */
export function archiveOf(files: Record<string, string | Buffer>, source = "p1.tar.gz"): Archive {
  const contents = new Map(Object.entries(files).map(([path, content]) => [path, Buffer.from(content)]));
  const read = (path: string) => contents.get(path);
  return { source, sha256: "0".repeat(64), form: "tar", paths: [...contents.keys()], refused: [], read };
}

/** An article with a body, and what is to stand before and behind it. */
export function article(body: string, { front = "", back = "" } = {}): string {
  return (
    `<?xml version="1.0"?><!DOCTYPE article PUBLIC "-//NLM//DTD JATS v1.2//EN" "a.dtd">` +
    `<article xmlns:xlink="x" xmlns:mml="m"><front><article-meta>${front}</article-meta></front>` +
    `<body>${body}</body><back>${back}</back></article>`
  );
}

/** Reads an article in a package with the named pictures, which are empty files. */
export function readArticle(xml: string | Buffer, pictures: readonly string[] = []) {
  const files = Object.fromEntries(pictures.map((name) => [`p1/${name}`, ""]));
  return readSource(archiveOf({ "p1/p1.nxml": xml, ...files }));
}

export const fig = (id: string, label: string, caption = "", href = `${id}.jpg`) =>
  `<fig id="${id}"><label>${label}</label><caption>${caption}</caption><graphic xlink:href="${href}"/></fig>`;

export const see = (rid: string, printed: string) => `<xref ref-type="fig" rid="${rid}">${printed}</xref>`;
