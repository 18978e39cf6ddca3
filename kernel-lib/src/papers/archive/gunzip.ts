import { Readable } from "node:stream";
import { createGunzip } from "node:zlib";

/**
 * Decompresses gzip piece by piece. The reader sets the pace: what it does not ask for is not inflated, so it can
 * stop at any limit by leaving the loop.
 * @throws zlib's errors for data that is cut off (`unexpected end of file`) or damaged.
 */
export async function* gunzip(bytes: Buffer): AsyncGenerator<Buffer> {
  const source = Readable.from([bytes]);
  const inflated = source.pipe(createGunzip({ chunkSize: 256 * 1024 }));
  try {
    yield* inflated as AsyncIterable<Buffer>;
  } finally {
    source.destroy();
    inflated.destroy();
  }
}

/** The file name that a gzip header carries (RFC 1952, FNAME), if any. */
export function gzipName(bytes: Buffer): string | undefined {
  const HAS_EXTRA = 4;
  const HAS_NAME = 8;
  const flags = bytes[3] ?? 0;
  if (!(flags & HAS_NAME)) return undefined;
  const start = flags & HAS_EXTRA && bytes.length >= 12 ? 12 + bytes.readUInt16LE(10) : 10;
  const end = bytes.indexOf(0, start);
  return end > start ? bytes.toString("latin1", start, end) : undefined;
}
