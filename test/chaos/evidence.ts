/** What servers' logs and the dataset say about a run. */
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { Dataset } from "../../kernel-lib/src/dataset/store.js";
import type { Recaption } from "../../kernel-lib/src/model.js";

/** A line of a server's log. */
export interface LogLine {
  /** Milliseconds since 1970. */
  time: number;
  event: "asked" | "pictures" | "fault" | "ended" | "died" | "wrong-picture";
  /** `X-Request-Id`. */
  id?: string;
  outcome?: string;
  kind?: string;
  error?: string;
  shas?: string[];
}

/** The logs of all servers, by time. A line that a kill cut in half is passed over. */
export async function readLogs(files: readonly string[]): Promise<LogLine[]> {
  const texts = await Promise.all(files.map((file) => readFile(file, "utf8").catch(() => "")));
  const lines = texts.flatMap((text) => text.split("\n").filter((line) => line.endsWith("}")));
  return lines.map((line) => JSON.parse(line) as LogLine).sort((a, b) => a.time - b.time);
}

/** The figure that a request was about: `paper-000001#fig3`; `null` for one that was about none. */
export function figureAsked({ id = "" }: Pick<LogLine, "id">): string | null {
  const [, paper, figure] = /^(paper-\d{6})\W*_?(?:fig)(\d+)/.exec(decodeURIComponent(id)) ?? [];
  return paper === undefined ? null : `${paper}#fig${figure}`;
}

/** Every caption that was ever kept, those of unsealed ledgers too. */
export async function keptCaptions(
  folder: string,
  variant?: string,
): Promise<Pick<Recaption, "figure_id" | "text" | "variant">[]> {
  const reader = await (await Dataset.open(folder)).read();
  try {
    const all = await reader.all<Pick<Recaption, "figure_id" | "text" | "variant">>(
      "SELECT figure_id, text, variant FROM stored_recaptions",
    );
    return all.filter((caption) => variant === undefined || caption.variant === variant);
  } finally {
    reader.close();
  }
}

/** How many captions stand in the ledger that is being written; cheap, for looking often. */
export class LedgerWatch {
  readonly #read = new Map<string, { bytes: number; lines: number }>();

  constructor(readonly folder: string) {}

  async captions(): Promise<number> {
    const runs = join(this.folder, "runs");
    const names = (await readdir(runs)).filter((name) => name.endsWith("-recaption"));
    for (const name of names) await this.#count(join(runs, name, "ledger", "0.jsonl"));
    return [...this.#read.values()].reduce((sum, { lines }) => sum + lines, 0);
  }

  /** A sealed ledger that is gone keeps its count. */
  async #count(path: string): Promise<void> {
    const size = (await stat(path).catch(() => null))?.size ?? 0;
    if (size <= (this.#read.get(path)?.bytes ?? 0)) return;
    const bytes = await readFile(path).catch(() => Buffer.alloc(0));
    let lines = 0;
    for (const byte of bytes) if (byte === 0x0a) lines++;
    if (bytes.length > 0) this.#read.set(path, { bytes: bytes.length, lines });
  }
}

/** Files below a folder whose bytes hold a text. */
export async function filesWith(folder: string, text: string): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    if ((await readFile(path)).includes(text)) found.push(path);
  }
  return found;
}
