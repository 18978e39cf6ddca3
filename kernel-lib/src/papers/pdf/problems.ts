/** The ways in which a PDF gives no paper, each with what the user can do. */
import { errorText, ItemError } from "../../errors.js";

const SOURCE_INSTEAD = "give the paper's LaTeX or JATS source";

export const pdfEncrypted = (source: string, cause?: unknown) =>
  new ItemError({
    reason: "pdf-encrypted",
    message: `${source} is locked with a password.`,
    wayOut: `Save it without the password, or ${SOURCE_INSTEAD}.`,
    cause,
  });

export const pdfBroken = (source: string, cause: unknown) =>
  new ItemError({
    reason: "pdf-broken",
    message: `${source} cannot be read as a PDF: ${errorText(cause).replace(/\.$/, "")}.`,
    wayOut: `Download it again; if other programs cannot open it either, ${SOURCE_INSTEAD}.`,
    cause,
  });

export const pdfEmpty = (source: string) =>
  new ItemError({
    reason: "pdf-empty",
    message: `${source} has no pages.`,
    wayOut: `Download it again, or ${SOURCE_INSTEAD}.`,
  });

export const pdfTooLong = (source: string, pages: number, limit: number) =>
  new ItemError({
    reason: "pdf-too-long",
    message: `${source} has ${pages} pages, more than the ${limit} that are read.`,
    wayOut: "Raise the limit on pages if it is a paper, or give the part that is one.",
  });

export const pdfScanned = (source: string) =>
  new ItemError({
    reason: "pdf-scanned",
    message: `${source} is a scan: its pages are pictures without text.`,
    wayOut: `Run it through a program that recognises text (such as ocrmypdf), or ${SOURCE_INSTEAD}.`,
  });

export const pdfTooSlow = (source: string, cause: unknown) =>
  new ItemError({
    reason: "pdf-too-slow",
    message: `${source} takes longer to read than the time limit.`,
    wayOut: "Raise the limit on seconds, or save the PDF in a simpler form.",
    cause,
  });

export const pdfTooLarge = (source: string) =>
  new ItemError({
    reason: "pdf-too-large",
    message: `${source} holds more text and drawings than are read of a paper.`,
    wayOut: "Raise the limit on parts if it is a paper, or give the part that is one.",
  });
