import { beforeAll, describe, expect, test } from "vitest";
import { type Cell, errorsIn, executed, textOf } from "./executed.js";

describe("02-read-papers.ipynb, run without a browser", () => {
  let cells: Cell[];
  let html: string;

  beforeAll(async () => {
    ({ cells, html } = await executed("02-read-papers.ipynb"));
  });

  test("every cell runs without an error", () => {
    expect(cells.every(({ execution_count }) => execution_count !== null)).toBe(true);
    expect(errorsIn(cells)).toEqual([]);
  });

  test("a figure stands beside its source, with its panels and the sentences that refer to it", () => {
    const text = textOf(cells, 'paper.show("5")');
    expect(text).toMatch(
      /strikes\.tex, line 69[\s\S]*\\subfloat\[[\s\S]*\(b\) .*costs\.pdf[\s\S]*→ .*Fig\. 5a/,
    );
  });

  test("the page of a PDF shows all five of its figures", () => {
    const regions = textOf(cells, "pdf.page(2)").match(/^ {2}Figure [1-5] {2}[\d ]+ {2}confidence/gm);
    expect(regions).toHaveLength(5);
    expect(html.match(/<rect class="figure"/g)!.length).toBeGreaterThanOrEqual(5);
  });

  test("source and PDF agree on captions and on the number of paragraphs", () => {
    const lines = textOf(cells, "const twin").trim().split("\n");
    expect(lines.filter((line) => line !== "")).toHaveLength(5);
    for (const line of lines.filter((each) => each !== ""))
      expect(line).toMatch(/the same caption; paragraphs (\d+) → \1; confidence (1|0\.\d+)$/);
  });

  test("a paper that comes as source and as PDF is one paper", () => {
    expect(textOf(cells, "lab.ingest(")).toMatch(/^9 papers, 45 figures, 0 quarantined/);
  });

  test("marks stand in a table with their share and an example", () => {
    expect(textOf(cells, "lab.quality()")).toMatch(/caption-short +\d+ +\d+\.\d %/);
  });
});
