import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Locator } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { synthesize } from "../support/synthetic/dataset.js";
import { notebookFile } from "../support/notebook-file.js";
import { copyNotebooks, OUTPUT } from "../support/workspace.js";
import { endKernel, execute, openNotebook, runAllCells, scrollTo, type OpenNotebook } from "./jupyterlab.js";

const FIGURES = 150;
const ALIVE = new RegExp(`^${FIGURES} figures`);

describe("views that ask a kernel, in JupyterLab", () => {
  let lab: OpenNotebook;
  let folder: string;

  beforeAll(async () => {
    folder = copyNotebooks("live-views-browser");
    await synthesize(join(folder, "data", "first"), { figures: FIGURES });
    mkdirSync(join(folder, "other"));
    writeFileSync(join(folder, "other", "dataset.json"), `{ "rows": [1, 2, 3] }`);
    const open = `import { openLab } from "figloom";\nconst lab = await openLab("data/first");`;
    writeFileSync(join(folder, "live.ipynb"), notebookFile([open, `await lab.gallery({ limit: 5 });`]));
    lab = await openNotebook(folder, "live.ipynb");
    await runAllCells(lab.page);
  });
  afterAll(() => lab?.close());

  const inNotebook = () => lab.page.locator(".jp-NotebookPanel .figloom-gallery").first();
  const countOf = (gallery: Locator) => gallery.locator("[role=status]").first();

  /** A figure is found that no output holds; another one each time, so that nothing drawn before is taken for an answer. */
  let wanted = 100;
  async function expectAlive(gallery: Locator): Promise<void> {
    await expect.poll(() => countOf(gallery).textContent(), { timeout: 60_000 }).toMatch(ALIVE);
    const name = `Tarn-000${wanted++}`;
    const search = gallery.locator("input[type=search]").first();
    await search.fill(name);
    await gallery.getByText(`Samples of ${name}`).first().waitFor();
    await search.fill("");
    await expect.poll(() => countOf(gallery).textContent()).toMatch(ALIVE);
  }

  describe("a gallery in a notebook", () => {
    test("asks the notebook's kernel for the figures that its output does not hold", async () => {
      await scrollTo(lab.page, ".figloom-gallery");
      await expectAlive(inNotebook());
    });

    test("is alive again after the page was reloaded", async () => {
      const { page } = lab;
      await execute(page, "docmanager:save");
      await page.reload();
      await scrollTo(page, ".jp-NotebookPanel .figloom-gallery");
      await expectAlive(inNotebook());
    });

    test("is alive again after the kernel was restarted, though no cell was run", async () => {
      await endKernel(lab.page, "restart");
      await expectAlive(inNotebook());
    });

    test("shows what it holds, and says so, when the kernel is shut down", async () => {
      await endKernel(lab.page, "shutdown");
      await inNotebook()
        .getByText(/kernel/i)
        .first()
        .waitFor();
      expect(await countOf(inNotebook()).textContent()).toContain(`${FIGURES} figures`);
      await lab.page.screenshot({ path: join(OUTPUT, "live-gallery-without-kernel.png") });
    });
  });

  describe("a dataset", () => {
    test("is listed in the left area, without a kernel, and counted with one", async () => {
      const { page } = lab;
      await execute(page, "figloom:datasets");
      const list = page.getByRole("list", { name: "Datasets" });
      await list.getByText("data/first").waitFor();
      expect(await list.getByRole("listitem").count()).toBe(1);
      await page.getByRole("button", { name: "What is known about first" }).click();
      await page.getByRole("button", { name: "Count figures" }).click();
      await list.getByText(`${FIGURES} figures of 30 papers`).waitFor({ timeout: 60_000 });
      await page.screenshot({ path: join(OUTPUT, "datasets.png") });
    });

    test("opens as a gallery in a tab of its own by a double click on its dataset.json", async () => {
      const { page } = lab;
      await execute(page, "filebrowser:activate");
      await execute(page, "filebrowser:go-to-path", { path: "data/first" });
      await page.locator(".jp-DirListing-item", { hasText: "dataset.json" }).dblclick();
      const document = page.locator(".figloom-document");
      await expectAlive(document);
      await page.getByRole("tab", { name: "first" }).waitFor();
      expect(existsSync(join(folder, "data", "first", "dataset.json"))).toBe(true);
      await page.screenshot({ path: join(OUTPUT, "dataset-document.png") });
    });

    test("is open again after a reload of the page", async () => {
      const { page } = lab;
      await page.reload();
      await expectAlive(page.locator(".figloom-document"));
    });

    test("of another program opens as it would without figloom", async () => {
      const { page } = lab;
      await execute(page, "docmanager:open", { path: "other/dataset.json" });
      await page.locator(".jp-RenderedJSON, .jp-FileEditor").first().waitFor();
      expect(await page.locator(".figloom-document").count()).toBe(1);
    });
  });
});
