import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { MockServer } from "../../cluster/src/mock-server/index.js";
import { notebookFile } from "../support/notebook-file.js";
import { synthesize } from "../support/synthetic/dataset.js";
import { copyNotebooks, OUTPUT } from "../support/workspace.js";
import { openNotebook, readOutputs, runAllCells, type OpenNotebook } from "./jupyterlab.js";

const NOTEBOOK = "lab.ipynb";
describe("the prompt lab in JupyterLab", () => {
  let server: MockServer;
  let lab: OpenNotebook;
  let folder: string;
  const before = process.env["FIGLOOM_ENDPOINTS"];

  beforeAll(async () => {
    server = await MockServer.start({ timePerToken: 40 });
    process.env["FIGLOOM_ENDPOINTS"] = server.url;
    folder = copyNotebooks("prompt-lab-browser");
    writeFileSync(join(folder, NOTEBOOK), notebookFile(["const ready = true;"]));
    await synthesize(join(folder, "data", "lab"), { figures: 12, contexts: () => 4 });
    lab = await openNotebook(folder, NOTEBOOK);
  });
  afterAll(async () => {
    if (before === undefined) delete process.env["FIGLOOM_ENDPOINTS"];
    else process.env["FIGLOOM_ENDPOINTS"] = before;
    await lab?.close();
    await server?.close();
  });

  test("opens from the palette with the workspace's dataset and prompts", async () => {
    const { page } = lab;
    await openFromPalette(page, "Prompt Lab");
    await page.waitForSelector(".figloom-lab .cm-content");
    await page.waitForFunction(() => document.querySelectorAll(".figloom-lab-top option").length > 5);
    const dataset = page.getByLabel("Dataset", { exact: true });
    expect(await dataset.inputValue()).toBe("data/lab");
    await page.getByLabel("Prompt", { exact: true }).first().selectOption("terse");
    await page.waitForFunction(() =>
      document.querySelector(".figloom-lab .cm-content")!.textContent!.includes("id: terse"),
    );
    await page.waitForFunction(() =>
      /about [\d,]+ tokens/.test(document.querySelector(".figloom-lab-tokens")!.textContent!),
    );
  });

  test("completes fields with what they hold, counts tokens, and underlines what is wrong", async () => {
    const { page } = lab;
    const tokens = page.locator(".figloom-lab-tokens");
    const counted = await tokens.textContent();
    await page.locator(".figloom-lab .cm-content").click();
    await page.keyboard.press("Control+End");
    await page.keyboard.type("\nThe abstract: {{abs");
    await page.waitForSelector(".cm-tooltip-autocomplete");
    expect(await page.locator(".cm-tooltip-autocomplete").textContent()).toContain("the paper's abstract");
    await takeCompletion(page);
    await page.waitForFunction(() =>
      document.querySelector(".figloom-lab .cm-content")!.textContent!.includes("{{abstract}}"),
    );
    await page.waitForFunction(
      (old) => document.querySelector(".figloom-lab-tokens")!.textContent !== old,
      counted,
    );
    await page.keyboard.type("\n{{captoin}}");
    await page.waitForSelector(".figloom-problem");
    // While it is typed, other things are wrong with it.
    await expect
      .poll(() => page.locator(".figloom-lab-problem").textContent())
      .toMatch(/^Line \d+: .*captoin/);
    for (let i = 0; i < "\n{{captoin}}".length; i++) await page.keyboard.press("Backspace");
    await page.waitForFunction(() => document.querySelector(".figloom-problem") === null);
    const holds = (text: string, wanted: boolean) =>
      page.waitForFunction(
        ([text, wanted]) =>
          document.querySelector(".figloom-lab .cm-content")!.textContent!.includes(text) === wanted,
        [text, wanted] as const,
      );
    await page.waitForSelector(".figloom-lab-problem", { state: "hidden" });
    // Changes within half a second are undone together.
    await page.waitForTimeout(1000);
    await page.keyboard.type(" Undo this.");
    await holds("Undo this.", true);
    await page.keyboard.press("Control+z");
    await holds("Undo this.", false);
    await holds("captoin", false);
    await page.keyboard.press("Control+End");
    await page.keyboard.type("\nThe abstract again: {{abs");
    await takeCompletion(page);
    await holds("again: {{abstract}}", true);
  });

  test("runs on Ctrl+Enter: answers grow while they are written, and the matrix fills", async () => {
    const { page } = lab;
    await recordAnswer(page);
    await page.getByLabel("How many").fill("3");
    await page.getByLabel("How many").press("Tab");
    await page.locator(".figloom-lab .cm-content").click();
    await page.keyboard.press("Control+Enter");
    await page.waitForSelector(".figloom-lab .figloom-answer-asking");
    await page.waitForFunction(
      () => document.querySelectorAll(".figloom-lab .figloom-matrix-cell .figloom-judge").length === 6,
      null,
      { timeout: 60_000 },
    );
    const heard = await recordedAnswer(page);
    const pieces = heard.filter((text, i) => text !== "" && text !== heard[i - 1]);
    expect(pieces.length).toBeGreaterThan(2);
    expect(pieces.slice(1).some((text, i) => text.startsWith(pieces[i]!))).toBe(true);
    expect(await page.locator(".figloom-lab [role=columnheader] b").allTextContents()).toEqual([
      expect.stringMatching(/^terse [0-9a-f]{6}$/),
      expect.stringMatching(/^terse [0-9a-f]{6}$/),
    ]);
    await page.waitForFunction(() =>
      document.querySelector(".figloom-lab-actions")!.textContent!.includes("Done."),
    );
    for (const theme of ["Light", "Dark"]) {
      await setTheme(page, theme);
      await page.screenshot({ path: join(OUTPUT, `prompt-lab-${theme.toLowerCase()}.png`) });
    }
  });

  test("a verdict is written to the dataset", async () => {
    const { page } = lab;
    await page.locator(".figloom-matrix-cell").first().focus();
    await page.keyboard.press("x");
    await page.waitForSelector(".figloom-matrix-cell.figloom-rejected");
    expect(readFileSync(join(folder, "data/lab/prompts/verdicts.jsonl"), "utf8")).toContain('"rejected"');
  });

  test("keeps the prompt as a version of its own, and repeats the trial in a cell that asks nothing new", async () => {
    const { page } = lab;
    await page.getByRole("button", { name: "Keep as a new version…" }).click();
    await page.waitForSelector(".figloom-lab-diff ins");
    await page.getByRole("button", { name: "Keep", exact: true }).click();
    await page.waitForFunction(() =>
      document.querySelector(".figloom-lab-actions")!.textContent!.includes("Kept in prompts/terse.md"),
    );
    expect(readFileSync(join(folder, "prompts/terse.md"), "utf8")).toMatch(/^trial:$/m);

    const asked = questions(server);
    await page.getByRole("button", { name: "Insert cell" }).click();
    await page.getByRole("tab", { name: NOTEBOOK }).click();
    await runAllCells(page);
    const text = (await readOutputs(page))
      .at(-1)!
      .map((output) => JSON.stringify(output))
      .join("");
    expect(text).toContain("6 captions (6 made before), 0 failed");
    expect(questions(server)).toBe(asked);
    expect(asked).toBe(6);
  });
});

