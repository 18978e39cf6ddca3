import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { openArchive } from "../../../../../kernel-lib/src/papers/archive/open.js";
import { readPdf } from "../../../../../kernel-lib/src/papers/pdf/read-pdf.js";

const shared = join(import.meta.dirname, "../../../../../../shared");
const papers = join(shared, "corpus/pdf");

it.skipIf(!existsSync(papers))(
  "the figures of real papers are found where eyes see them",
  async () => {
    const lines: string[] = [];
    for (const name of readdirSync(papers)) {
      const { figures } = await readPdf(await openArchive(join(papers, name)));
      for (const found of figures)
        lines.push(JSON.stringify({ ...found, contexts: found.contexts.map(({ text }) => text) }));
    }
    const folder = mkdtempSync(join(tmpdir(), "pdf-"));
    const exported = join(folder, "pdf.jsonl");
    writeFileSync(exported, lines.join("\n"));
    const tool = join(shared, "tools/score-extraction.mjs");
    const truth = ["--truth", join(shared, "corpus/truth"), "--boxes", join(shared, "corpus/truth-pdf")];
    const args = [tool, ...truth, "--export", exported, "--kind", "pdf", "--json"];
    const [scores] = JSON.parse(execFileSync(process.execPath, args, { encoding: "utf8" })) as [
      Record<string, number>,
    ];
    rmSync(folder, { recursive: true });
    // Captions of one paper that differ by an index alone are taken for each other by the tool.
    const bounds = { recall: 96, precision: 96, captions: 98, numbers: 95, boxes: 95 };
    for (const [column, bound] of Object.entries(bounds))
      expect(scores[column], column).toBeGreaterThanOrEqual(bound);
  },
  300_000,
);
