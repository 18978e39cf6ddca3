import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { errorsIn, saved, textOf, type Executed } from "../notebooks/executed.js";
import { copyNotebooks, OUTPUT } from "../support/workspace.js";
import { openNotebook, runAllCells, scrollTo, type OpenNotebook } from "./jupyterlab.js";

const NOTEBOOK = "02-read-papers.ipynb";

describe("02-read-papers.ipynb in JupyterLab", () => {
  let lab: OpenNotebook;
  let notebook: Executed;

  beforeAll(async () => {
    const folder = copyNotebooks("read-papers-browser");
    lab = await openNotebook(folder, NOTEBOOK);
    await runAllCells(lab.page);
    notebook = await saved(lab.page, join(folder, NOTEBOOK));
  });
  afterAll(() => lab?.close());

  test("every cell runs without an error", () => {
    expect(notebook.cells.every(({ execution_count }) => execution_count !== null)).toBe(true);
    expect(errorsIn(notebook.cells)).toEqual([]);
  });

  test("a figure stands beside its source, with its panels drawn", async () => {
    const { page } = lab;
    await scrollTo(page, ".figloom-html .source");
    const pictures = page.locator(".figloom-html").first().locator("img");
    await pictures.first().waitFor();
    expect(
      await pictures.evaluateAll((all) => all.map((image) => (image as HTMLImageElement).naturalWidth > 100)),
    ).toEqual([true, true, true]);
    // Prices are no formulas.
    expect(await page.locator(".figloom-html").first().locator("mjx-container").count()).toBe(0);
    expect(await page.locator(".figloom-html").first().textContent()).toContain("$52,084");
    await page.screenshot({ path: join(OUTPUT, "anatomy.png") });
  });

  test("the regions of a PDF's page lie over its picture", async () => {
    const { page } = lab;
    await scrollTo(page, ".figloom-html svg.page");
    const drawing = page.locator(".figloom-html svg.page").first();
    await drawing.waitFor();
    const [sheet, ...boxes] = await drawing
      .locator("image, rect.figure:not(.said)")
      .evaluateAll((shapes) => shapes.map((shape) => shape.getBoundingClientRect().toJSON() as DOMRect));
    expect(sheet!.height / sheet!.width).toBeCloseTo(297 / 210, 1);
    expect(boxes).toHaveLength(5);
    for (const { left, right, top, bottom, width } of boxes) {
      expect(width).toBeGreaterThan(50);
      expect(
        left >= sheet!.left && right <= sheet!.right && top >= sheet!.top && bottom <= sheet!.bottom,
      ).toBe(true);
    }
    await page.screenshot({ path: join(OUTPUT, "pdf-page.png") });
  });

  test("a figure's text copy has its source, its panels and the sentences that refer to it", () => {
    const text = textOf(notebook.cells, 'paper.show("5")');
    expect(text).toMatch(
      /strikes\.tex, line 69[\s\S]*\\subfloat\[[\s\S]*\(b\) .*costs\.pdf[\s\S]*→ .*Fig\. 5a/,
    );
  });

  test("the page of a PDF shows all five of its figures, in text and HTML copies, too", () => {
    const regions = textOf(notebook.cells, "pdf.page(2)").match(
      /^ {2}Figure [1-5] {2}[\d ]+ {2}confidence/gm,
    );
    expect(regions).toHaveLength(5);
    expect(notebook.html.match(/<rect class="figure"/g)!.length).toBeGreaterThanOrEqual(5);
  });

  test("source and PDF agree on captions and on the number of paragraphs", () => {
    const lines = textOf(notebook.cells, "const twin").trim().split("\n");
    expect(lines.filter((line) => line !== "")).toHaveLength(5);
    for (const line of lines.filter((each) => each !== ""))
      expect(line).toMatch(/the same caption; paragraphs (\d+) → \1; confidence (1|0\.\d+)$/);
  });

  test("a paper that comes as source and as PDF is one paper", () => {
    expect(textOf(notebook.cells, "lab.ingest(")).toMatch(/^9 papers, 45 figures, 0 quarantined/);
  });

  test("marks stand in a table with their share and an example", () => {
    expect(textOf(notebook.cells, "lab.quality()")).toMatch(/caption-short +\d+ +\d+\.\d %/);
  });
});