/** Questions about figures so far. */
const questions = (server: MockServer): number =>
  Object.entries(server.report().ids).reduce(
    (sum, [id, { asked }]) => sum + (id.includes("#") ? asked : 0),
    0,
  );

interface Heard {
  heard?: string[];
}

/** From now on notes what the first figure's answer says while it is written. */
function recordAnswer(page: Page): Promise<void> {
  return page.evaluate(() => {
    const heard = ((globalThis as unknown as Heard).heard = [] as string[]);
    const note = () => {
      const answer = document.querySelector(
        '.figloom-lab .figloom-matrix [data-figure="0"] .figloom-answer-asking .figloom-text',
      );
      if (answer?.textContent) heard.push(answer.textContent);
    };
    const everything = { childList: true, subtree: true, characterData: true };
    new MutationObserver(note).observe(document.body, everything);
  });
}

const recordedAnswer = (page: Page): Promise<string[]> =>
  page.evaluate(() => (globalThis as unknown as Heard).heard ?? []);

/** A key that comes within 75 ms after the list has opened was meant for the text: the editor takes it so. */
async function takeCompletion(page: Page): Promise<void> {
  await page.waitForSelector(".cm-tooltip-autocomplete");
  await page.waitForTimeout(200);
  await page.keyboard.press("Enter");
}

async function openFromPalette(page: Page, label: string): Promise<void> {
  await page.keyboard.press("Control+Shift+C");
  await page.locator(".lm-CommandPalette-input").last().fill(label);
  await page.locator(".lm-CommandPalette-item", { hasText: label }).last().click();
}

async function setTheme(page: Page, theme: string): Promise<void> {
  await page.evaluate(
    (name) =>
      (
        globalThis as unknown as {
          jupyterapp: { commands: { execute(id: string, args: object): Promise<void> } };
        }
      ).jupyterapp.commands.execute("apputils:change-theme", { theme: name }),
    `JupyterLab ${theme}`,
  );
  await page.waitForSelector(`body[data-jp-theme-light=${theme === "Light"}]`, { state: "attached" });
}
