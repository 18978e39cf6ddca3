import { withDeadline } from "../../deadline.js";
import { ItemError } from "../../errors.js";
import { withPdfium, type PdfDocument } from "../../pdfium/document.js";
import type { Opened, PageContents } from "../../pdfium/messages.js";
import type { PdfLimits } from "./limits.js";
import { readLines } from "./lines.js";
import type { Box, Page } from "./page.js";
import { pdfBroken, pdfEmpty, pdfEncrypted, pdfTooLong, pdfTooSlow } from "./problems.js";

export interface Pages {
  pages: Page[];
  /** What the file says of itself. */
  info: Opened["info"];
  warnings: string[];
}

/** What every page of a PDF holds. A page that is broken or takes too long is empty in it, with a warning. */
export async function readPages(
  bytes: Uint8Array,
  source: string,
  limits: PdfLimits,
  signal: AbortSignal | undefined,
): Promise<Pages> {
  const read: Pages = { pages: [], info: { ...NO_INFO }, warnings: [] };
  try {
    // A page that fails takes PDFium with it, so that the rest is read at another turn.
    while (
      !(await withPdfium((open) =>
        withDeadline(limits.seconds, signal, async (stop) =>
          readOn(read, await open(bytes, stop), source, limits, stop),
        ),
      ))
    );
  } catch (error) {
    signal?.throwIfAborted();
    throw pdfProblem(error, source);
  }
  return read;
}

const NO_INFO: Opened["info"] = {
  Title: "",
  Author: "",
  Subject: "",
  Keywords: "",
  Creator: "",
  Producer: "",
};

/** Reads the pages that are missing; `false` where one failed and others are left. */
async function readOn(
  read: Pages,
  pdf: PdfDocument,
  source: string,
  limits: PdfLimits,
  stop: AbortSignal,
): Promise<boolean> {
  if (pdf.pages === 0) throw pdfEmpty(source);
  if (pdf.pages > limits.pages) throw pdfTooLong(source, pdf.pages, limits.pages);
  read.info = pdf.info;
  while (read.pages.length < pdf.pages) {
    const number = read.pages.length + 1;
    try {
      const contents = await withDeadline(limits.pageSeconds, stop, (signal) =>
        pdf.contents(number, limits, signal),
      );
      if (contents.cut) read.warnings.push(`Page ${number} holds more than is read of a page.`);
      read.pages.push(toPage(number, contents));
    } catch (error) {
      stop.throwIfAborted();
      read.warnings.push(`Page ${number} could not be read: ${(error as Error).message}.`);
      read.pages.push({ number, width: 0, height: 0, lines: [], images: [], paths: [] });
      return false;
    }
  }
  return true;
}

function toPage(number: number, { width, height, glyphs, images, paths }: PageContents): Page {
  const { lines, slanted } = readLines(glyphs, [0, 0, width, height]);
  return { number, width, height, lines, images: boxesOf(images), paths: [...boxesOf(paths), ...slanted] };
}

function boxesOf(numbers: Float32Array): Box[] {
  const boxes: Box[] = [];
  for (let i = 0; i < numbers.length; i += 4) boxes.push([...numbers.subarray(i, i + 4)] as unknown as Box);
  return boxes;
}

function pdfProblem(error: unknown, source: string): ItemError {
  if (error instanceof ItemError) return error;
  if (error instanceof Error && error.name === "TimeoutError") return pdfTooSlow(source, error);
  return (error as { code?: number }).code === 4 ? pdfEncrypted(source, error) : pdfBroken(source, error);
}
