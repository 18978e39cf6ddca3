import { createReadStream } from "node:fs";

/** A line of a file, without its line feed. */
export interface Line {
  bytes: Buffer;
  /** Byte at which it stands. */
  start: number;
  /** Whether a line feed ends it; `false` for what stands behind the last one, if anything does. */
  whole: boolean;
}

/**
 * The lines of a file, streamed; memory holds one of them and a piece of the file. Node's own line reader would gather
 * a line without end until the process dies of it.
 * @param limit bytes of a line
 * @param from byte to begin at, where a line begins
 * @throws for a longer line, and what the system says of a file that cannot be read
 */
export async function* linesOf(path: string, limit: number, from = 0): AsyncGenerator<Line> {
  let rest: Buffer[] = [];
  let [held, start] = [0, from];
  for await (const chunk of createReadStream(path, { start: from }) as AsyncIterable<Buffer>) {
    let from = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, from)) {
      const bytes = Buffer.concat([...rest, chunk.subarray(from, end)]);
      yield { bytes, start, whole: true };
      start += bytes.length + 1;
      [rest, held, from] = [[], 0, end + 1];
    }
    rest.push(chunk.subarray(from));
    held += chunk.length - from;
    if (held > limit) throw new Error(`a line of it is longer than ${limit} bytes`);
  }
  if (held > 0) yield { bytes: Buffer.concat(rest), start, whole: false };
}
