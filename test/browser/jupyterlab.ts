import { once } from "node:events";
import { rmSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import type { Browser, Page } from "playwright-core";
import { startLab } from "../../notebooks/setup/jupyter.mjs";
import { launchChromium } from "./chromium.js";

/** A real JupyterLab, with settings of its own, in a real Chromium, on one notebook. */
export interface OpenNotebook {
  page: Page;
  close(): Promise<void>;
}

export async function openNotebook(
  folder: string,
  notebook: string,
  { width = 1440, height = 1000, scale = 1 }: { width?: number; height?: number; scale?: number } = {},
): Promise<OpenNotebook> {
  rmSync(`${folder}-jupyter`, { recursive: true, force: true });
  const lab = await startLab({
    folder,
    notebook,
    // Not the first free one: tests that run at the same time would take the same.
    port: await freePort(),
    browser: false,
    home: `${folder}-jupyter`,
    args: ["--LabApp.expose_app_in_browser=True"],
  });
  let browser: Browser | undefined;
  try {
    browser = await launchChromium(["--disable-gpu"]);
    const page = await browser.newPage({ viewport: { width, height }, deviceScaleFactor: scale });
    await page.goto(lab.url);
    await page.waitForSelector(".jp-NotebookPanel .jp-CodeCell", { timeout: 120_000 });
    await page.waitForFunction(
      () =>
        (globalThis as unknown as LabWindow).jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel
          ?.status === "idle",
      null,
      { timeout: 120_000 },
    );
    return {
      page,
      close: async () => {
        await browser?.close();
        await lab.stop();
      },
    };
  } catch (error) {
    await browser?.close();
    await lab.stop();
    throw error;
  }
}

interface CodeCell {
  model: {
    type: string;
    executionCount: number | null;
    executionState?: string;
    outputs?: { toJSON(): Output[] };
  };
}
export interface Output {
  output_type: string;
  name?: string;
  text?: string;
  data?: Record<string, unknown>;
  ename?: string;
  evalue?: string;
}
interface LabWindow {
  jupyterapp?: {
    commands?: { execute(id: string, args: object): Promise<unknown> };
    shell: {
      currentWidget?: {
        content: { widgets: CodeCell[]; scrollToItem(index: number, place: string): Promise<void> };
        sessionContext?: {
          session?: { kernel?: { status: string; restart?(): Promise<void> } };
          shutdown?(): Promise<void>;
        };
      };
    };
  };
}

/** Runs every cell through the menu, as a user would, and waits for the last one. */
export async function runAllCells(page: Page): Promise<void> {
  await page.getByRole("menuitem", { name: "Run", exact: true }).click();
  await page.getByRole("menuitem", { name: "Run All Cells", exact: true }).click();
  await page.waitForFunction(
    () => {
      const panel = (globalThis as unknown as LabWindow).jupyterapp?.shell.currentWidget;
      const cells = panel?.content.widgets.filter(({ model }) => model.type === "code") ?? [];
      return (
        panel?.sessionContext?.session?.kernel?.status === "idle" &&
        cells.length > 0 &&
        (cells.every(({ model }) => model.executionCount !== null) ||
          cells.some(({ model }) =>
            model.outputs?.toJSON().some(({ output_type }) => output_type === "error"),
          ))
      );
    },
    null,
    { timeout: 240_000 },
  );
}

/** Runs one of JupyterLab's commands. */
export async function execute(page: Page, command: string, args: object = {}): Promise<void> {
  await page.evaluate(
    async ([id, given]) => {
      await (globalThis as unknown as LabWindow).jupyterapp!.commands!.execute(id, given);
    },
    [command, args] as const,
  );
}

/** Restarts the open notebook's kernel, or shuts it down, without the question that the menu asks first. */
export function endKernel(page: Page, how: "restart" | "shutdown"): Promise<void> {
  return page.evaluate(async (way) => {
    const { sessionContext } = (globalThis as unknown as LabWindow).jupyterapp!.shell.currentWidget!;
    if (way === "restart") await sessionContext!.session!.kernel!.restart!();
    else await sessionContext!.shutdown!();
  }, how);
}

/** All outputs of the notebook, cell by cell. */
export function readOutputs(page: Page): Promise<Output[][]> {
  return page.evaluate(() => {
    const panel = (globalThis as unknown as LabWindow).jupyterapp!.shell.currentWidget!;
    return panel.content.widgets
      .filter(({ model }) => model.type === "code")
      .map(({ model }) => model.outputs!.toJSON());
  });
}

/** Brings a view into sight and waits until it is drawn. JupyterLab draws cells when they come near the viewport. */
export async function scrollTo(page: Page, selector: string): Promise<void> {
  for (let i = 0; i < 80; i++) {
    const found = page.locator(selector).first();
    if ((await found.count()) > 0) {
      await found.scrollIntoViewIfNeeded();
      return;
    }
    await page
      .locator(".jp-WindowedPanel-outer")
      .first()
      .evaluate((node) => node.scrollBy(0, 400));
    await page.waitForTimeout(50);
  }
  throw new Error(`${selector} was not drawn`);
}

/** Brings a cell of the open notebook to the top of the window; JupyterLab draws its outputs then. */
export function scrollToCell(page: Page, index: number): Promise<void> {
  return page.evaluate(async (at) => {
    const { content } = (globalThis as unknown as LabWindow).jupyterapp!.shell.currentWidget!;
    await content.scrollToItem(at, "start");
  }, index);
}

/** A port that the system has free. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
