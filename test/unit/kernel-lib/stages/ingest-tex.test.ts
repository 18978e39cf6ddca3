import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ingestStage } from "../../../../kernel-lib/src/stages/ingest.js";
import { hasTex } from "../figures/tex/paper.js";

const PAPER = String.raw`\documentclass{article}
\begin{document}
\begin{figure}\begin{picture}(30,30)\put(0,0){\rule{1cm}{1cm}}\end{picture}\caption{Drawn.}\end{figure}
\begin{figure}\begin{picture}(30,30)\nosuchcommand\end{picture}\caption{Not drawn.}\end{figure}
\begin{table}\caption{A table.}\begin{tabular}{l}1\end{tabular}\end{table}
\begin{table}\caption{Another.}\begin{tabular}{l}\nosuchcommand\end{tabular}\end{table}
\end{document}
`;

let dataset = "";
beforeAll(() => {
  dataset = mkdtempSync(join(tmpdir(), "figloom-ingest-"));
  writeFileSync(join(dataset, "paper.tex"), PAPER);
});
afterAll(() => rmSync(dataset, { recursive: true, force: true }));

async function ingest() {
  const path = join(dataset, "paper.tex");
  const item = {
    path,
    paper_id: "paper",
    dataset,
    discipline: null,
    metadata: null,
    known: null,
    pdf: null,
    layout: null,
  };
  return (await ingestStage.run(item, { signal: new AbortController().signal }))!;
}

describe("ingesting a paper that draws in TeX", { timeout: 120_000 }, () => {
  it.runIf(hasTex)(
    "figures and tables have pictures from TeX, and only a figure without is quarantined",
    async () => {
      const { entry, problems } = await ingest();
      expect(entry.figures.map(({ image_origin }) => image_origin)).toEqual(["tex", null, "tex", null]);
      expect(entry.figures[3]!.image_missing).toContain("nosuchcommand");
      expect(problems.map(({ item, reason }) => [item, reason])).toEqual([["paper#fig2", "tex-failed"]]);
    },
  );

  it("without TeX the figures are kept, and the paper is read again at the next start", async () => {
    const path = process.env.PATH;
    process.env.PATH = "/nonexistent";
    try {
      const { entry, problems } = await ingest();
      expect(entry.figures.map(({ image_path }) => image_path)).toEqual([null, null, null, null]);
      expect(problems.map(({ reason }) => reason)).toEqual(["tex-missing", "tex-missing"]);
      expect(entry.key).toMatch(/ again$/);
    } finally {
      process.env.PATH = path;
    }
  });
});
