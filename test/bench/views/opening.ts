import type { Page } from "playwright-core";
import { endKernel, execute } from "../../browser/jupyterlab.js";
import type { Part } from "../support/report.js";
import { timed } from "../support/timing.js";
import { jumpTo } from "./gallery.js";
import { measured } from "./measured.js";
import { memoryOf, type PageMemory } from "./memory.js";
import { opening, runCell, withNotebook } from "./notebook.js";
import { lookAt } from "./page.js";

const GALLERIES = 10;

/** A dataset opened in a fresh kernel, a page loaded anew, a kernel started anew, and a notebook of many galleries. */
export async function benchOpening(folder: string, figures: number, rounds: number): Promise<Part> {
  const cells = [opening(folder), ...Array.from({ length: GALLERIES }, () => "await lab.gallery();")];
  const took = {
    cold: [] as number[],
    warm: [] as number[],
    reload: [] as number[],
    restart: [] as number[],
  };
  const memory = { before: [] as PageMemory[], one: [] as PageMemory[], many: [] as PageMemory[] };
  for (let round = 0; round < rounds; round++)
    await withNotebook(cells, async (page) => {
      await runCell(page, 0);
      memory.before.push(await memoryOf(page));
      took.cold.push(await timed(() => gallery(page, 1, figures)));
      memory.one.push(await memoryOf(page));
      took.warm.push(await timed(() => gallery(page, 2, figures)));
      for (let cell = 3; cell <= GALLERIES; cell++) await gallery(page, cell, figures);
      memory.many.push(await memoryOf(page));
      await execute(page, "docmanager:save");
      took.reload.push(await timed(() => reload(page, figures)));
      took.restart.push(await timed(() => restart(page, figures)));
    });
  const values = (of: keyof typeof memory, what: keyof PageMemory) => memory[of].map((one) => one[what]);
  return {
    title: "Opening",
    items: `${figures.toLocaleString("en")} figures`,
    commands: {
      gallery:
        "a cell with lab.gallery(), until it shows all figures' count, asked of the kernel, and its first pictures",
      reload: `the page with its ${GALLERIES} galleries, JupyterLab's own start included, until the first one does`,
      restart:
        "the kernel, without running a cell, until the first gallery shows a row that it has not shown before",
    },
    figures: {},
    rows: [
      measured("a gallery in a fresh kernel", took.cold),
      measured("another gallery", took.warm),
      measured("alive again after a reload", took.reload),
      measured("alive again after a restart", took.restart),
      ...(["before", "one", "many"] as const).flatMap((of) => {
        const with_ = { before: "no gallery", one: "a gallery", many: `${GALLERIES} galleries` }[of];
        return [
          measured(`memory with ${with_}`, values(of, "process"), { unit: "MiB", bar: 400 }),
          measured("of it, JavaScript", values(of, "heap"), { unit: "MiB" }),
          measured("DOM nodes", values(of, "nodes"), { unit: "" }),
        ];
      }),
    ],
  };
}

/** Runs a cell and waits until its gallery has what the kernel gives. */
async function gallery(page: Page, cell: number, figures: number): Promise<void> {
  await runCell(page, cell);
  await alive(page, cell - 1, figures);
}

/** Brings a gallery into sight and waits until it has what the kernel gives. */
async function alive(page: Page, index: number, figures: number): Promise<void> {
  const all = `${figures.toLocaleString("en-US")} figures`;
  await page.evaluate(
    ([at, count]) => {
      const root = () => document.querySelectorAll(".jp-NotebookPanel .figloom-gallery")[at];
      const said = () => root()?.querySelector(".figloom-titles [role=status]")?.textContent ?? "";
      const there = () => {
        root()?.scrollIntoView({ block: "center" });
        return said().startsWith(count) && root()!.querySelector("[aria-busy=true]") === null;
      };
      return eyes.drawn(there).then(() => eyes.pictured(at));
    },
    [index, all] as const,
  );
}

async function reload(page: Page, figures: number): Promise<void> {
  await page.reload();
  await page.waitForSelector(".jp-NotebookPanel .figloom-gallery");
  await lookAt(page);
  await alive(page, 0, figures);
}

/** A row that was not seen before is asked of the new kernel. */
async function restart(page: Page, figures: number): Promise<void> {
  await endKernel(page, "restart");
  await page.locator(".figloom-gallery [role=listbox]").first().focus();
  await jumpTo(page, Math.floor(figures / 2));
}
