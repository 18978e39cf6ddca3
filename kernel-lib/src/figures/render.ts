import { errorText, ItemError } from "../errors.js";
import type { Archive } from "../papers/archive/archive.js";
import type { PictureSource } from "../papers/reading.js";
import { compose } from "./compose.js";
import { withDeadline } from "../deadline.js";
import { DEFAULT_RENDER_LIMITS, type RenderLimits } from "./limits.js";
import { encodePicture, type RenderedFigure } from "./encode.js";
import { drawPageRegion, drawPdf } from "./pdf.js";
import type { Picture } from "./picture.js";
import { drawPostScript } from "./postscript.js";
import { decodeRaster } from "./raster.js";
import { sniffGraphic } from "./sniff.js";
import { drawSvg } from "./svg.js";
import { drawTex } from "./tex/draw.js";

export type { RenderedFigure };

export interface RenderRequest {
  archive: Archive;
  source: PictureSource;
  limits?: Partial<RenderLimits>;
  signal?: AbortSignal;
}

/** Pixels of all panels of a figure together, before they are composed: bounds memory at three bytes each. */
const PANEL_PIXELS = 40_000_000;

/**
 * Draws a figure: one graphic or part of a page as it is, several put together in their rows, on white, as an sRGB PNG. The same input
 * gives the same bytes on the same machine.
 *
 * @throws {ItemError} that names the file: `image-missing`, `image-not-recognised`, `image-corrupt`, `image-too-large`,
 *   `image-too-slow`, `ghostscript-missing`, those of {@link drawTex}; `figure-too-large` and
 *   `figure-without-graphics` for the whole.
 *   When `signal` is aborted, its reason is thrown.
 */
export async function renderFigure(request: RenderRequest): Promise<RenderedFigure> {
  const limits = { ...DEFAULT_RENDER_LIMITS, ...request.limits };
  const panels = await withDeadline(limits.figureSeconds, request.signal, (signal) =>
    drawSource(request, limits, signal),
  );
  const single = panels.flat().length === 1 ? panels[0]![0] : undefined;
  return encodePicture(single ?? (await compose(panels, limits.longSide)));
}

async function drawSource(
  request: RenderRequest,
  limits: RenderLimits,
  signal: AbortSignal,
): Promise<Picture[][]> {
  const { source } = request;
  if (source.from === "tex") return [[await drawTex(source, request.archive, limits, signal)]];
  if (source.from === "pdf") {
    const { file, page, bbox } = source;
    const draw = (bytes: Buffer) =>
      drawPageRegion(bytes, page, bbox, limits.longSide, limits.graphicSeconds, signal);
    return [[await drawFile(request, file, signal, draw)]];
  }
  checkCount(source.rows.flat().length, limits);
  return drawRows(request, source.rows, limits, signal);
}

async function drawRows(
  request: RenderRequest,
  rows: readonly (readonly string[])[],
  limits: RenderLimits,
  signal: AbortSignal,
): Promise<Picture[][]> {
  const share = Math.floor(Math.sqrt(PANEL_PIXELS / rows.flat().length));
  const longSides = {
    vector: Math.min(limits.vectorLongSide, share),
    raster: Math.min(limits.longSide, share),
  };
  const panels: Picture[][] = [];
  for (const row of rows) {
    const pictures: Picture[] = [];
    for (const path of row)
      pictures.push(
        await drawFile(request, path, signal, (bytes) => drawGraphic(bytes, longSides, limits, signal)),
      );
    panels.push(pictures);
  }
  return panels;
}

function checkCount(count: number, limits: RenderLimits): void {
  if (count === 0) {
    throw new ItemError({
      reason: "figure-without-graphics",
      message: "The figure names no graphics files.",
      wayOut: "Take its picture from the paper's PDF.",
    });
  }
  if (count > limits.graphics) {
    throw new ItemError({
      reason: "figure-too-large",
      message: `The figure is made of ${count} graphics, more than the ${limits.graphics} that are put together.`,
      wayOut: "Raise the limit on graphics if it is a sound figure.",
    });
  }
}

/** Draws a file of the archive, which is named in whatever goes wrong. */
async function drawFile(
  { archive, signal: cancelled }: RenderRequest,
  path: string,
  signal: AbortSignal,
  draw: (bytes: Buffer) => Promise<Picture>,
): Promise<Picture> {
  try {
    signal.throwIfAborted();
    const bytes = archive.read(path);
    if (!bytes) throw imageMissing();
    return await draw(bytes);
  } catch (error) {
    cancelled?.throwIfAborted();
    throw graphicProblem(error, path, archive.source);
  }
}

function drawGraphic(
  bytes: Buffer,
  longSides: { vector: number; raster: number },
  limits: RenderLimits,
  signal: AbortSignal,
): Promise<Picture> {
  switch (sniffGraphic(bytes)) {
    case "pdf":
      return drawPdf(bytes, longSides.vector, limits.graphicSeconds, signal);
    case "postscript":
      return drawPostScript(bytes, longSides.vector, limits.graphicSeconds, signal);
    case "svg":
      return drawSvg(bytes, longSides.vector, limits, signal);
    case "raster":
      return decodeRaster(bytes, longSides.raster, limits);
    case undefined:
      throw notRecognised(bytes);
  }
}

/** Names the file in whatever went wrong with it. */
function graphicProblem(error: unknown, path: string, source: string): ItemError {
  const named = (text: string) => `${path} of ${source} cannot be drawn: ${text.replace(/\.$/, "")}.`;
  if (error instanceof ItemError) {
    const { reason, message, wayOut, cause } = error;
    return new ItemError({ reason, message: named(message), wayOut, cause });
  }
  const slow =
    (error instanceof Error && error.name === "TimeoutError") || /timeout: \d+%/.test(errorText(error));
  return slow
    ? new ItemError({
        reason: "image-too-slow",
        message: named("it takes longer than the time limit"),
        wayOut: "Raise the limit on seconds, or save the graphic in a simpler form.",
        cause: error,
      })
    : new ItemError({
        reason: "image-corrupt",
        message: named(errorText(error)),
        wayOut: "Look whether another program opens the file; if not, the paper's source is broken there.",
        cause: error,
      });
}

const imageMissing = () =>
  new ItemError({
    reason: "image-missing",
    message: "the file is not in the source",
    wayOut: "Take the figure's picture from the paper's PDF.",
  });

const notRecognised = (bytes: Buffer) =>
  new ItemError({
    reason: "image-not-recognised",
    message: bytes.length === 0 ? "the file is empty" : "it is of no kind that can be drawn",
    wayOut: "PDF, PostScript, SVG, PNG, JPEG, GIF, WebP and TIFF can be drawn; save it as one of these.",
  });
