import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { QuarantineLine } from "../model.js";
import { namesIn } from "../disk/files.js";
import { JsonlWriter, recordsOf } from "../disk/jsonl.js";

/** A line of a quarantine file: a problem that turned up, or the note that it no longer does. */
type Entry = (QuarantineLine | Solved) & {
  /** The stage's item whose work gave the line, e.g. the paper whose archive has the member. */
  of: string;
  /** Identity of the work that failed, see `keys.ts`; absent where it is to be tried again. */
  key?: string;
};
interface Solved {
  item: string;
  reason: string;
  solved: true;
}

/** What is known of an item from now on: these problems and no others. */
export interface Settled {
  of: string;
  lines: QuarantineLine[];
  /** Identity of the work that failed, where the same work would fail again; `null` otherwise. */
  key: string | null;
}

/** What is open about one of the stage's items. */
interface Open {
  /** By what they are about. */
  lines: Map<string, QuarantineLine>;
  key: string | null;
}

const identity = ({ item, reason }: Pick<QuarantineLine, "item" | "reason">): string =>
  JSON.stringify([item, reason]);

/**
 * One stage's quarantine, `quarantine/<stage>.jsonl`: append-only, a problem is listed once however often work is
 * started again, and one that no longer turns up stops counting.
 */
export class Quarantine {
  readonly #writer: JsonlWriter;
  readonly #open: Map<string, Open>;

  private constructor(writer: JsonlWriter, open: Map<string, Open>) {
    this.#writer = writer;
    this.#open = open;
  }

  /**
   * Memory grows with the number of open problems.
   * @param check see {@link JsonlWriter.open}
   */
  static async open(folder: string, stage: string, check?: () => void): Promise<Quarantine> {
    await mkdir(join(folder, "quarantine"), { recursive: true });
    const path = join(folder, "quarantine", `${stage}.jsonl`);
    const open = await fold(recordsOf<Entry>(path));
    return new Quarantine(await JsonlWriter.open(path, check), open);
  }

  /**
   * Records what was found when the item `of` was worked on: these problems, and no others any more.
   * @param key identity of the work, where the same work would fail again: {@link failedWith} gives it at later starts
   */
  async settle(of: string, lines: readonly QuarantineLine[], key: string | null = null): Promise<void> {
    const before = this.#open.get(of) ?? NOTHING;
    const now = new Map(lines.map((line) => [identity(line), line]));
    const entries: Entry[] = [];
    for (const [name, line] of now)
      if (!before.lines.has(name) || before.key !== key)
        entries.push({ ...line, of, ...(key !== null && { key }) });
    for (const [name, { item, reason }] of before.lines)
      if (!now.has(name)) entries.push({ item, reason, solved: true, of });
    if (now.size > 0) this.#open.set(of, { lines: now, key });
    else this.#open.delete(of);
    await Promise.all(entries.map((entry) => this.#writer.append(entry)));
  }

  /** Identity of the work that the item `of` failed with last; `null` where it did not, or may go well another time. */
  failedWith(of: string): string | null {
    return this.#open.get(of)?.key ?? null;
  }

  close(): Promise<void> {
    return this.#writer.close();
  }
}

const NOTHING: Open = { lines: new Map(), key: null };

/** All open problems of a dataset, by stage, then in the order in which they turned up. */
export async function readQuarantine(folder: string): Promise<QuarantineLine[]> {
  const names = await namesIn(join(folder, "quarantine"));
  const all: QuarantineLine[] = [];
  for (const name of names.filter((name) => name.endsWith(".jsonl")))
    for (const { lines } of (await fold(recordsOf<Entry>(join(folder, "quarantine", name)))).values())
      for (const line of lines.values()) all.push(line);
  return all;
}

/** What {@link Quarantine.failedWith} would say of a stage's items, for those that read only. */
export async function readFailures(folder: string, stage: string): Promise<Map<string, string>> {
  const open = await fold(recordsOf<Entry>(join(folder, "quarantine", `${stage}.jsonl`)));
  return new Map([...open].flatMap(([of, { key }]) => (key === null ? [] : [[of, key]])));
}

async function fold(entries: AsyncIterable<Entry>): Promise<Map<string, Open>> {
  const all = new Map<string, Open>();
  for await (const { of, key = null, ...entry } of entries) {
    const open = all.get(of) ?? { lines: new Map<string, QuarantineLine>(), key: null };
    all.set(of, open);
    if ("solved" in entry) open.lines.delete(identity(entry));
    else {
      open.lines.set(identity(entry), entry);
      open.key = key;
    }
    if (open.lines.size === 0) all.delete(of);
  }
  return all;
}
