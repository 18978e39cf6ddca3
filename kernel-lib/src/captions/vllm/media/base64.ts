export const base64Length = (bytes: number): number => 4 * Math.ceil(bytes / 3);

/** Bytes that are encoded at a time; of three bytes each, so that no padding comes between. */
const STEP = 3 * 16_384;

/** Base64 as bytes, ready for a socket; on the way there is never a string of the whole. */
export function toBase64(bytes: Buffer): Buffer {
  const encoded = Buffer.allocUnsafeSlow(base64Length(bytes.length));
  for (let at = 0; at < bytes.length; at += STEP)
    encoded.write(bytes.toString("base64", at, at + STEP), (at / 3) * 4, "latin1");
  return encoded;
}
