import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { openArchive } from "../../../../../kernel-lib/src/papers/archive/open.js";
import { readSource } from "../../../../../kernel-lib/src/papers/read-paper.js";

const shared = join(import.meta.dirname, "../../../../../../shared");
const papers = join(shared, "corpus/jats");

it.skipIf(!existsSync(papers))("real packages are read as independent tools read them", async () => {
  const lines: string[] = [];
  for (const name of readdirSync(papers)) {
    const { figures } = readSource(await openArchive(join(papers, name)));
    for (const found of figures)
      lines.push(JSON.stringify({ ...found, contexts: found.contexts.map(({ text }) => text) }));
  }
  const folder = mkdtempSync(join(tmpdir(), "jats-"));
  const exported = join(folder, "jats.jsonl");
  writeFileSync(exported, lines.join("\n"));
  const tool = join(shared, "tools/score-extraction.mjs");
  const args = ["--truth", join(shared, "corpus/truth"), "--export", exported, "--kind", "jats", "--json"];
  const [scores] = JSON.parse(execFileSync(process.execPath, [tool, ...args], { encoding: "utf8" })) as [
    Record<string, number>,
  ];
  rmSync(folder, { recursive: true });
  for (const column of ["recall", "precision", "captions", "files", "mentions"])
    expect(scores[column], column).toBeGreaterThanOrEqual(98);
});
