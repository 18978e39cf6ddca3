import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { MockServer } from "../../cluster/src/mock-server/index.js";
import { synthesize } from "../support/synthetic/dataset.js";
import { copyNotebooks, OUTPUT } from "../support/workspace.js";
import { findings, setTheme } from "./accessibility.js";
import { openNotebook, scrollTo, type OpenNotebook } from "./jupyterlab.js";

/**
 * One story from beginning to end: a run is watched, paused, resumed, found again after a reload, cancelled; another is
 * lost with its kernel and gone on with. The steps build on one another.
 */
const NOTEBOOK = "runs.ipynb";
const LONG = { timeout: 120_000 };

let folder: string;
let server: MockServer;
let lab: OpenNotebook;
let page: Page;

beforeAll(async () => {
  // Every answer takes a while, so that there is time to watch.
  server = await MockServer.start({ answerTokens: 60, timePerToken: 25, maxNumSeqs: 8 });
  folder = copyNotebooks("runs-browser");
  await synthesize(join(folder, "data", "runs"), { figures: 45, contexts: () => 3 });
  writeNotebook(join(folder, NOTEBOOK), [
    `import { openLab, vllm } from "figloom";\nconst lab = await openLab("data/runs");\nawait lab.recaption();`,
    recaption(1),
    recaption(8),
  ]);
  lab = await openNotebook(folder, NOTEBOOK);
  page = lab.page;
});
afterAll(async () => {
  await lab?.close();
  await server?.close();
});

const recaption = (inFlight: number): string =>
  `const on${inFlight} = vllm({ endpoints: ["${server.url}"], inFlight: ${inFlight} });\nawait lab.recaption({ prompt: "terse", on: on${inFlight} });`;

test("a finished run stands where it was shown, with what came of it", async () => {
  await runCell(0);
  const view = await viewOf(0);
  await status(view, "finished");
  expect(await view.locator(".figloom-run-message").textContent()).toMatch(/^45 captions "extractive"/);
  expect(await view.locator("button:visible").count()).toBe(0);
});

test("a run is followed as it goes on, with its server", async () => {
  await runCell(1);
  const view = await viewOf(1);
  await status(view, "running");
  await beyond(view, 0);
  await view.locator("th", { hasText: server.url }).waitFor(LONG);
  await page.screenshot({ path: join(OUTPUT, "run.png") });
});

test("it is paused and resumed by the keyboard", async () => {
  const view = await viewOf(1);
  await view.getByRole("button", { name: "Pause", exact: true }).focus();
  await page.keyboard.press("Enter");
  await status(view, "paused");
  await page.waitForTimeout(1500);
  const asked = server.report().requests;
  await page.waitForTimeout(1500);
  expect(server.report().requests).toBe(asked);
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Resume");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await everybodyCan("paused, and asked whether to cancel");
  await page.keyboard.press("Escape");
  await view.getByRole("button", { name: "Resume", exact: true }).focus();
  await page.keyboard.press("Enter");
  await status(view, "running");
});

test("after the page was loaded anew it goes on being followed", async () => {
  const before = await done(await viewOf(1));
  await page.evaluate(() => (globalThis as unknown as Lab).jupyterapp.commands.execute("docmanager:save"));
  await page.reload();
  await page.waitForSelector(".jp-NotebookPanel .jp-CodeCell", LONG);
  const view = await viewOf(1);
  await status(view, "running");
  await view.getByRole("button", { name: "Pause", exact: true }).waitFor(LONG);
  await beyond(view, before);
});

test("it is cancelled after one question", async () => {
  const view = await viewOf(1);
  await view.getByRole("button", { name: "Cancel", exact: true }).click();
  await view.getByRole("button", { name: "Yes, cancel" }).click();
  await status(view, "cancelled");
  expect(await view.locator(".figloom-run-message").textContent()).toMatch(
    /^Cancelled\. What is done is kept/,
  );
});

