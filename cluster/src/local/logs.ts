import { open } from "node:fs/promises";
import type { LogPart, LogRange } from "../engine.js";
import { ConfigurationError } from "figloom/errors";

const MIB = 1024 * 1024;

/**
 * Reads a piece of a UTF-8 file that may be growing, in whole characters; nothing where there is no file yet.
 * @throws {ConfigurationError} for a range that cannot be right.
 */
export async function readLog(path: string, { from = 0, limit = MIB }: LogRange = {}): Promise<LogPart> {
  if (!Number.isSafeInteger(from)) throw new ConfigurationError(`A log cannot be read from ${from}.`);
  if (!Number.isInteger(limit) || limit < 4 || limit > 16 * MIB)
    throw new ConfigurationError(`A log cannot be read in pieces of ${limit} bytes; give 4 to ${16 * MIB}.`);
  const file = await open(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (!file) return { text: "", next: Math.max(0, from) };
  try {
    const { size } = await file.stat();
    const start = from < 0 ? Math.max(0, size + from) : from;
    const wanted = Math.max(0, Math.min(limit, size - start));
    const { buffer, bytesRead } = await file.read(Buffer.alloc(wanted), 0, wanted, start);
    const bytes = buffer.subarray(0, bytesRead);
    // Counted from the end, the first bytes may be the rest of a character.
    const first = from < 0 && start > 0 ? bytes.findIndex((byte) => !continues(byte)) : 0;
    const last = endOfCharacters(bytes);
    return { text: bytes.toString("utf8", Math.max(0, first), last), next: start + last };
  } finally {
    await file.close();
  }
}

const continues = (byte: number): boolean => (byte & 0xc0) === 0x80;

/** Where the last whole character ends: a sequence that wants more bytes than there are is left for later. */
function endOfCharacters(bytes: Buffer): number {
  const lead = bytes.length - 1 - [...bytes.subarray(-4)].reverse().findIndex((byte) => !continues(byte));
  const byte = bytes[lead];
  if (byte === undefined) return bytes.length;
  const length = byte > 0xf4 ? 1 : byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
  return lead + length > bytes.length ? lead : bytes.length;
}
