import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { execute, openNotebook } from "../../browser/jupyterlab.js";
import { notebookFile } from "../../support/notebook-file.js";
import { OUTPUT } from "../../support/workspace.js";
import { lookAt } from "./page.js";

/** Does something with a notebook that is open in a real JupyterLab in a real Chromium, and closes both. */
export async function withNotebook<T>(cells: string[], work: (page: Page) => Promise<T>): Promise<T> {
  const folder = join(OUTPUT, "bench-views");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "bench.ipynb"), notebookFile(cells));
  const lab = await openNotebook(folder, "bench.ipynb");
  try {
    await lookAt(lab.page);
    return await work(lab.page);
  } finally {
    await lab.close();
  }
}

/** The cell that opens a dataset; the others come after it. */
export const opening = (folder: string): string =>
  `import { openLab } from "figloom";\nconst lab = await openLab(${JSON.stringify(folder)});`;

/** Runs a cell and waits for its end. @throws what the cell says where it fails */
export async function runCell(page: Page, index: number): Promise<void> {
  await page.evaluate((at) => {
    frontNotebook().activeCellIndex = at;

    function frontNotebook() {
      type App = { shell: { currentWidget: { content: { activeCellIndex: number } } } };
      return (globalThis as unknown as { jupyterapp: App }).jupyterapp.shell.currentWidget.content;
    }
  }, index);
  await execute(page, "notebook:run-cell");
  const said = await page.evaluate((at) => {
    type Output = { output_type: string; evalue?: string };
    type Cell = { model: { outputs: { toJSON(): Output[] } } };
    type App = { shell: { currentWidget: { content: { widgets: Cell[] } } } };
    const { jupyterapp } = globalThis as unknown as { jupyterapp: App };
    const outputs = jupyterapp.shell.currentWidget.content.widgets[at]!.model.outputs.toJSON();
    return outputs.find(({ output_type }) => output_type === "error")?.evalue ?? null;
  }, index);
  if (said !== null) throw new Error(`Cell ${index + 1} failed: ${said}`);
}
