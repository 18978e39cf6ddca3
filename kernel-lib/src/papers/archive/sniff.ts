import { utf16Of } from "../decode.js";

/** What bytes are by their first bytes; names are never trusted. */
export type ContentKind =
  | "empty"
  | "gzip"
  | "tar"
  | "pdf"
  | "zip"
  | "bzip2"
  | "xz"
  | "zstd"
  | "postscript"
  | "html"
  | "text"
  | "binary";

/** Enough to tell a tar header and to see past a licence comment at the top of an HTML page. */
export const SNIFF_BYTES = 1024;

const SIGNATURES: readonly (readonly [ContentKind, string])[] = [
  ["gzip", "\x1f\x8b"],
  ["pdf", "%PDF-"],
  ["zip", "PK\x03\x04"],
  ["zip", "PK\x05\x06"],
  ["bzip2", "BZh"],
  ["xz", "\xfd7zXZ\0"],
  ["zstd", "\x28\xb5\x2f\xfd"],
  ["postscript", "%!PS"],
];

/** Tells the kind of content from its first {@link SNIFF_BYTES} bytes, or all of it where there is less. */
export function sniffContent(bytes: Buffer): ContentKind {
  const head = bytes.subarray(0, SNIFF_BYTES).toString("latin1");
  // A tar without members is nothing but zeros.
  if (/^\0*$/.test(head)) return "empty";
  const signed = SIGNATURES.find(([, signature]) => head.startsWith(signature));
  if (signed) return signed[0];
  if (isTarHeader(bytes)) return "tar";
  if (/^\s*(?:<!--[\s\S]*?-->\s*)?<(?:!doctype html|html|head|body)\b/i.test(head)) return "html";
  return head.includes("\0") && utf16Of(bytes) === null ? "binary" : "text";
}

/** A tar's first header: by the checksum of its 512 bytes, which old tars without the `ustar` mark have too. */
function isTarHeader(bytes: Buffer): boolean {
  if (bytes.length < 512) return false;
  if (bytes.toString("latin1", 257, 262) === "ustar") return true;
  const stored = Number.parseInt(bytes.toString("latin1", 148, 156).replace(/[\0 ]+/g, ""), 8);
  let sum = 0;
  for (let i = 0; i < 512; i++) sum += i >= 148 && i < 156 ? 0x20 : bytes[i]!;
  return bytes[0] !== 0 && stored === sum;
}

/** Whether text is LaTeX or plain TeX, by a command that no other text has. */
export function isTex(text: string): boolean {
  return /\\(?:documentclass|documentstyle|begin\s*\{|input\b|section\b|magnification\b|bye\b|end\b)/.test(
    text,
  );
}

/** arXiv's mark for a source that is not to be processed, as in the stub of a withdrawn paper. */
export function isWithdrawnStub(text: string): boolean {
  return /^\s*%+\s*auto-ignore/i.test(text);
}
