import { imagePath, thumbPath, writeImage } from "../dataset/images.js";
import type { StoredFigure, StoredPaper } from "../dataset/schema.js";
import { ItemError } from "../errors.js";
import { renderFigure, type RenderedFigure } from "../figures/render.js";
import type { ImageOrigin, PictureText, QuarantineLine } from "../model.js";
import { PDF_TEXT } from "../ocr/reader.js";
import { textOf } from "../text/reading-order.js";
import type { Archive } from "../papers/archive/archive.js";
import { placesInPdf } from "../papers/join.js";
import type { ForeignLayout } from "../papers/pdf/layout-readers/region.js";
import { readPdf } from "../papers/pdf/read-pdf.js";
import type { PictureSource } from "../papers/reading.js";
import { quarantineLine } from "./quarantine-line.js";

/** A figure with its picture, or with the reason why there is none. */
export interface Pictured {
  figure: StoredFigure;
  /** What the picture's own text layer says, where it has one. */
  text?: PictureText;
  problem?: QuarantineLine;
}

/** Where pictures come from and go to. */
export interface PictureWork {
  paper: StoredPaper;
  archive: Archive;
  /** Folder of the dataset. */
  dataset: string;
  signal: AbortSignal;
}

/** Renders a figure into the dataset from the first of its sources that can be drawn, or says why there is no picture. */
export async function pictured(
  figure: StoredFigure,
  sources: readonly PictureSource[],
  { paper, archive, dataset, signal }: PictureWork,
): Promise<Pictured> {
  if (figure.float === "table" && sources.length === 0) return { figure };
  let problem: ItemError | undefined;
  for (const source of sources) {
    try {
      const rendered = await renderFigure({ archive, source, signal });
      const image = await stored(rendered, source.from, imagePath(paper, figure.figure_id), dataset);
      const layout_reader = (source.from === "pdf" && source.layoutReader) || null;
      const text = layerOf(figure.figure_id, rendered);
      return { figure: { ...figure, ...image, layout_reader }, ...(text && { text }) };
    } catch (error) {
      if (!(error instanceof ItemError)) throw error;
      problem ??= error;
    }
  }
  problem ??= incomplete(figure.image_missing ?? "The figure names no image file.");
  const missing = { ...figure, image_missing: problem.message };
  // A table without a picture is whole as text; that its TeX cannot be run is said in its row and nowhere else.
  if (figure.float === "table" && problem.reason.startsWith("tex-")) return { figure: missing };
  return {
    figure: missing,
    problem: quarantineLine("ingest", figure.figure_id, archive.source, problem),
  };
}

/**
 * Renders those figures that have no picture from a PDF of the paper, which says where they stand by their captions.
 * @param layout of the PDF by another reader
 * @throws {ItemError} where the PDF cannot be read
 */
export async function picturedFromPdf(
  all: readonly Pictured[],
  pdf: Archive,
  work: Omit<PictureWork, "archive">,
  layout?: ForeignLayout,
): Promise<Pictured[]> {
  const reading = await readPdf(pdf, { signal: work.signal, layout });
  const places = placesInPdf(
    all.map(({ figure }) => figure),
    reading,
  );
  const filled: Pictured[] = [];
  for (const before of all) {
    const place = before.figure.image_path === null ? places.get(before.figure.figure_id) : undefined;
    const after = place && (await pictured(before.figure, [place.source], { ...work, archive: pdf }));
    if (!after?.figure.image_path) {
      filled.push(before);
      continue;
    }
    const { page, bbox } = place!.source;
    const provenance = { ...after.figure.provenance, page, bbox: [...bbox] };
    filled.push({ ...after, figure: { ...after.figure, provenance, confidence: place!.confidence } });
  }
  return filled;
}

function layerOf(figure_id: string, { text, sha256 }: RenderedFigure): PictureText | null {
  return text && { figure_id, sha256, reader: PDF_TEXT, ...textOf(text) };
}

type StoredImage = Pick<
  StoredFigure,
  "image_path" | "image_origin" | "width" | "height" | "sha256" | "phash" | "image_missing"
>;

async function stored(
  rendered: RenderedFigure,
  origin: ImageOrigin,
  path: string,
  dataset: string,
): Promise<StoredImage> {
  const { png, thumb, width, height, sha256, phash } = rendered;
  await writeImage(dataset, path, png);
  await writeImage(dataset, thumbPath(path), thumb);
  return { image_path: path, image_origin: origin, width, height, sha256, phash, image_missing: null };
}

const incomplete = (message: string) =>
  new ItemError({
    reason: "image-missing",
    message,
    wayOut: "Take the figure's picture from the paper's PDF, or leave the figure out.",
  });
