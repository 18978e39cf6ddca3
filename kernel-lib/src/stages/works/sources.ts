import { open } from "node:fs/promises";
import { commitFile, partial } from "../../disk/files.js";
import { asStored } from "../../dataset/order.js";
import { ConfigurationError, errorText } from "../../errors.js";
import type { SkippedSource, Source, SourceList } from "../../papers/sources.js";
import { linesOf } from "../../text/lines.js";
import {
  metadataOfPlace,
  type MetadataFile,
  type MetadataPlace,
  type PaperMetadata,
  searchMetadata,
} from "../metadata.js";
import { checkSize, shardName } from "../shards.js";
import type { Shard } from "../work.js";

type ByteRange = { start: number; end: number };

/** A paper that is to be read, or an input that cannot be one, and why. */
export interface ListedSource extends Source {
  skipped: Pick<SkippedSource, "reason" | "message" | "way_out"> | null;
}

/** What inputs stand for, as the dataset sorts papers. */
export interface Sources {
  count(): Promise<number>;
  /** All of them, or those of a shard. */
  read(range?: ByteRange): Iterable<ListedSource> | AsyncIterable<ListedSource>;
  /** What is known about a paper from outside. */
  metadataOf(source: Source): Promise<PaperMetadata | null>;
  shards(size: number): AsyncIterable<Shard>;
  close(): Promise<void>;
}

/** As the dataset sorts papers. */
export const inOrder = ({ sources, skipped }: SourceList): ListedSource[] =>
  [
    ...sources.map((source) => ({ ...source, skipped: null })),
    ...skipped.map(({ paper_id, path, ...why }) => ({ paper_id, path, pdf: null, skipped: why })),
  ].sort((a, b) => asStored(a.paper_id, b.paper_id));

/** Inputs that this process has found; they cannot be divided among others. */
export function listedSources(list: SourceList, metadata: readonly MetadataFile[]): Sources {
  return {
    count: () => Promise.resolve(list.sources.length + list.skipped.length),
    read: () => inOrder(list),
    async metadataOf({ paper_id }) {
      for (const file of metadata) {
        const found = await file.about(paper_id);
        if (found) return found;
      }
      return null;
    },
    shards() {
      throw new Error("Write the sources to a file: workers read it.");
    },
    async close() {
      for (const file of metadata) await file.close();
    },
  };
}

/** A line of a file of sources. */
interface SourceLine extends ListedSource {
  metadata: MetadataPlace | null;
}

/** Longest line, in bytes. */
const LINE_LIMIT = 2 ** 20;

/**
 * Writes down what inputs stand for, one paper a line, with the place of their metadata: workers need not search for it.
 * @param metadata the user's metadata file; `null` for those that lie beside the papers
 * @throws {ConfigurationError} for a metadata file that cannot be read
 */
export async function writeSources(
  path: string,
  list: SourceList,
  metadata: string | null = null,
): Promise<void> {
  const files = await searchMetadata(list.sources, metadata);
  const draft = partial(path);
  const file = await open(draft, "w");
  try {
    let text = "";
    for (const source of inOrder(list)) {
      const places = files.map((each) => each.placeOf(source.paper_id));
      const line: SourceLine = { ...source, metadata: places.find((place) => place !== null) ?? null };
      text += `${JSON.stringify(line)}\n`;
      if (text.length < 2 ** 20) continue;
      await file.writeFile(text);
      text = "";
    }
    await file.writeFile(text);
  } finally {
    await file.close();
    for (const each of files) await each.close();
  }
  await commitFile(draft, path);
}

/** Papers of a file that {@link writeSources} has written. Streams. */
export function filedSources(path: string): Sources {
  async function* lines({ start, end }: ByteRange): AsyncGenerator<SourceLine> {
    for await (const { bytes, start: at } of linesOf(path, LINE_LIMIT, start)) {
      if (at >= end) return;
      yield JSON.parse(bytes.toString("utf8")) as SourceLine;
    }
  }
  const telling = async function* <T>(items: AsyncIterable<T>): AsyncGenerator<T> {
    try {
      yield* items;
    } catch (error) {
      throw new ConfigurationError(`The list of papers ${path} cannot be read: ${errorText(error)}`, {
        cause: error,
      });
    }
  };
  return {
    async count() {
      let count = 0;
      const lines = telling(linesOf(path, LINE_LIMIT));
      while (!(await lines.next()).done) count++;
      return count;
    },
    read: (range = { start: 0, end: Infinity }) => telling(lines(range)),
    metadataOf: async (source) => {
      const { paper_id, metadata } = source as SourceLine;
      return metadata && metadataOfPlace(paper_id, metadata);
    },
    async *shards(size) {
      checkSize(size);
      let [index, items, start, end] = [0, 0, 0, 0];
      const shard = (): Shard => ({ id: shardName(index++), items, range: { start, end } });
      for await (const { bytes, start: at } of telling(linesOf(path, LINE_LIMIT))) {
        if (items === size) {
          yield shard();
          [start, items] = [at, 0];
        }
        items++;
        end = at + bytes.length + 1;
      }
      if (items > 0) yield shard();
    },
    close: () => Promise.resolve(),
  };
}
