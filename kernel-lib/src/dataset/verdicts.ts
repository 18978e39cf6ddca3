import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { CaptionVerdict, Judged } from "../views/trial-service.js";
import { JsonlWriter, recordsOf } from "../disk/jsonl.js";

/** Beside the prompts' texts: append-only, of two lines about the same the later one counts. */
const fileOf = (folder: string): string => join(folder, "prompts", "verdicts.jsonl");

interface Line extends Judged {
  /** ISO 8601. */
  at: string;
}

/** Notes what a person thinks of a prompt's caption of a figure; on the disk when it resolves. */
export async function noteVerdict(
  folder: string,
  { figure_id, prompt_hash, model, verdict }: Judged,
): Promise<void> {
  await mkdir(join(folder, "prompts"), { recursive: true });
  const writer = await JsonlWriter.open(fileOf(folder));
  try {
    const line: Line = { figure_id, prompt_hash, model, verdict, at: new Date().toISOString() };
    await writer.append(line);
  } finally {
    await writer.close();
  }
}

/** The verdicts that stand, about captions of these prompts. Reads all that were ever given. */
export async function verdictsOn(folder: string, prompt_hashes: ReadonlySet<string>): Promise<Judged[]> {
  const standing = new Map<string, Judged & { verdict: CaptionVerdict }>();
  for await (const { figure_id, prompt_hash, model, verdict } of recordsOf<Line>(fileOf(folder))) {
    if (!prompt_hashes.has(prompt_hash)) continue;
    const about = JSON.stringify([figure_id, prompt_hash, model]);
    if (verdict === null) standing.delete(about);
    else standing.set(about, { figure_id, prompt_hash, model, verdict });
  }
  return [...standing.values()];
}
