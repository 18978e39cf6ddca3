/** The ways in which an input is no readable paper, each with what it is and what the user can do. */
import { errorText, ItemError } from "../../errors.js";
import type { RefusedMember } from "./archive.js";
import type { ContentKind } from "./sniff.js";

const DOWNLOAD_AGAIN = "Download it again.";
const WHAT_IS_READ =
  "Give the LaTeX source as arXiv hands it out (.tar.gz, .tar, .gz or .tex) or as a .zip, a JATS package (.tar.gz, .zip, .meca) or article (.xml, .nxml), a PDF, or a folder with the unpacked files.";

export const archiveEmpty = (source: string) =>
  new ItemError({
    reason: "archive-empty",
    message: `${source} holds no files.`,
    wayOut: `${DOWNLOAD_AGAIN} If it is empty there too, leave it out.`,
  });

export const archiveTruncated = (source: string, cause?: unknown) =>
  new ItemError({
    reason: "archive-truncated",
    message: `${source} is cut off: its end is missing, as after a broken download.`,
    wayOut: DOWNLOAD_AGAIN,
    cause,
  });

const archiveCorrupt = (source: string, cause: unknown) =>
  new ItemError({
    reason: "archive-corrupt",
    message: `${source} is damaged: its contents do not match their checksums or headers.`,
    wayOut: DOWNLOAD_AGAIN,
    cause,
  });

export const archiveEncrypted = (source: string) =>
  new ItemError({
    reason: "archive-encrypted",
    message: `${source} is encrypted, and no password is known.`,
    wayOut: "Unpack it with its password and give the folder, or leave it out.",
  });

/** An archive of which nothing is left when what must be refused is taken out. */
export function archiveRefused(source: string, refused: readonly RefusedMember[]): ItemError {
  if (refused.every(({ reason }) => reason === "member-encrypted")) return archiveEncrypted(source);
  const { path, message } = refused[0]!;
  return new ItemError({
    reason: "archive-refused",
    message: `${source} holds nothing that may be read. ${path}: ${message}`,
    wayOut: DOWNLOAD_AGAIN,
  });
}

/** What stopped the reading of compressed or packed bytes, as a problem of the archive. */
export function archiveProblem(source: string, error: unknown): ItemError {
  if (error instanceof ItemError) return error;
  const cutOff = /unexpected end of file/.test(errorText(error));
  return cutOff ? archiveTruncated(source, error) : archiveCorrupt(source, error);
}

export const archiveTooLarge = (source: string, what: string) =>
  new ItemError({
    reason: "archive-too-large",
    message: `${source} is too large to read safely: ${what}.`,
    wayOut: "Look at what it holds; if it is a sound paper, raise the archive limits, else leave it out.",
  });

export const archiveUnreadable = (source: string, cause: unknown) =>
  new ItemError({
    reason: "archive-unreadable",
    message: `${source} cannot be opened: ${cause instanceof Error ? cause.message : String(cause)}`,
    wayOut: "Check that the file is there and that you may read it.",
    cause,
  });

export const archiveWithdrawn = (source: string) =>
  new ItemError({
    reason: "archive-withdrawn",
    message: `${source} is the stub that arXiv keeps in place of a withdrawn paper, and holds no paper.`,
    wayOut: "Leave it out, or take an earlier version of the paper (v1).",
  });

/** A file that opens well but is something else than a paper's source. */
export function notASource(source: string, kind: ContentKind): ItemError {
  switch (kind) {
    case "empty":
      return archiveEmpty(source);
    case "html":
      return notLatex(source, "an HTML page, most likely an error page saved in place of the paper");
    case "text":
      return notLatex(source, "plain text that is neither LaTeX nor a JATS article");
    case "postscript":
      return notLatex(source, "a PostScript file");
    case "gzip":
      return notRecognised(source, "gzip inside gzip");
    case "binary":
    case "tar":
      return notRecognised(source, "of no known kind");
    default:
      return notRecognised(source, `a ${kind} archive, which papers do not come as`);
  }
}

const notLatex = (source: string, what: string) =>
  new ItemError({
    reason: "archive-not-latex",
    message: `${source} is ${what}.`,
    wayOut: `${DOWNLOAD_AGAIN} ${WHAT_IS_READ}`,
  });

const notRecognised = (source: string, what: string) =>
  new ItemError({
    reason: "archive-not-recognised",
    message: `${source} is ${what}.`,
    wayOut: WHAT_IS_READ,
  });
