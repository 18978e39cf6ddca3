import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Reader } from "../../kernel-lib/src/dataset/query.js";
import type { LabSelection } from "../../kernel-lib/src/lab/selection.js";
import { notebookFile } from "../support/notebook-file.js";
import { copyNotebooks, OUTPUT } from "../support/workspace.js";
import {
  endKernel,
  execute,
  openNotebook,
  readOutputs,
  runAllCells,
  scrollToCell,
  type OpenNotebook,
} from "./jupyterlab.js";

const VIEWS = ["histogram", "gallery", "diff", "map"] as const;
type View = (typeof VIEWS)[number];
/** In the order of {@link VIEWS}, which stand in the cells from 1 on. */
const CELLS = [
  `import { openLab } from "figloom";
const lab = await openLab("data/papers");
await lab.ingest("papers/*.tar.gz");
await lab.recaption();
await lab.score(["support"]);
await lab.check();`,
  `await lab.histogram("support", { compare: ["extractive", "raw"] });`,
  `await lab.gallery();`,
  `await lab.diff({ captions: ["raw", "extractive"] });`,
  `await lab.map({ x: "figure.width", y: "measurement.entropy" });`,
  `const { where, figures, parts } = await lab.selection();
const { lines } = await lab.export("chosen.jsonl", { where: \`(\${where}) AND float = 'figure'\` });
console.log(JSON.stringify({ where, figures, parts, lines }));
await lab.gallery({ where, linked: false, title: "Chosen" });`,
];
const NEXT_CELL = CELLS.length - 1;

