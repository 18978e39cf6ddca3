import { ConfigurationError } from "../errors.js";
import type { Shard } from "./work.js";

/** What one paper brings: of its figures several items may come, or none. */
export interface PaperLoad {
  paper_id: string;
  figures: number;
  items: number;
}

/** Eight digits. */
export const shardName = (index: number): string => String(index).padStart(8, "0");

/** @throws {ConfigurationError} for a size that is none */
export function checkSize(size: number): void {
  if (!Number.isInteger(size) || size < 1)
    throw new ConfigurationError(`The size of a shard is a whole number from 1, not ${size}.`);
}

/**
 * Cuts papers, in order, into shards of at most `size` items. A paper is never divided: one with more is a shard of its
 * own.
 * @param limit figures that are planned at most, of the last paper perhaps not all
 */
export async function* paperShards(
  papers: AsyncIterable<PaperLoad>,
  size: number,
  limit = Infinity,
): AsyncGenerator<Shard> {
  checkSize(size);
  let index = 0;
  let left = limit;
  let open: Open = NOTHING;
  const closed = ({ first, last, figures, items }: Open): Shard[] => {
    const cut = figures > left ? left : null;
    left -= figures;
    const planned = cut === null ? items : Math.ceil((items * cut) / figures);
    if (planned === 0) return [];
    const range = { first, last, ...(cut !== null && { limit: cut }) };
    return [{ id: shardName(index++), items: planned, range }];
  };
  for await (const { paper_id, figures, items } of papers) {
    if (open.figures > 0 && (open.items + items > size || open.figures >= left)) {
      yield* closed(open);
      open = NOTHING;
    }
    if (left <= 0) return;
    open = {
      first: open.figures > 0 ? open.first : paper_id,
      last: paper_id,
      figures: open.figures + figures,
      items: open.items + items,
    };
  }
  if (open.figures > 0) yield* closed(open);
}

interface Open extends Omit<PaperLoad, "paper_id"> {
  first: string;
  last: string;
}

const NOTHING: Open = { first: "", last: "", figures: 0, items: 0 };
