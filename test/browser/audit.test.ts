import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { reading } from "../../kernel-lib/src/dataset/query.js";
import { type Cell, errorsIn, textOf } from "../notebooks/executed.js";
import { copyNotebooks, OUTPUT } from "../support/workspace.js";
import { openNotebook, readOutputs, runAllCells, scrollToCell, type OpenNotebook } from "./jupyterlab.js";

const NOTEBOOK = "04-audit.ipynb";
const MODELS = join(import.meta.dirname, "..", "fixtures", "models");

describe("04-audit.ipynb in JupyterLab, with a CLIP on this machine and no masked language model", () => {
  let models: string;
  let folder: string;
  let lab: OpenNotebook;
  let page: Page;
  let notebook: Cell[];
  let cells: Cell[];

  beforeAll(async () => {
    models = mkdtempSync(join(tmpdir(), "figloom-models-"));
    cpSync(join(MODELS, "clip"), join(models, "clip-b32"), { recursive: true });
    // Not those of whoever runs the tests.
    vi.stubEnv("FIGLOOM_MODELS", models);
    vi.stubEnv("HF_HUB_CACHE", models);
    folder = copyNotebooks("audit-browser");
    notebook = (JSON.parse(readFileSync(join(folder, NOTEBOOK), "utf8")) as { cells: Cell[] }).cells;
    lab = await openNotebook(folder, NOTEBOOK);
    page = lab.page;
    await runAllCells(page);
    cells = await executedCells();
  });
  afterAll(async () => {
    await lab?.close();
    vi.unstubAllEnvs();
    rmSync(models, { recursive: true, force: true });
  });

  /** The code cells with what stands below them now. */
  async function executedCells(): Promise<Cell[]> {
    const outputs = await readOutputs(page);
    return notebook
      .filter(({ cell_type }) => cell_type === "code")
      .map((cell, i) => ({ ...cell, outputs: outputs[i]! }));
  }

  /** Brings the cell whose source holds `source` to the top. */
  async function see(source: string): Promise<Locator> {
    const index = notebook.findIndex((cell) => cell.source.join("").includes(source));
    await scrollToCell(page, index);
    const cell = page.locator(`.jp-NotebookPanel [data-windowed-list-index="${index}"]`);
    await cell.waitFor();
    return cell;
  }

  test("every cell runs without an error", () => {
    expect(errorsIn(cells)).toEqual([]);
  });

  test("text on pictures is read, and the PDF's own is known", () => {
    expect(textOf(cells, "lab.ocr(")).toMatch(
      /^\d+ pictures read \(the text of \d+ was known\), 0 quarantined/,
    );
  });

  test("captions are measured by the model that is there, and the one that is missing is told with its command", () => {
    const said = textOf(cells, 'of ["clip", "pppl"]');
    expect(said).toMatch(/^clip: 90 captions measured, 0 quarantined/m);
    expect(said).toContain('The model "scibert" is not on this machine. Get it: figloom models get scibert');
  });

  test("the report stands in the notebook and on disk, with every metric that was measured", () => {
    const report = JSON.parse(readFileSync(join(folder, "data/audit-report/report.json"), "utf8")) as {
      metrics: { metric: string }[];
    };
    const metrics = report.metrics.map(({ metric }) => metric);
    expect(metrics).toEqual(expect.arrayContaining(["clip", "clip-best", "support", "characters", "copied"]));
    expect(metrics).not.toContain("pppl");
    for (const file of textOf(cells, "audit.write").trim().split(/\s+/))
      expect(existsSync(join(folder, file)), file).toBe(true);
    const shown = textOf(cells, "lab.audit(");
    expect(shown).toContain("45 figures of 9 papers have both captions, raw and extractive");
    expect(shown).toContain("To be read first");
  });

  test("captions that stand out are shown", () => {
    const said = textOf(cells, "lab.outliers");
    expect(said).toContain("support: worst raw");
    expect(said).toContain("characters: most changed raw → extractive");
  });

  test("a range brushed over a histogram is what the gallery below shows, and a condition for the next cell", async () => {
    const histogram = (await see("lab.histogram(")).locator(".figloom-histogram").first();
    const plot = histogram.locator(".figloom-plot svg").first();
    await plot.waitFor();
    await drag(plot, 0.4, 0.85);
    await histogram.locator(".figloom-brushed").waitFor();
    const [from, to] = await Promise.all(["From", "To"].map((end) => sliderValue(histogram, end)));
    const chosen = await reading(join(folder, "data", "audit"), async (reader) => {
      const [row] = await reader.all<{ n: number }>(
        `SELECT count(*)::INT AS n FROM scores
         WHERE metric = 'support' AND caption = 'raw' AND value BETWEEN ${from} AND ${to}`,
      );
      return row!.n;
    });
    expect(chosen).toBeGreaterThan(2);
    expect(chosen).toBeLessThan(45);

    const gallery = (await see("lab.gallery(")).locator(".figloom-gallery");
    await gallery.getByText(`${chosen} of 45 figures`, { exact: true }).waitFor();
    await expect.poll(() => gallery.getByRole("listbox").getByRole("option").count()).toBe(chosen);
    await page.screenshot({ path: join(OUTPUT, "audit-brushed.png") });

    await (await see("lab.selection()")).locator(".cm-content").click();
    await page.keyboard.press("Control+Enter");
    const said = async () => textOf(await executedCells(), "lab.selection()");
    await expect.poll(said, { timeout: 60_000 }).toMatch(new RegExp(`^${chosen} figures: .*support`, "s"));
  });
});

/** Drags from one place to another, as shares of an element's width. */
async function drag(over: Locator, from: number, to: number): Promise<void> {
  const { x, y, width, height } = (await over.boundingBox())!;
  const { mouse } = over.page();
  await mouse.move(x + from * width, y + height / 2);
  await mouse.down();
  await mouse.move(x + to * width, y + height / 2, { steps: 8 });
  await mouse.up();
}

const sliderValue = async (histogram: Locator, name: string): Promise<number> =>
  Number(await histogram.getByRole("slider", { name }).getAttribute("aria-valuenow"));
