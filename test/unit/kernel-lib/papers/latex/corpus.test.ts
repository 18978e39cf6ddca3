import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { openArchive } from "../../../../../kernel-lib/src/papers/archive/open.js";
import { readLatex } from "../../../../../kernel-lib/src/papers/latex/index.js";

const shared = join(import.meta.dirname, "../../../../../../shared");
const papers = join(shared, "corpus/latex");

it.skipIf(!existsSync(papers))("real papers are read as independent tools and eyes read them", async () => {
  const lines: string[] = [];
  for (const name of readdirSync(papers)) {
    const { figures } = readLatex(await openArchive(join(papers, name)));
    for (const found of figures)
      lines.push(JSON.stringify({ ...found, contexts: found.contexts.map(({ text }) => text) }));
  }
  const folder = mkdtempSync(join(tmpdir(), "latex-"));
  const exported = join(folder, "latex.jsonl");
  writeFileSync(exported, lines.join("\n"));
  const tool = join(shared, "tools/score-extraction.mjs");
  const args = ["--truth", join(shared, "corpus/truth"), "--export", exported, "--kind", "latex", "--json"];
  const [scores] = JSON.parse(execFileSync(process.execPath, [tool, ...args], { encoding: "utf8" })) as [
    Record<string, number>,
  ];
  rmSync(folder, { recursive: true });
  const bounds = {
    recall: 99,
    precision: 98,
    captions: 97,
    files: 98,
    numbers: 95,
    panels: 90,
    mentions: 93,
  };
  for (const [column, bound] of Object.entries(bounds))
    expect(scores[column], column).toBeGreaterThanOrEqual(bound);
});
