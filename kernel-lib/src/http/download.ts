import { open, readFile, rm, stat, writeFile, type FileHandle } from "node:fs/promises";
import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { dirname } from "node:path";
import { diskProblem } from "../disk/files.js";
import { errorText } from "../errors.js";
import type { Courier, Request } from "./courier.js";
import { PassingError } from "./problems.js";
import type { Server } from "./server.js";

/** What is to be downloaded. */
export interface Download {
  server: Server;
  url: string;
  /** Where the bytes gather; they stay there when the process dies. */
  part: string;
  /** What messages call it. */
  name: string;
  /** Most bytes that are taken. */
  limit: number;
  request?: Request;
  /** What is thrown where there are more. */
  tooLarge: () => Error;
  /** Hears how many bytes there are by now. */
  onBytes?: (bytes: number) => void;
}

/** What is known about the bytes that gather in a part; beside it, as `<part>.json`. */
interface PartNote {
  url: string;
  /** What the server calls this state of the file: its ETag or time. Without one, no download is resumed. */
  validator: string | null;
  /** Bytes of the whole, where the server said. */
  total: number | null;
}

/**
 * Downloads a file into its part, going on where an earlier attempt stopped if the server still has the same file. A
 * part that is complete is not asked for again.
 *
 * @param check looks at the finished part; a {@link PassingError} of it has the download begun anew
 * @throws {StatusError} for an answer that is not the file
 * @throws what `tooLarge` gives
 */
export async function download<T>(
  courier: Courier,
  what: Download,
  check: (part: string) => Promise<T>,
): Promise<T> {
  return courier.patiently(what.server, async () => {
    if (!(await isComplete(what))) await transfer(courier, what);
    try {
      return await check(what.part);
    } catch (error) {
      // Who cancels has not found it wrong.
      if (!courier.signal.aborted) await dropPart(what.part);
      throw error;
    }
  });
}

/** Removes what gathered. */
export async function dropPart(part: string): Promise<void> {
  await rm(part, { force: true });
  await rm(`${part}.json`, { force: true });
}

async function isComplete({ part, url }: Download): Promise<boolean> {
  const note = await readNote(part);
  return note !== null && note.url === url && note.total !== null && note.total === (await sizeOf(part));
}

async function transfer(courier: Courier, what: Download): Promise<void> {
  const { server, url, part, name, limit, tooLarge } = what;
  const note = await readNote(part);
  const have = note?.url === url && note.validator !== null ? await sizeOf(part) : 0;
  const range =
    have > 0 ? { range: `bytes=${have}-`, "if-range": note!.validator! } : ({} as Record<string, string>);
  const reply = await courier.open(server, url, {
    ...what.request,
    headers: { ...what.request?.headers, ...range },
  });
  if (reply.statusCode === 416 || (reply.statusCode === 206 && rangeStart(reply.headers) !== have)) {
    reply.destroy();
    await dropPart(part);
    throw new PassingError(`${server.name} has another file of ${name} by now`);
  }
  const start = reply.statusCode === 206 ? have : 0;
  const length = lengthOf(reply.headers);
  const total = length === null ? null : start + length;
  if (total !== null && total > limit) {
    reply.destroy();
    await dropPart(part);
    throw tooLarge();
  }
  const file = await open(part, start > 0 ? "r+" : "w");
  try {
    await writeFile(`${part}.json`, JSON.stringify({ url, validator: validatorOf(reply.headers), total }));
    const size = await append(file, reply, start, what);
    if (size > limit) {
      await dropPart(part);
      throw tooLarge();
    }
    if (total !== null && size !== total)
      throw new PassingError(`${name} broke off after ${size} of ${total} bytes`);
    await file.sync();
  } catch (error) {
    courier.signal.throwIfAborted();
    throw error;
  } finally {
    await file.close();
  }
}

/** Writes the body behind `start`; returns the size of the file, or more than `limit` where the body is longer. */
async function append(
  file: FileHandle,
  reply: IncomingMessage,
  start: number,
  { limit, part, onBytes }: Download,
): Promise<number> {
  let position = start;
  try {
    for await (const chunk of reply as AsyncIterable<Buffer>) {
      if (position + chunk.length > limit) return position + chunk.length;
      await file.write(chunk, 0, chunk.length, position);
      position += chunk.length;
      onBytes?.(position);
    }
  } catch (error) {
    const problem = diskProblem(dirname(part), error);
    if (problem !== error) throw problem;
    throw new PassingError(`the download broke off after ${position} bytes (${errorText(error)})`);
  }
  return position;
}

async function readNote(part: string): Promise<PartNote | null> {
  try {
    return JSON.parse(await readFile(`${part}.json`, "utf8")) as PartNote;
  } catch {
    return null;
  }
}

const sizeOf = async (path: string): Promise<number> => (await stat(path).catch(() => null))?.size ?? 0;

const lengthOf = (headers: IncomingHttpHeaders): number | null => {
  const text = headers["content-length"];
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : null;
};

/** Weak validators do not promise the same bytes (RFC 9110, 13.1.5). */
const validatorOf = ({ etag, "last-modified": modified }: IncomingHttpHeaders): string | null =>
  etag !== undefined && !etag.startsWith("W/") ? etag : (modified ?? null);

const rangeStart = (headers: IncomingHttpHeaders): number =>
  Number(/^bytes (\d+)-/.exec(headers["content-range"] ?? "")?.[1] ?? -1);
