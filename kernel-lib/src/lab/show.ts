import { show } from "../kernel/display.js";
import type { Anatomy } from "../views/anatomy.js";
import { fitting } from "../views/budget.js";
import { MAP_MIME, type MapView } from "../views/map.js";
import { buildMatrix, MATRIX_MIME, type MatrixView } from "../views/matrix.js";
import type { PageView } from "../views/page.js";
import type { DiffView, GalleryView, HistogramView } from "../views/protocol.js";
import { DIFF_MIME, GALLERY_MIME, HISTOGRAM_MIME } from "../views/protocol.js";
import { anatomyHtml, anatomyText } from "../views/twins/anatomy.js";
import { pageHtml, pageText } from "../views/twins/page.js";
import { diffHtml, diffText } from "../views/twins/diff.js";
import { galleryHtml, galleryText } from "../views/twins/gallery.js";
import { histogramHtml, histogramText } from "../views/twins/histogram.js";
import { mapHtml, mapText } from "../views/twins/map.js";
import { matrixHtml } from "../views/twins/matrix.js";
import { matrixText } from "../views/twins/matrix-text.js";

/** A shown view; `update` draws another bundle in its place. */
export type Shown = ReturnType<typeof show>;

/** A gallery for the extension, with its HTML and text twins, by MIME type. */
function galleryBundle(view: GalleryView): Record<string, unknown> {
  return { [GALLERY_MIME]: view, "text/html": galleryHtml(view), "text/plain": galleryText(view) };
}

/** A caption diff for the extension, with its HTML and text twins, by MIME type. */
function diffBundle(view: DiffView): Record<string, unknown> {
  return { [DIFF_MIME]: view, "text/html": diffHtml(view), "text/plain": diffText(view) };
}

/** A histogram for the extension, with its HTML and text twins, by MIME type. The first call loads Plot and jsdom. */
async function histogramBundle(view: HistogramView): Promise<Record<string, unknown>> {
  return {
    [HISTOGRAM_MIME]: view,
    "text/html": await histogramHtml(view),
    "text/plain": histogramText(view),
  };
}

/** Shows a gallery under the running cell. */
export function showGallery(view: GalleryView): Shown {
  return show(galleryBundle(view));
}

/** Shows a caption diff under the running cell. */
export function showDiff(view: DiffView): Shown {
  return show(diffBundle(view));
}

/** Shows a histogram under the running cell. */
export async function showHistogram(view: HistogramView): Promise<Shown> {
  return show(await histogramBundle(view));
}

/** Shows a figure taken apart under the running cell: nothing in it moves, so that HTML and text are enough. */
export function showAnatomy(anatomy: Anatomy): Shown {
  return show({ "text/html": anatomyHtml(anatomy), "text/plain": anatomyText(anatomy) });
}

/** Shows a page of a PDF with what was found on it under the running cell. */
export function showPage(view: PageView): Shown {
  return show({ "text/html": pageHtml(view), "text/plain": pageText(view) });
}

/** Figures × prompts for the extension, with its HTML and text twins, by MIME type. */
export function matrixBundle(view: MatrixView): Record<string, unknown> {
  const matrix = buildMatrix(view);
  return {
    [MATRIX_MIME]: { ...view, rows: fitting(view.rows) },
    "text/html": matrixHtml(matrix),
    "text/plain": matrixText(matrix),
  };
}

/** Shows figures × prompts under the running cell. */
export function showMatrix(view: MatrixView): Shown {
  return show(matrixBundle(view));
}

/** A map for the extension, with its HTML and text twins, by MIME type. */
async function mapBundle(view: MapView): Promise<Record<string, unknown>> {
  return { [MAP_MIME]: view, "text/html": await mapHtml(view), "text/plain": mapText(view) };
}

/** Shows a map under the running cell. */
export async function showMap(view: MapView): Promise<Shown> {
  return show(await mapBundle(view));
}
