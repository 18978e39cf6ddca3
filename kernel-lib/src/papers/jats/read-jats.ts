import type { Figure, Panel } from "../../model.js";
import type { Archive } from "../archive/archive.js";
import { arxivIdOf, paperIdOf } from "../identifiers.js";
import { NOT_DRAWN, type PictureSource, type Reading } from "../reading.js";
import type { ArticleFile } from "./article.js";
import { attribute, descendants } from "./elements.js";
import { PackageFiles } from "./files.js";
import { readFloats, type Float } from "./floats.js";
import { readMetadata } from "./metadata.js";
import { labelInCaption } from "./labels.js";
import { plainText, type PlainOptions } from "./plain.js";
import { choose, type Picture } from "./pictures.js";
import { readProse } from "./prose.js";
import { FloatReferences } from "./references.js";
import { parseXml, type Element, type XmlDocument } from "./xml.js";

/**
 * Reads a paper from its JATS article: metadata, paragraphs, and every figure and table with its caption, number, files,
 * panels and the paragraphs that refer to it. Nothing outside the archive is looked at; work is bounded by the file.
 * Images are not read: those fields stay `null`, `image_missing` says which files the package lacks.
 * @throws {ItemError} `xml-broken`, `xml-too-large`
 */
export function readJats(archive: Archive, { path, others }: ArticleFile): Reading {
  const paperId = paperIdOf(archive.source);
  const document = parseXml(archive.read(path)!, path);
  const root = articleOf(document.root);
  const files = new PackageFiles(archive, path);
  const floats = readFloats(root);
  const references = new FloatReferences(floats);
  const options = plainOptions(root, references);
  const { paragraphs, contexts } = readProse(root, floats, references, options);
  const metadata = readMetadata(root, options);
  const lineAt = lineCounter(document.text);
  const sources = new Map<string, PictureSource[]>();
  const counts = { figure: 0, table: 0 };

  const figures = floats.map((float, i): Figure => {
    const figureId = `${paperId}#${float.kind === "figure" ? "fig" : "tab"}${++counts[float.kind]}`;
    const pictures = choose(float.pictures, files, archive);
    const graphics = found(pictures);
    // JATS says nothing of an arrangement: several pictures of a figure stand one below the other.
    const lacks = missing(float, pictures);
    if (graphics.length && lacks === null)
      sources.set(figureId, [{ from: "graphics", rows: graphics.map((graphic) => [graphic]) }]);
    const { start, end } = float.element;
    return {
      figure_id: figureId,
      paper_id: paperId,
      kind: "jats",
      float: float.kind,
      environment: float.element.name,
      label: float.ids[0] ?? null,
      number: float.number,
      caption: captionText(float.caption, options, float.numberedInCaption),
      caption_source: sourceOf(float.caption, document),
      graphics,
      panels: float.panels.map((panel, position): Panel => {
        const letter = panel.letter ?? String.fromCharCode(97 + (position % 26));
        return {
          panel_id: `${figureId}${letter}`,
          label: panel.id,
          number: panel.letter,
          caption: captionText(panel.caption, options),
          caption_source: sourceOf(panel.caption, document),
          graphics: found(choose(panel.pictures, files, archive)),
          row: position,
        };
      }),
      contexts: contexts[i]!,
      provenance: { file: path, start, end, line: lineAt(start), page: null, bbox: null },
      confidence: null,
      ...NOT_DRAWN,
      image_missing: lacks,
    };
  });

  return {
    paper: {
      paper_id: paperId,
      kind: "jats",
      source: archive.source,
      source_sha256: archive.sha256,
      title: metadata.title,
      abstract: metadata.abstract,
      discipline: metadata.discipline,
      categories: metadata.subjects,
      licence: metadata.licence,
      arxiv_id: metadata.arxivId ?? arxivIdOf(archive.source),
      doi: metadata.doi,
      paragraphs,
    },
    figures,
    warnings: warningsOf(path, others, document.unknownEntities),
    pictures: sources,
  };
}

function plainOptions(root: Element, references: FloatReferences): PlainOptions {
  const bibliography = new Set<string>();
  for (const { name, attributes } of descendants(root))
    if ((name === "ref" || name.endsWith("-citation")) && attributes["id"])
      bibliography.add(attributes["id"]);
  return {
    isCitation: (xref) =>
      attribute(xref, "ref-type") === "bibr" ||
      (attribute(xref, "rid") ?? "").split(/\s+/).some((id) => bibliography.has(id)),
    isMention: (xref) => references.targets(xref).length > 0,
  };
}

/** A caption without what publishers put in it that is none: its number, the figure's own DOI. */
function captionText(caption: Element | null, options: PlainOptions, isNumbered = false): string {
  if (!caption) return "";
  const { text } = plainText(caption, options);
  const number = isNumbered ? (labelInCaption(text)?.length ?? 0) : 0;
  return text.slice(number).replace(/\s*(?:DOI:\s*)?https?:\/\/(?:dx\.)?doi\.org\/\S+\.\d{3}\s*$/i, "");
}

const sourceOf = (element: Element | null, { text }: XmlDocument) =>
  element ? text.slice(element.bodyStart, element.bodyEnd) : "";

const found = (pictures: readonly Picture[]) => [...new Set(pictures.flatMap(({ path }) => path ?? []))];

/** Why there is no complete picture among the files of a float. */
function missing({ kind, film }: Float, pictures: readonly Picture[]): string | null {
  const lost = pictures.filter(({ path }) => path === null).map(({ name }) => name);
  if (lost.length) return `The package holds no such file: ${lost.join(", ")}.`;
  if (pictures.length || kind === "table") return null;
  return film === null ? "The figure names no image file." : `The figure is a film or a recording: ${film}.`;
}

/** The article in a document, which services may have wrapped. */
function articleOf(root: Element): Element {
  if (root.name === "article") return root;
  for (const element of descendants(root)) if (element.name === "article") return element;
  return root;
}

/** Counts lines for positions that come in rising order. */
function lineCounter(text: string): (at: number) => number {
  let line = 1;
  let next = text.indexOf("\n");
  return (at) => {
    for (; next >= 0 && next < at; next = text.indexOf("\n", next + 1)) line++;
    return line;
  };
}

function warningsOf(path: string, others: readonly string[], entities: ReadonlySet<string>): string[] {
  const warnings: string[] = [];
  if (others.length)
    warnings.push(`${path} was read as the paper; the archive also holds ${others.join(", ")}.`);
  if (entities.size)
    warnings.push(
      `${path} uses entities that only its DTD knows; they stay as written: ${[...entities].slice(0, 20).join(", ")}.`,
    );
  return warnings;
}