test("a run whose kernel is killed is lost, and the same cell goes on with it", async () => {
  await kernelIdle();
  const known = runsWritten().length;
  await runCell(1);
  const view = await viewOf(1);
  await status(view, "running");
  // A run is written down with its first new result: what is done at first was there before.
  await expect.poll(() => runsWritten().length, LONG).toBeGreaterThan(known);
  killKernel();
  await status(view, "lost");
  expect(await view.locator(".figloom-run-message").textContent()).toMatch(
    /(?:is|are) kept; run the same again to go on\.$/,
  );
  await everybodyCan("lost");
  await page.screenshot({ path: join(OUTPUT, "run-lost.png") });
  // Jupyter starts it again; what cells had made of it is gone.
  await kernelIdle();
  await runCell(0);
  await status(await viewOf(0), "finished");
  await runCell(2);
  const last = await viewOf(2);
  await status(last, "finished");
  expect(await last.locator(".figloom-run-message").textContent()).toMatch(/^\d+ captions "terse@/);
  await page.screenshot({ path: join(OUTPUT, "run-finished.png") });
});

/** No serious finding by axe-core in the runs that are in sight, in both themes. */
async function everybodyCan(state: string): Promise<void> {
  for (const theme of ["Dark", "Light"] as const) {
    await setTheme(page, theme);
    expect({ state, theme, found: await findings(page, ".figloom-run-view") }).toEqual({
      ...{ state, theme, found: [] },
    });
  }
}

interface Lab {
  jupyterapp: {
    commands: { execute(id: string, args?: object): Promise<void> };
    shell: {
      currentWidget: {
        content: { activeCellIndex: number };
        sessionContext: { session?: { kernel?: { status: string } } };
      };
    };
  };
}

/** Starts a cell as Shift+Enter does, without waiting for it. */
function runCell(index: number): Promise<void> {
  return page.evaluate((at) => {
    const { commands, shell } = (globalThis as unknown as Lab).jupyterapp;
    shell.currentWidget.content.activeCellIndex = at;
    void commands.execute("notebook:run-cell");
  }, index);
}

async function viewOf(index: number): Promise<Locator> {
  const selector = `.jp-Notebook [data-windowed-list-index="${index}"] .figloom-run-view`;
  await page.locator(selector).first().waitFor(LONG);
  await scrollTo(page, selector);
  return page.locator(selector).first();
}

/** Waits until the view says so. @throws with what it says instead */
const status = (view: Locator, wanted: string): Promise<void> =>
  view
    .locator(`.figloom-run-status[data-status="${wanted}"]`)
    .waitFor(LONG)
    .catch(async (error: unknown) => {
      const kernel = await kernelStatus();
      throw new Error(`not ${wanted}, kernel ${kernel}: ${await view.innerText()}`, { cause: error });
    });

/** Figures that are behind it. */
async function done(view: Locator): Promise<number> {
  const text = await view.locator(".figloom-run-facts").textContent();
  return Number(/Done(\d+)/.exec(text ?? "")?.[1] ?? 0);
}

/** Waits until more figures are behind it. */
async function beyond(view: Locator, figures: number): Promise<void> {
  await expect.poll(() => done(view), LONG).toBeGreaterThan(figures);
}

/** Ends the process that the newest run says to be done by. */
const work = (): string => join(folder, "data", "runs", "work");
const runsWritten = (): string[] => readdirSync(work()).sort();

function killKernel(): void {
  const newest = runsWritten().at(-1);
  const [start] = readFileSync(join(work(), newest!, "events.jsonl"), "utf8").split("\n");
  process.kill((JSON.parse(start!) as { pid: number }).pid, "SIGKILL");
}

const kernelStatus = (): Promise<string | undefined> =>
  page.evaluate(
    () =>
      (globalThis as unknown as Lab).jupyterapp.shell.currentWidget.sessionContext.session?.kernel?.status,
  );

const kernelIdle = (): Promise<void> => expect.poll(kernelStatus, LONG).toBe("idle");

function writeNotebook(path: string, sources: readonly string[]): void {
  const cells = sources.map((source, i) => ({
    ...{ cell_type: "code", id: `cell-${i}`, metadata: {}, execution_count: null, outputs: [] },
    source,
  }));
  const kernelspec = { display_name: "figloom (TypeScript)", language: "typescript", name: "figloom" };
  const notebook = { cells, metadata: { kernelspec }, nbformat: 4, nbformat_minor: 5 };
  writeFileSync(path, JSON.stringify(notebook));
}
