import type { Figure, Panel } from "../../model.js";
import type { Archive } from "../archive/archive.js";
import { disciplineFromPaper } from "../disciplines.js";
import { findCaptions } from "./captions.js";
import { Bibliography } from "./citations.js";
import { readProse } from "./contexts.js";
import { expand } from "./expand.js";
import { DrawingPlan } from "./drawing.js";
import { withExternalLabels } from "./external.js";
import { FloatReader, type Float } from "./floats.js";
import { GraphicFinder } from "./graphics.js";
import { arxivIdOf, paperIdOf } from "../identifiers.js";
import { NOT_DRAWN, type PictureSource, type Reading } from "../reading.js";
import { findMainDocument } from "./main-document.js";
import { readMetadata } from "./metadata.js";
import { numberDocument } from "./numbering.js";
import { blocksOf } from "./paragraphs.js";
import { PlainText } from "./plain.js";
import { References } from "./references.js";
import { Braced } from "../markup/scan.js";
import { Sources } from "./sources.js";
import { readStructure, type Part } from "./structure.js";
import { takeMentions } from "../markup/tidy.js";
import type { Traced } from "./traced.js";

/**
 * Reads a paper from its LaTeX source: metadata, paragraphs, and every figure and table with its caption, number, files,
 * panels and the paragraphs that refer to it. Nothing is executed; work is bounded whatever the source holds.
 * Images are not read: those fields stay `null`, `image_missing` says which files are not there or what draws the picture.
 * @throws ItemError where the archive holds no LaTeX document.
 */
export function readLatex(archive: Archive): Reading {
  const paperId = paperIdOf(archive.source);
  const sources = new Sources(archive);
  const main = findMainDocument(sources);
  const { traced, warnings } = expand(sources, main.path);
  const source = new Braced(traced.text);
  const structure = readStructure(source);
  const captions = findCaptions(source, structure);
  const numbering = numberDocument(source, structure, captions);
  const fileAt = (at: number) => sources.files[traced.span(at, at).file]?.path ?? main.path;
  const finder = new GraphicFinder(source, structure, sources, main.path, fileAt);
  const floats = new FloatReader(source, structure, captions, numbering, finder).read();
  const references = new References(
    withExternalLabels(numbering, source, structure, sources, main.path),
    floats,
  );
  const bibliography = new Bibliography(sources, source);
  const plain = new PlainText(source, references.print, undefined, bibliography.print);
  const text = (part: Part | null) => (part ? takeMentions(plain.of(part.start, part.end)).text : "");
  const written = (part: Part | null) => (part ? sourceOf(traced, sources, part) : "");
  const { paragraphs, contexts } = readProse(
    source,
    structure,
    floats,
    blocksOf(source, structure, floats),
    references,
    bibliography,
  );
  const metadata = readMetadata(source, structure, plain);

  const drawing = new DrawingPlan(structure, source, traced, sources, references, main.path);
  const pictures = new Map<string, PictureSource[]>();
  const counts = { figure: 0, table: 0 };
  const figures = floats.map((float, i): Figure => {
    const id = `${paperId}#${float.kind === "figure" ? "fig" : "tab"}${++counts[float.kind]}`;
    const rows = float.rows.map((row) => found(row)).filter((row) => row.length);
    const lacks = missing(float);
    const drawn = drawing.add(float);
    const ways: PictureSource[] = drawn ? [drawn] : [];
    if (rows.length && lacks === null) ways.push({ from: "graphics", rows });
    if (ways.length) pictures.set(id, ways);
    const { file, start, end } = traced.span(float.block.start, float.block.end);
    const origin = sources.files[file];
    return {
      figure_id: id,
      paper_id: paperId,
      kind: "latex",
      float: float.kind,
      environment: float.environment,
      label: float.label,
      number: float.number,
      caption: text(float.caption),
      caption_source: written(float.caption),
      graphics: found(float.graphics),
      panels: float.panels.map((panel, position): Panel => {
        const letter = panel.letter ?? String.fromCharCode(97 + (position % 26));
        return {
          panel_id: `${id}${letter}`,
          label: panel.label,
          number: panel.letter,
          caption: text(panel.caption),
          caption_source: written(panel.caption),
          graphics: found(panel.graphics),
          row: panel.row,
        };
      }),
      contexts: contexts[i]!,
      provenance: {
        file: origin?.path ?? null,
        start,
        end,
        line: origin ? sources.lineAt(file, start) : null,
        page: null,
        bbox: null,
      },
      confidence: null,
      ...NOT_DRAWN,
      image_missing: lacks,
    };
  });
  if (main.others.length)
    warnings.push(`${main.path} was read as the paper; the archive also holds ${main.others.join(", ")}.`);
  const { title, abstract } = metadata;
  return {
    paper: {
      paper_id: paperId,
      kind: "latex",
      source: archive.source,
      source_sha256: archive.sha256,
      title: title && takeMentions(title).text,
      abstract: abstract && takeMentions(abstract).text,
      discipline: disciplineFromPaper({ ...metadata, opening: source.text.slice(0, 20_000) }),
      categories: [],
      licence: null,
      arxiv_id: arxivIdOf(archive.source),
      doi: null,
      paragraphs,
    },
    figures,
    warnings,
    pictures,
  };
}

function found(graphics: Float["graphics"]): string[] {
  return [...new Set(graphics.flatMap(({ path }) => path ?? []))];
}

/** Why there is no complete picture among the files of a float. */
function missing({ kind, graphics, drawing }: Float): string | null {
  const drawn = `The picture is drawn in TeX (${drawing}); the source holds no image file of it.`;
  // `picture` is what Inkscape's pdf_tex lays over its own file: the file is the picture.
  if (drawing !== null && (drawing !== "picture" || !graphics.length)) return drawn;
  const lost = graphics.filter(({ path }) => path === null).map(({ name }) => name);
  if (lost.length) return `Not in the archive: ${lost.join(", ")}.`;
  return graphics.length || kind === "table" ? null : "The figure names no image file.";
}

/** The source of a part as it stands in its file; the unfolded text where the part spans files. */
function sourceOf(traced: Traced, sources: Sources, { start, end }: Part): string {
  const span = traced.span(start, end);
  return span.end > span.start
    ? sources.files[span.file]!.text.slice(span.start, span.end)
    : traced.text.slice(start, end);
}
