import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DRAWN_PICTURE, picturesDrawn } from "../support/pictures.js";
import { copyNotebooks, OUTPUT } from "../support/workspace.js";
import { openNotebook, readOutputs, runAllCells, scrollTo, type OpenNotebook } from "./jupyterlab.js";

const NOTEBOOK = "03-tune-a-prompt.ipynb";
const MATRIX = ".figloom-matrix[role=grid]";

describe("03-tune-a-prompt.ipynb in JupyterLab, up to the first trial", () => {
  let lab: OpenNotebook;
  let drawn: string[];

  beforeAll(async () => {
    const folder = copyNotebooks("tune-a-prompt-browser");
    shorten(join(folder, NOTEBOOK));
    lab = await openNotebook(folder, NOTEBOOK);
    await recordMatrix(lab.page);
    await runAllCells(lab.page);
    drawn = await recorded(lab.page);
  });
  afterAll(() => lab?.close());

  test("every cell runs without an error", async () => {
    const outputs = (await readOutputs(lab.page)).flat();
    expect(outputs.filter(({ output_type, name }) => output_type === "error" || name === "stderr")).toEqual(
      [],
    );
  });

  test("answers grow while they are written", () => {
    const pieces = drawn.filter((text, i) => text !== "" && text !== drawn[i - 1]);
    expect(pieces.length).toBeGreaterThan(2);
    expect(pieces.slice(1).some((text, i) => text.startsWith(pieces[i]!))).toBe(true);
  });

  test("figures and prompts stand in a matrix, with their pictures drawn", async () => {
    const { page } = lab;
    await scrollTo(page, MATRIX);
    const matrix = page.locator(MATRIX).first();
    expect(await matrix.getByRole("columnheader").allTextContents()).toEqual([
      "Figure",
      expect.stringMatching(/^context/),
      expect.stringMatching(/^terse/),
      expect.stringMatching(/^plain-words/),
    ]);
    expect(await matrix.locator(".figloom-judge").count()).toBe(27);
    await picturesDrawn(matrix);
    const widths = await matrix
      .locator(DRAWN_PICTURE)
      .evaluateAll((all) => all.map((picture) => (picture as HTMLCanvasElement).width));
    expect(widths).toHaveLength(9);
    expect(Math.min(...widths)).toBeGreaterThan(100);
    await page.screenshot({ path: join(OUTPUT, "prompt-matrix.png") });
  });

  test("every word of it can be read in both themes", async () => {
    const { page } = lab;
    for (const theme of ["JupyterLab Light", "JupyterLab Dark"]) {
      await setTheme(page, theme);
      await scrollTo(page, MATRIX);
      expect(await unreadable(page, MATRIX)).toEqual([]);
      await page.screenshot({
        path: join(OUTPUT, `prompt-matrix-${theme.split(" ")[1]!.toLowerCase()}.png`),
      });
    }
  });
});

/** Leaves out what follows the first trial, and has the imitation write slowly enough to watch. */
function shorten(path: string): void {
  const notebook = JSON.parse(readFileSync(path, "utf8")) as { cells: { source: string[] }[] };
  const last = notebook.cells.findIndex(({ source }) => source.join("").includes("await lab.tune("));
  notebook.cells = notebook.cells.slice(0, last + 1);
  const text = JSON.stringify(notebook).replace("timePerToken: 10", "timePerToken: 40");
  expect(text).toContain("timePerToken: 40");
  writeFileSync(path, text);
}

interface Lab {
  jupyterapp: { commands: { execute(id: string, args: object): Promise<void> } };
  heard?: string[];
}

/** From now on notes what the first answer says while it is written. */
function recordMatrix(page: Page): Promise<void> {
  return page.evaluate(() => {
    const heard = ((globalThis as unknown as Lab).heard = [] as string[]);
    const note = () => {
      const answer = document.querySelector(
        '.figloom-matrix [data-figure="0"] .figloom-answer-asking .figloom-text',
      );
      if (answer?.textContent) heard.push(answer.textContent);
    };
    new MutationObserver(note).observe(document.body, {
      childList: true,
      subtree: true,
      characterData: true,
    });
  });
}

const recorded = (page: Page): Promise<string[]> =>
  page.evaluate(() => (globalThis as unknown as Lab).heard ?? []);

async function setTheme(page: Page, theme: string): Promise<void> {
  await page.evaluate(
    (name) =>
      (globalThis as unknown as Lab).jupyterapp.commands.execute("apputils:change-theme", { theme: name }),
    theme,
  );
  const light = theme.endsWith("Light");
  await page.waitForSelector(`body[data-jp-theme-light=${light}]`, { state: "attached" });
  await page.waitForFunction((wanted) => {
    const matrix = document.querySelector(".jp-Notebook");
    const ground = matrix && getComputedStyle(matrix).backgroundColor.match(/\d+/g)!.map(Number)[0]! > 127;
    return ground === wanted;
  }, light);
}

/** The words whose contrast with what is behind them, as WCAG 2.2 defines it, is below its 4.5. */
function unreadable(page: Page, selector: string): Promise<string[]> {
  return page
    .locator(selector)
    .first()
    .evaluate((root) => {
      const numbers = (colour: string) => colour.match(/[\d.]+/g)!.map(Number);
      const luminance = (colour: string) => {
        const [r, g, b] = numbers(colour).map((part) =>
          part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4,
        );
        return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
      };
      const ground = (node: Element): string => {
        const { backgroundColor } = getComputedStyle(node);
        return numbers(backgroundColor)[3] === 0 ? ground(node.parentElement!) : backgroundColor;
      };
      const words = [...root.querySelectorAll("*")].filter((node) =>
        [...node.childNodes].some(
          ({ nodeType, textContent }) => nodeType === Node.TEXT_NODE && textContent!.trim() !== "",
        ),
      );
      return words.flatMap((node) => {
        const [low, high] = [getComputedStyle(node).color, ground(node)].map(luminance).sort((a, b) => a - b);
        const contrast = (high! + 0.05) / (low! + 0.05);
        return contrast < 4.5 ? [`${node.className} "${node.textContent}": ${contrast.toFixed(2)}`] : [];
      });
    });
}