describe("views of one dataset in a notebook", () => {
  let lab: OpenNotebook;
  let page: Page;
  let dataset: string;
  let figures: number;

  beforeAll(async () => {
    const folder = copyNotebooks("linked-views-browser");
    dataset = join(folder, "data", "papers");
    writeFileSync(join(folder, "linked.ipynb"), notebookFile(CELLS));
    lab = await openNotebook(folder, "linked.ipynb");
    page = lab.page;
    await runAllCells(page);
    figures = await count("true");
  });
  afterAll(() => lab?.close());

  const view = (name: View): Locator => page.locator(`.jp-NotebookPanel .figloom-${name}`).first();
  const grid = () => view("gallery").getByRole("listbox");

  async function see(name: View): Promise<Locator> {
    await scrollToCell(page, 1 + VIEWS.indexOf(name));
    await view(name).waitFor();
    return view(name);
  }

  async function ask<Row>(sql: string): Promise<Row[]> {
    const reader = await Reader.open(dataset);
    try {
      return await reader.all<Row>(sql);
    } finally {
      reader.close();
    }
  }
  /** Figures that a query by hand finds on the disk. */
  async function count(where: string): Promise<number> {
    const [row] = await ask<{ n: number }>(
      `SELECT count(*)::INT AS n FROM figures WHERE float = 'figure' AND (${where})`,
    );
    return row!.n;
  }

  const withSupport = (from: number, to: number) =>
    `figure_id IN (SELECT figure_id FROM scores
       WHERE metric = 'support' AND caption = 'raw' AND value BETWEEN ${from} AND ${to})`;

  /** All views say that they show, count or light up so many figures. */
  async function expectEverywhere(wanted: number): Promise<void> {
    const text = wanted === figures ? `${figures} figures` : `${wanted} of ${figures} figures`;
    for (const name of VIEWS) await expectCount(name, text);
  }
  async function expectCount(name: View, text: string): Promise<void> {
    const said = (await see(name)).locator(".figloom-titles [role=status]").first();
    await expect.poll(() => said.textContent(), { timeout: 20_000, message: name }).toBe(text);
  }
  async function expectParts(wanted: readonly (string | RegExp)[]): Promise<void> {
    for (const name of VIEWS) {
      const chips = (await see(name)).locator(".figloom-selection-line .figloom-filter");
      await expect.poll(() => chips.count(), { timeout: 20_000, message: name }).toBe(wanted.length);
      const texts = await chips.allTextContents();
      wanted.forEach((text, i) => expect(texts[i], name).toMatch(text));
    }
  }

  /** Presses at the first place, goes along the others and lets go; shares of an element's width and height. */
  async function drag(over: Locator, ...places: [x: number, y: number][]): Promise<void> {
    const box = (await over.boundingBox())!;
    const at = ([x, y]: [number, number]) => [box.x + box.width * x, box.y + box.height * y] as const;
    await page.mouse.move(...at(places[0]!));
    await page.mouse.down();
    for (const place of places.slice(1)) await page.mouse.move(...at(place), { steps: 5 });
    await page.mouse.up();
  }
  async function brush(from: number, to: number): Promise<{ from: number; to: number }> {
    const histogram = await see("histogram");
    await drag(
      histogram.locator(".figloom-plot svg").first(),
      [from, 0.5],
      [(from + to) / 2, 0.5],
      [to, 0.5],
    );
    await histogram.locator(".figloom-brushed").waitFor();
    const value = async (name: string) =>
      Number(await histogram.getByRole("slider", { name }).getAttribute("aria-valuenow"));
    return { from: await value("From"), to: await value("To") };
  }
  const clearAll = async (name: View) =>
    (await see(name)).getByRole("button", { name: "Clear what all views have selected" }).click();

  /** Runs the last cell as a user would. */
  async function runNextCell(): Promise<LabSelection & { lines: number }> {
    const before = JSON.stringify((await readOutputs(page))[NEXT_CELL]);
    await scrollToCell(page, NEXT_CELL);
    await page.locator(".jp-CodeCell").last().locator(".cm-content").click();
    await page.keyboard.press("Control+Enter");
    const said = async () => (await readOutputs(page))[NEXT_CELL]!;
    await expect
      .poll(
        async () => {
          const outputs = await said();
          return JSON.stringify(outputs) !== before && outputs.some(({ data }) => data !== undefined);
        },
        { timeout: 60_000 },
      )
      .toBe(true);
    return JSON.parse((await said()).find(({ text }) => text !== undefined)!.text!) as never;
  }

  describe("a range brushed over the histogram", () => {
    let chosen: number;

    test("is what the other views show, as many as a query by hand finds", async () => {
      await expectEverywhere(figures);
      const { from, to } = await brush(0.4, 0.85);
      chosen = await count(withSupport(from, to));
      expect(chosen).toBeGreaterThan(2);
      expect(chosen).toBeLessThan(figures);
      await expectEverywhere(chosen);
      await expectParts([/^support of raw/]);
    });

    test("is a condition in the next cell, for galleries and exports", async () => {
      const selection = await runNextCell();
      expect(selection.figures).toBe(chosen);
      expect(selection.lines).toBe(chosen);
      expect(await count(selection.where)).toBe(chosen);
      const gallery = page.locator(".figloom-gallery", { hasText: "Chosen" }).last();
      await gallery.getByText(`${chosen} figures`).waitFor();
    });

    test("is taken away from any view, and its plot knows", async () => {
      await clearAll("gallery");
      await expectEverywhere(figures);
      await expectParts([]);
      const histogram = await see("histogram");
      await expect.poll(() => histogram.locator(".figloom-brushed").count()).toBe(0);
    });
  });

  test("an outline on a map whose axes have very different units is what the other views show", async () => {
    const map = await see("map");
    await map.getByRole("button", { name: /Drag draws around figures/ }).click();
    const stage = map.locator(".figloom-map-stage");
    await drag(stage, [0.02, 0.02], [0.5, 0.03], [0.52, 0.5], [0.48, 0.97], [0.03, 0.95], [0.02, 0.1]);
    await expectParts([/^outline on/]);
    const { where, figures: chosen } = await runNextCell();
    expect(chosen).toBeGreaterThan(2);
    expect(chosen).toBeLessThan(figures);
    expect(await count(where)).toBe(chosen);
    await expectEverywhere(chosen);

    const { from, to } = await brush(0.1, 1);
    await expectParts([/^outline on/, /^support of raw/]);
    const both = await count(`(${where}) AND ${withSupport(from, to)}`);
    expect(both).toBeGreaterThan(0);
    await expectEverywhere(both);
    await clearAll("diff");
    await expectEverywhere(figures);
  });

  describe("figures that are selected in the gallery", () => {
    test("are what the other views show", async () => {
      await see("gallery");
      await grid().focus();
      for (const key of ["Home", " ", "ArrowRight", "ArrowRight", " "]) await page.keyboard.press(key);
      await view("gallery").getByText("2 selected").waitFor();
      await view("gallery")
        .getByRole("button", { name: /^Use as selection/ })
        .click();
      await expectParts([/^2 figures chosen/]);
      for (const name of ["histogram", "diff", "map"] as const)
        await expectCount(name, `2 of ${figures} figures`);
      await clearAll("map");
      await expectEverywhere(figures);
    });

    test("are accepted on the disk and in the diff, and undone by Ctrl+Z", async () => {
      await see("gallery");
      await grid().focus();
      await page.keyboard.press("a");
      await view("gallery").getByText("Accepted 2 figures").waitFor();
      expect(await count("verdict = 'accepted'")).toBe(2);
      const accepted = async () =>
        (await see("diff")).getByRole("button", { name: "Accept (a)", pressed: true }).count();
      await expect.poll(accepted).toBe(2);
      await see("gallery");
      await grid().focus();
      await page.keyboard.press("Control+z");
      await expect.poll(() => count("verdict = 'accepted'")).toBe(0);
      await expect.poll(accepted).toBe(0);
    });

    test("are tagged on the disk and in the diff, and undone by a button", async () => {
      await see("gallery");
      await grid().focus();
      await page.keyboard.press("t");
      await page.getByRole("combobox", { name: "Tags to add" }).fill("odd axes");
      await page.keyboard.press("Enter");
      await expect.poll(() => count("list_contains(tags, 'odd axes')")).toBe(2);
      const tagged = async () => (await see("diff")).locator(".figloom-tag", { hasText: "odd axes" }).count();
      await expect.poll(tagged).toBe(2);
      await (await see("gallery")).getByRole("button", { name: "Undo (u)" }).click();
      await expect.poll(() => count("len(tags) > 0")).toBe(0);
      await expect.poll(tagged).toBe(0);
    });
  });

  test("a figure is rejected in the diff and looked at among its neighbours, with the verdict in every view", async () => {
    const diff = await see("diff");
    await diff.getByRole("button", { name: "Reject (r)" }).first().click();
    await diff.getByText("Rejected 1 figure").waitFor();
    expect(await count("verdict = 'rejected'")).toBe(1);
    await diff
      .getByRole("button", { name: /^Open Figure/ })
      .first()
      .click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText(`1 / ${figures}`).waitFor();
    await dialog.getByRole("button", { name: "Reject (r)", pressed: true }).waitFor();
    await page.keyboard.press("ArrowRight");
    await dialog.getByText(`2 / ${figures}`).waitFor();
    await page.keyboard.press("Escape");
    await see("gallery");
    expect(await view("gallery").locator(".figloom-tile .figloom-rejected").count()).toBe(1);
    const map = await see("map");
    await map.locator(".figloom-map-stage").focus();
    await page.keyboard.press("Enter");
    await dialog.getByText(`/ ${figures}`).waitFor();
    await page.keyboard.press("Escape");
  });

  test("all come alive again after the page was reloaded, with the selection that the kernel has", async () => {
    const { from, to } = await brush(0.4, 0.85);
    const chosen = await count(withSupport(from, to));
    await expectParts([/^support of raw/]);
    await execute(page, "docmanager:save");
    await page.reload();
    await page.locator(".jp-NotebookPanel .jp-CodeCell").first().waitFor();
    await expectParts([/^support of raw/]);
    for (const name of VIEWS) await expectCount(name, `${chosen} of ${figures} figures`);
    await page.screenshot({ path: join(OUTPUT, "linked-views.png") });
  });

  test("all come alive again after the kernel was restarted, with nothing selected", async () => {
    await endKernel(page, "restart");
    await expectParts([]);
    await expectEverywhere(figures);
    await brush(0.4, 0.85);
    await expectParts([/^support of raw/]);
  });
});
