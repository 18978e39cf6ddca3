/** How a graphic is drawn: each kind has its own way. */
export type GraphicKind = "pdf" | "postscript" | "svg" | "raster";

const RASTER_SIGNATURES = [
  "\x89PNG\r\n\x1a\n",
  "\xff\xd8\xff",
  "GIF87a",
  "GIF89a",
  "II*\0",
  "MM\0*",
  "II+\0",
  "MM\0+",
];
const DOS_EPS = "\xc5\xd0\xd3\xc6";

/** Tells what a graphic is from its bytes, whatever its name says; `undefined` for what cannot be drawn. */
export function sniffGraphic(bytes: Buffer): GraphicKind | undefined {
  const head = bytes.subarray(0, 1024).toString("latin1");
  if (RASTER_SIGNATURES.some((signature) => head.startsWith(signature))) return "raster";
  if (head.startsWith("RIFF") && head.startsWith("WEBP", 8)) return "raster";
  if (head.startsWith(DOS_EPS) || /^[\x04\s]*%!/.test(head)) return "postscript";
  // A PDF may have up to 1,024 bytes of something else before its header (ISO 32000-1, annex H.3.4.1).
  if (head.includes("%PDF-")) return "pdf";
  if (
    /^(?:\xef\xbb\xbf)?\s*</.test(head) &&
    /<(?:\w+:)?svg[\s>]/.test(bytes.subarray(0, 65_536).toString("latin1"))
  ) {
    return "svg";
  }
  return undefined;
}
