import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { errorsIn, saved, textOf, type Executed } from "../notebooks/executed.js";
import { DRAWN_PICTURE, picturesDrawn } from "../support/pictures.js";
import { copyNotebooks, OUTPUT } from "../support/workspace.js";
import { openNotebook, runAllCells, scrollTo, type OpenNotebook } from "./jupyterlab.js";

const NOTEBOOK = "01-first-look.ipynb";

interface Row {
  paper_id: string;
  figure_id: string;
  discipline: string;
  float: string;
  graphics: string[];
  image_path: string | null;
}

describe("01-first-look.ipynb in JupyterLab", () => {
  let folder: string;
  let lab: OpenNotebook;
  let notebook: Executed;

  beforeAll(async () => {
    folder = copyNotebooks("first-look-browser");
    lab = await openNotebook(folder, NOTEBOOK);
    await runAllCells(lab.page);
    notebook = await saved(lab.page, join(folder, NOTEBOOK));
  });
  afterAll(() => lab?.close());

  test("every cell runs, numbered in order, without an error", () => {
    expect(notebook.cells.map(({ execution_count }) => execution_count)).toEqual(
      notebook.cells.map((_, i) => i + 1),
    );
    expect(errorsIn(notebook.cells)).toEqual([]);
  });

  test("the gallery is drawn by the extension, and a click opens a figure with its captions", async () => {
    const { page } = lab;
    await scrollTo(page, ".figloom-gallery");
    const gallery = page.locator(".figloom-gallery").first();
    const thumbnails = gallery.locator(DRAWN_PICTURE);
    await thumbnails.first().waitFor();
    await picturesDrawn(gallery);
    expect(await thumbnails.count()).toBeGreaterThan(10);
    await page.screenshot({ path: join(OUTPUT, "gallery.png") });

    await thumbnails.first().click();
    const dialog = page.getByRole("dialog");
    await dialog.waitFor();
    await page.waitForFunction(() => {
      const image = document.querySelector<HTMLImageElement>("[role=dialog] img");
      return image !== null && image.complete && image.naturalWidth > 400;
    });
    expect(await dialog.textContent()).toMatch(/Raw caption[\s\S]*Mentioned in/);
    await page.screenshot({ path: join(OUTPUT, "figure.png") });
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "hidden" });
  });

  test("the caption diff shows what was added", async () => {
    const { page } = lab;
    await scrollTo(page, ".figloom-diff");
    const diff = page.locator(".figloom-diff").first();
    await diff.locator("ins").first().waitFor();
    expect(await diff.locator("ins").count()).toBeGreaterThan(5);
    await page.screenshot({ path: join(OUTPUT, "diff.png") });
  });

  test("the histogram compares both captions, with their means and numbers", async () => {
    const { page } = lab;
    await scrollTo(page, ".figloom-histogram");
    const histogram = page.locator(".figloom-histogram").first();
    await histogram.locator("svg rect").first().waitFor();
    expect(await histogram.textContent()).toMatch(/raw[\s\S]*extractive/);
    await histogram.scrollIntoViewIfNeeded();
    await page.screenshot({ path: join(OUTPUT, "histogram.png") });
  });

  test("the views follow the dark theme", async () => {
    const { page } = lab;
    const background = () =>
      page
        .locator(".figloom-histogram")
        .first()
        .evaluate((node) => {
          let at: Element | null = node;
          while (at && getComputedStyle(at).backgroundColor === "rgba(0, 0, 0, 0)") at = at.parentElement;
          return at && getComputedStyle(at).backgroundColor;
        });
    const light = await background();
    await page.evaluate(() =>
      (
        globalThis as unknown as {
          jupyterapp: { commands: { execute(id: string, args: object): Promise<void> } };
        }
      ).jupyterapp.commands.execute("apputils:change-theme", { theme: "JupyterLab Dark" }),
    );
    await page.waitForSelector("body[data-jp-theme-light=false]", { state: "attached" });
    await page.waitForTimeout(500);
    expect(await background()).not.toBe(light);
    await scrollTo(page, ".figloom-histogram");
    await page.screenshot({ path: join(OUTPUT, "dark.png") });
  });

  test("a verb that has shown its progress does not show its result once more", () => {
    const ingested = notebook.cells.find(({ source }) => source.join("").includes("lab.ingest("));
    expect(ingested?.outputs.map(({ output_type }) => output_type)).toEqual(["display_data"]);
    expect([ingested?.outputs[0]?.data?.["text/plain"]].flat().join("")).toMatch(/^9 papers, 45 figures/);
  });

  test("each view has its own MIME type, an HTML twin and a text twin", () => {
    const bundles = notebook.cells.flatMap(({ outputs }) =>
      outputs.map(({ data }) => Object.keys(data ?? {})),
    );
    for (const view of ["run", "gallery", "diff", "histogram", "map"]) {
      const bundle = bundles.find((types) => types.includes(`application/vnd.figloom.${view}.v1+json`));
      expect(bundle, view).toEqual(expect.arrayContaining(["text/html", "text/plain"]));
    }
  });

  test("what is chosen goes to the next cell, is tagged, and found by its tag", () => {
    const [, chosen] = /^(\d+) figures? \(\1 figures of a cell\)\n/.exec(
      textOf(notebook.cells, "lab.select("),
    )!;
    expect(Number(chosen)).toBeGreaterThan(5);
    expect(textOf(notebook.cells, "lab.review(")).toMatch(
      new RegExp(`^Tagged ${chosen} figures.*\n.*Captions that say little · ${chosen} figures`, "is"),
    );
  });

  test("the HTML copy stands alone: pictures inside, nothing fetched from elsewhere for the views", () => {
    expect(notebook.html.match(/src="data:image\/webp;base64,/g)?.length).toBeGreaterThan(20);
    expect(notebook.html).toMatch(/<svg[^>]*figloom|figloom[\s\S]*<svg/);
  });

  test("the dataset is on disk, with a figure for every one of the nine papers", () => {
    const data = join(folder, "data", "first-look");
    expect(existsSync(join(data, "dataset.json"))).toBe(true);
    const rows = readFileSync(join(data, "figures.jsonl"), "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Row);
    expect(new Set(rows.map(({ paper_id }) => paper_id)).size).toBe(9);
    expect(new Set(rows.map(({ discipline }) => discipline)).size).toBe(9);
    const figures = rows.filter(({ float }) => float === "figure");
    // Those of others need Ghostscript.
    const drawable = figures.filter(({ graphics }) => !graphics.some((path) => path.endsWith(".eps")));
    expect(drawable.length).toBeGreaterThan(40);
    for (const { figure_id, image_path } of drawable)
      expect(image_path && existsSync(join(data, image_path)), figure_id).toBe(true);
  });
});
