import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { openArchive } from "../../kernel-lib/src/papers/archive/open.js";
import { tar, tarGz, zip } from "../fixtures/hostile-archives.js";

/** Sound inputs that mutations start from, by the reader that they are for. */
export interface Samples {
  archive: Buffer[];
  latex: Buffer[];
  jats: Buffer[];
  pdf: Buffer[];
}

/** Members larger than this are left out where archives are packed anew: their bytes would take most of the mutations. */
const SMALL = 16 * 1024;

/** Samples made of our own papers; with `corpus` also of the real ones that may lie beside the repository. */
export async function loadSamples(root: string, corpus: boolean): Promise<Samples> {
  const samples: Samples = { archive: [], latex: [], jats: [Buffer.from(ARTICLE)], pdf: [] };
  for (const file of filesIn(join(root, "notebooks", "papers"))) await addArchive(samples, file);
  if (!corpus) return samples;
  const real = join(root, "..", "shared", "corpus");
  for (const kind of ["latex", "jats"])
    for (const file of filesIn(join(real, kind))) await addArchive(samples, file);
  samples.pdf.push(...filesIn(join(real, "pdf")).map((file) => readFileSync(file)));
  return samples;
}

const filesIn = (folder: string) =>
  existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => /\.(?:gz|pdf)$/.test(name))
        .sort()
        .map((name) => join(folder, name))
    : [];

async function addArchive(samples: Samples, file: string): Promise<void> {
  const archive = await openArchive(file);
  const members = archive.paths.map((name) => ({ name, content: archive.read(name)! }));
  const of = (ending: RegExp) =>
    members.filter(({ name }) => ending.test(name)).map(({ content }) => content);
  samples.latex.push(...of(/\.tex$/i).map(asDocument));
  samples.jats.push(...of(/\.n?xml$/i));
  samples.pdf.push(...of(/\.pdf$/i).filter(({ length }) => length < 4 * SMALL));
  const small = members.filter(
    ({ name, content }) => content.length <= SMALL && Buffer.byteLength(name) < 100,
  );
  samples.archive.push(tar(small), tarGz(small), zip(small), zip(small, { zip64: true }));
  const [first] = of(/\.(?:tex|n?xml)$/i);
  if (first) samples.archive.push(gzipSync(first));
}

/** A part of a paper as a document of its own. */
function asDocument(source: Buffer): Buffer {
  if (/\\document(?:class|style)/.test(source.toString("latin1"))) return source;
  const [before, behind] = ["\\documentclass{article}\n\\begin{document}\n", "\n\\end{document}\n"];
  return Buffer.concat([Buffer.from(before), source, Buffer.from(behind)]);
}

/** The bytes inside gzip, where a sample is packed by it, so that mutations reach what lies below. */
export function unpacked(sample: Buffer): Buffer | null {
  try {
    return gunzipSync(sample);
  } catch {
    return null;
  }
}

const ARTICLE = `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE article PUBLIC "-//NLM//DTD JATS (Z39.96) Journal Archiving and Interchange DTD v1.2 20190208//EN" "JATS-archivearticle1.dtd">
<article xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:mml="http://www.w3.org/1998/Math/MathML" article-type="research-article">
<front><journal-meta><journal-title>Sample Journal of Biology</journal-title></journal-meta><article-meta>
<article-id pub-id-type="doi">10.5555/1</article-id><title-group><article-title>How squares grow</article-title></title-group>
<permissions><license xlink:href="https://creativecommons.org/licenses/by/4.0/"><license-p>Free to use.</license-p></license></permissions>
<abstract><sec><title>Aim</title><p>To see x<sup>2</sup> grow.</p></sec></abstract></article-meta></front>
<body><sec id="s1"><title>Results</title>
<p>It grows (<xref ref-type="fig" rid="f1">Figures 1A</xref>–<xref ref-type="fig" rid="f3">3</xref>) as before [<xref ref-type="bibr" rid="r1">1</xref>], at
<inline-formula><mml:math><mml:mfrac><mml:mn>1</mml:mn><mml:msup><mml:mi>x</mml:mi><mml:mn>2</mml:mn></mml:msup></mml:mfrac></mml:math></inline-formula>.</p>
<fig id="f1"><label>Figure 1.</label><caption><title>Growth</title><p>(A) Slow. (B) Fast, at 5&#xB5;m.</p></caption><graphic xlink:href="f1.jpg"/></fig>
<fig-group id="f2"><label>Figure 2</label><caption><p>Both.</p></caption><fig id="f2a"><label>(a)</label><graphic xlink:href="f2a.tif"/></fig>
<fig id="f2b"><label>(b)</label><alternatives><graphic xlink:href="f2b.eps"/><graphic xlink:href="f2b.png"/></alternatives></fig></fig-group>
<fig id="f3"><caption><p><bold>Fig. 3.</bold> Alone.</p></caption><graphic xlink:href="f3"/></fig>
<table-wrap id="t1"><label>Table 1</label><caption><p>Sizes.</p></caption><table><tr><td>1</td></tr></table></table-wrap>
<disp-formula><tex-math>\\alpha \\le \\frac{1}{2}</tex-math></disp-formula></sec></body>
<back><ref-list><ref id="r1"><mixed-citation>Roe (2010)</mixed-citation></ref></ref-list></back></article>
`;
