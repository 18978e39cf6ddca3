import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { copyNotebooks, OUTPUT } from "../support/workspace.js";
import { openNotebook, readOutputs, runAllCells, scrollTo, type OpenNotebook } from "./jupyterlab.js";

describe("02-read-papers.ipynb in JupyterLab", () => {
  let lab: OpenNotebook;

  beforeAll(async () => {
    lab = await openNotebook(copyNotebooks("read-papers-browser"), "02-read-papers.ipynb");
    await runAllCells(lab.page);
  });
  afterAll(() => lab?.close());

  test("every cell runs without an error", async () => {
    const outputs = (await readOutputs(lab.page)).flat();
    expect(outputs.filter(({ output_type, name }) => output_type === "error" || name === "stderr")).toEqual(
      [],
    );
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
});
