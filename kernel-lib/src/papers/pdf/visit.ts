import { withDeadline } from "../../deadline.js";
import { ItemError } from "../../errors.js";
import { withPdfium, type PdfDocument } from "../../pdfium/document.js";
import type { PdfLimits } from "./limits.js";
import { pdfBroken, pdfEncrypted, pdfTooSlow } from "./problems.js";

/** What is done with the pages of a PDF, one after the other. */
export interface Visit {
  /** The pages that are wanted, from 1, once the document is open. */
  pages(pdf: PdfDocument): readonly number[];
  visit(pdf: PdfDocument, page: number, signal: AbortSignal): Promise<void>;
  /** A page that is broken or takes too long. */
  failed(page: number, error: Error): void;
}

/** So many broken pages make a broken document. */
const FAILURES = 10;

/**
 * Visits pages, each for `limits.pageSeconds` at most, all of them for `limits.seconds`. A page that fails takes PDFium
 * with it; the rest is visited at another turn.
 * @throws {ItemError} `pdf-encrypted`, `pdf-broken`, `pdf-too-slow` and what `visit` throws; the reason of `signal`
 */
export async function visitPages(
  bytes: Uint8Array,
  source: string,
  limits: PdfLimits,
  signal: AbortSignal | undefined,
  visit: Visit,
): Promise<void> {
  const progress = { done: 0, failures: 0, seconds: limits.seconds };
  try {
    for (let left = true; left;)
      left = await withPdfium(async (open) => {
        const start = performance.now();
        const rest = await withDeadline(progress.seconds, signal, async (stop) =>
          visitOn(await open(bytes, stop), visit, progress, limits, stop),
        );
        progress.seconds -= (performance.now() - start) / 1000;
        return rest;
      });
  } catch (error) {
    signal?.throwIfAborted();
    throw pdfProblem(error, source);
  }
}

/** Goes on where the last turn ended; `true` where a page failed and others are left. */
async function visitOn(
  pdf: PdfDocument,
  visit: Visit,
  progress: { done: number; failures: number },
  limits: PdfLimits,
  stop: AbortSignal,
): Promise<boolean> {
  const pages = visit.pages(pdf);
  while (progress.done < pages.length) {
    const page = pages[progress.done++]!;
    try {
      await withDeadline(limits.pageSeconds, stop, (signal) => visit.visit(pdf, page, signal));
    } catch (error) {
      stop.throwIfAborted();
      if (error instanceof ItemError || ++progress.failures > FAILURES) throw error;
      visit.failed(page, error as Error);
      return true;
    }
  }
  return false;
}

function pdfProblem(error: unknown, source: string): ItemError {
  if (error instanceof ItemError) return error;
  if (error instanceof Error && error.name === "TimeoutError") return pdfTooSlow(source, error);
  return (error as { code?: number }).code === 4 ? pdfEncrypted(source, error) : pdfBroken(source, error);
}
