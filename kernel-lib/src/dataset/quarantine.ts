import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { QuarantineLine } from "../model.js";
import { namesIn } from "./files.js";
import { JsonlWriter, recordsOf } from "./jsonl.js";

/** A line of a quarantine file: a problem that turned up, or the note that it no longer does. */
type Entry = (QuarantineLine | Solved) & {
  /** The stage's item whose work gave the line, e.g. the paper whose archive has the member. */
  of: string;
};
interface Solved {
  item: string;
  reason: string;
  solved: true;
}

/** Open problems by the item whose work gave them, then by what they are about. */
type Problems = Map<string, Map<string, QuarantineLine>>;

const identity = ({ item, reason }: Pick<QuarantineLine, "item" | "reason">): string =>
  JSON.stringify([item, reason]);

/**
 * One stage's quarantine, `quarantine/<stage>.jsonl`: append-only, a problem is listed once however often work is
 * started again, and one that no longer turns up stops counting.
 */
export class Quarantine {
  readonly #writer: JsonlWriter;
  readonly #problems: Problems;

  private constructor(writer: JsonlWriter, problems: Problems) {
    this.#writer = writer;
    this.#problems = problems;
  }

  /** Memory grows with the number of open problems. */
  static async open(folder: string, stage: string): Promise<Quarantine> {
    await mkdir(join(folder, "quarantine"), { recursive: true });
    const path = join(folder, "quarantine", `${stage}.jsonl`);
    const problems = await fold(recordsOf<Entry>(path));
    return new Quarantine(await JsonlWriter.open(path), problems);
  }

  /** Records what was found when the item `of` was worked on: these problems, and no others any more. */
  async settle(of: string, lines: readonly QuarantineLine[]): Promise<void> {
    const before = this.#problems.get(of) ?? new Map<string, QuarantineLine>();
    const now = new Map(lines.map((line) => [identity(line), line]));
    const entries: Entry[] = [];
    for (const [key, line] of now) if (!before.has(key)) entries.push({ ...line, of });
    for (const [key, { item, reason }] of before)
      if (!now.has(key)) entries.push({ item, reason, solved: true, of });
    if (now.size > 0) this.#problems.set(of, now);
    else this.#problems.delete(of);
    await Promise.all(entries.map((entry) => this.#writer.append(entry)));
  }

  close(): Promise<void> {
    return this.#writer.close();
  }
}

/** All open problems of a dataset, by stage, then in the order in which they turned up. */
export async function readQuarantine(folder: string): Promise<QuarantineLine[]> {
  const names = await namesIn(join(folder, "quarantine"));
  const lines: QuarantineLine[] = [];
  for (const name of names.filter((name) => name.endsWith(".jsonl")))
    for (const open of (await fold(recordsOf<Entry>(join(folder, "quarantine", name)))).values())
      for (const line of open.values()) lines.push(line);
  return lines;
}

async function fold(entries: AsyncIterable<Entry>): Promise<Problems> {
  const problems: Problems = new Map();
  for await (const { of, ...entry } of entries) {
    const open = problems.get(of) ?? new Map<string, QuarantineLine>();
    problems.set(of, open);
    if ("solved" in entry) open.delete(identity(entry));
    else open.set(identity(entry), entry);
    if (open.size === 0) problems.delete(of);
  }
  return problems;
}
