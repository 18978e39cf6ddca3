import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BenchOptions, type Part, partText } from "./report.js";

/**
 * Measures the parts of a bench one after another, or the one that was asked for.
 * @param measure yields what came out, which is shown at once; nothing of a part that cannot be measured here
 */
export async function measureParts<Name extends string, P>(
  parts: Record<Name, P>,
  { only, say }: Pick<BenchOptions, "only" | "say">,
  measure: (part: P, name: Name) => AsyncIterable<Part>,
): Promise<Part[]> {
  const all: Part[] = [];
  for (const [name, part] of Object.entries(parts) as [Name, P][]) {
    if (only !== undefined && only !== name) continue;
    for await (const measured of measure(part, name)) {
      say(partText(measured));
      all.push(measured);
    }
  }
  return all;
}

/** Work in a folder of its own, which is gone afterwards. */
export async function inScratch<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "figloom-bench-"));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
