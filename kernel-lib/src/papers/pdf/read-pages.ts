import type { Opened, PageContents } from "../../pdfium/messages.js";
import type { PdfLimits } from "./limits.js";
import { readLines } from "./lines.js";
import type { Box, Page } from "./page.js";
import { pdfEmpty, pdfTooLarge, pdfTooLong } from "./problems.js";
import { visitPages } from "./visit.js";

export interface Pages {
  pages: Page[];
  /** What the file says of itself. */
  info: Opened["info"];
  warnings: string[];
}

/**
 * What every page of a PDF holds. A page that is broken or takes too long is empty in it, with a warning.
 * @throws {ItemError} `pdf-encrypted`, `pdf-broken`, `pdf-empty`, `pdf-too-long`, `pdf-too-large`, `pdf-too-slow`; the
 *   reason of `signal` when aborted.
 */
export async function readPages(
  bytes: Uint8Array,
  source: string,
  limits: PdfLimits,
  signal: AbortSignal | undefined,
): Promise<Pages> {
  const pages: Page[] = [];
  const warnings: string[] = [];
  let info: Opened["info"] | undefined;
  let parts = 0;
  await visitPages(bytes, source, limits, signal, {
    pages(pdf) {
      if (pdf.pages === 0) throw pdfEmpty(source);
      if (pdf.pages > limits.pages) throw pdfTooLong(source, pdf.pages, limits.pages);
      info = pdf.info;
      return Array.from({ length: pdf.pages }, (_, i) => i + 1);
    },
    async visit(pdf, number, stop) {
      const contents = await pdf.contents(number, limits, stop);
      if (contents.cut) warnings.push(`Page ${number} holds more than is read of a page.`);
      const page = toPage(number, contents);
      parts += contents.glyphs.codes.length + page.images.length + page.paths.length;
      if (parts > limits.parts) throw pdfTooLarge(source);
      pages.push(page);
    },
    failed(number, error) {
      warnings.push(`Page ${number} could not be read: ${error.message}.`);
      pages.push({ number, width: 0, height: 0, lines: [], images: [], paths: [] });
    },
  });
  return { pages, info: info!, warnings };
}

function toPage(number: number, { width, height, glyphs, images, paths }: PageContents): Page {
  const { lines, slanted } = readLines(glyphs, [0, 0, width, height]);
  return {
    number,
    width,
    height,
    lines,
    images: boxesOf(images),
    paths: [...distinct(boxesOf(paths)), ...slanted],
  };
}

function boxesOf(numbers: Float32Array): Box[] {
  const boxes: Box[] = [];
  for (let i = 0; i < numbers.length; i += 4) boxes.push([...numbers.subarray(i, i + 4)] as unknown as Box);
  return boxes;
}

/** Drawings of more paths are thinned out: of those that differ by less than a point one stays. */
const MANY_PATHS = 5000;

function distinct(boxes: Box[]): Box[] {
  if (boxes.length <= MANY_PATHS) return boxes;
  const kept = new Map<string, Box>();
  for (const box of boxes) {
    const key = box.map(Math.round).join(" ");
    if (!kept.has(key)) kept.set(key, box);
  }
  return [...kept.values()];
}
