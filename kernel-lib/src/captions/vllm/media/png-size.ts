import type { Size } from "../../../figures/picture.js";

const SIGNATURE = Buffer.from("\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "latin1");

/** Width and height by the header of a PNG, which stand behind its signature; `null` for what is no PNG. */
export function pngSize(bytes: Buffer): Size | null {
  const start = SIGNATURE.length;
  if (bytes.length < start + 8 || !bytes.subarray(0, start).equals(SIGNATURE)) return null;
  return { width: bytes.readUInt32BE(start), height: bytes.readUInt32BE(start + 4) };
}
