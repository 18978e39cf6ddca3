import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DRAWN_PICTURE, picturesDrawn } from "../support/pictures.js";
import { copyNotebooks, OUTPUT } from "../support/workspace.js";
import { openNotebook, readOutputs, runAllCells, scrollTo, type OpenNotebook } from "./jupyterlab.js";

describe("01-first-look.ipynb in JupyterLab", () => {
  let lab: OpenNotebook;

  beforeAll(async () => {
    lab = await openNotebook(copyNotebooks("first-look-browser"), "01-first-look.ipynb");
    await runAllCells(lab.page);
  });
  afterAll(() => lab?.close());

  test("every cell runs without an error", async () => {
    const outputs = (await readOutputs(lab.page)).flat();
    expect(outputs.length).toBeGreaterThan(8);
    expect(outputs.filter(({ output_type, name }) => output_type === "error" || name === "stderr")).toEqual(
      [],
    );
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
});
