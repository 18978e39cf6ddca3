import type { Figure, Panel } from "../../model.js";
import type { Archive } from "../archive/archive.js";
import { disciplineOf } from "../disciplines.js";
import { arxivIdOf, paperIdOf } from "../identifiers.js";
import { numberOf as numberOfLabel } from "../jats/labels.js";
import { tidy } from "../markup/tidy.js";
import { NOT_DRAWN, type PageSource, type PictureSource, type Reading } from "../reading.js";
import type { Caption } from "./captions.js";
import { contextsOf } from "./contexts.js";
import type { PdfFloat } from "./floats.js";
import { joinLines, type Vocabulary } from "./hyphens.js";
import type { ForeignLayout } from "./layout-readers/region.js";
import { DEFAULT_PDF_LIMITS, type PdfLimits } from "./limits.js";
import { lineText } from "./line-text.js";
import { locateFloats } from "./locate.js";
import { readMetadata } from "./metadata.js";
import type { Box, Page } from "./page.js";
import { readPanels } from "./panels.js";
import { readProse, type Taken } from "./prose.js";

export interface PdfOptions {
  limits?: Partial<PdfLimits>;
  signal?: AbortSignal;
  layout?: ForeignLayout | undefined;
}

/**
 * Reads a paper from its PDF: captions by their look and numbering, and the region of the page that belongs to each.
 * The pages are looked at by PDFium in a process of its own, which is ended at the limits; about 20 ms a page.
 *
 * A figure's `confidence` is how sure caption and region belong together: how much speaks for the caption, how clear
 * the choice of the region is against the next best one, and whether there is a drawing or picture in it; for a region
 * of another layout reader, how far that and our own agree.
 *
 * @param options.layout the layout as another program read it: it says where figures and tables stand, the PDF all else
 *
 * @throws {ItemError} `pdf-encrypted`, `pdf-broken`, `pdf-empty`, `pdf-too-long`, `pdf-too-large`, `pdf-too-slow`, `pdf-scanned`; the
 *   reason of `signal` when aborted.
 */
export async function readPdf(
  archive: Archive,
  { limits, signal, layout: foreign }: PdfOptions = {},
): Promise<Reading> {
  const path = archive.paths[0]!;
  const { pages, info, warnings, layout, floats } = await locateFloats(
    archive,
    { ...DEFAULT_PDF_LIMITS, ...limits },
    signal,
    foreign,
  );
  const { abstract, paragraphs, vocabulary } = readProse(layout, floats.flatMap(takenBy));
  const metadata = readMetadata(pages, layout, info.Title);
  const contexts = contextsOf(
    paragraphs,
    floats.map(({ float, number, caption }) => ({ float, number, series: caption.series })),
  );
  const paperId = paperIdOf(archive.source);
  const counts = { figure: 0, table: 0 };
  const pictures = new Map<string, PictureSource[]>();
  const figures = floats.map((float, i) => {
    const id = `${paperId}#${float.float === "figure" ? "fig" : "tab"}${++counts[float.float]}`;
    if (float.box) pictures.set(id, [pageSource(float, path, float.box)]);
    return {
      ...figureOf(float, id, paperId, path, vocabulary, layout.pages[float.page - 1]!.page),
      contexts: contexts[i]!,
    };
  });
  return {
    paper: {
      paper_id: paperId,
      kind: "pdf",
      source: archive.source,
      source_sha256: archive.sha256,
      title: metadata.title,
      abstract,
      discipline: disciplineOf(metadata.categories),
      categories: metadata.categories,
      licence: metadata.licence,
      arxiv_id: arxivIdOf(archive.source) ?? metadata.arxivId,
      doi: metadata.doi,
      paragraphs,
    },
    figures,
    warnings,
    pictures,
  };
}

const pageSource = ({ page, layoutReader }: PdfFloat, file: string, bbox: Box): PageSource => ({
  from: "pdf",
  file,
  page,
  bbox,
  ...(layoutReader !== null && { layoutReader }),
});

/** What a float has of its pages: its picture, and its caption, which may stand on another page. */
function takenBy({ page, place: box, caption }: PdfFloat): Taken[] {
  const own = { page: caption.page.page.number, box: caption.box };
  return box ? [own, { page, box }] : [own];
}

function figureOf(
  float: PdfFloat,
  id: string,
  paperId: string,
  file: string,
  vocabulary: Vocabulary,
  page: Page,
): Figure {
  const { lines } = float.caption;
  const caption = captionText(float.caption, vocabulary);
  return {
    figure_id: id,
    paper_id: paperId,
    kind: "pdf",
    float: float.float,
    environment: float.float,
    label: null,
    number: numberOf(float),
    caption,
    caption_source: lines.map(({ text }) => text).join("\n"),
    graphics: [],
    panels: panelsOf(float, id, caption, page),
    contexts: [],
    provenance: {
      file,
      start: null,
      end: null,
      line: null,
      page: float.page,
      bbox: float.box ? float.box.map((edge) => Math.round(edge * 100) / 100) : null,
    },
    confidence: float.box ? float.confidence : null,
    ...NOT_DRAWN,
    image_missing: float.box ? null : "No drawing or picture was found near the caption.",
  };
}

function panelsOf({ float, place }: PdfFloat, id: string, caption: string, page: Page): Panel[] {
  if (float === "table" || !place) return [];
  return readPanels(place, page.lines, caption).map((panel) => ({
    panel_id: `${id}${panel.letter.toLowerCase()}`,
    label: null,
    number: panel.letter,
    caption: panel.caption,
    caption_source: panel.caption,
    graphics: [],
    row: panel.row,
  }));
}

/** The number as readers see it, as it is read of JATS too: `S1` of "Supplementary Figure 1". */
function numberOf({ number, caption: { series, lines, labelLength } }: PdfFloat): string {
  return series === "" ? number : (numberOfLabel(lines[0]!.text.slice(0, labelLength)) ?? number);
}

/** The caption without its label. */
function captionText({ lines, labelLength }: Caption, vocabulary: Vocabulary): string {
  const [first, ...rest] = lines.map((line) => lineText(line));
  const label = lines[0]!.text.slice(0, labelLength);
  const opening = first!.startsWith(label) ? first! : lines[0]!.text;
  return tidy(joinLines([opening.slice(labelLength), ...rest], vocabulary));
}
