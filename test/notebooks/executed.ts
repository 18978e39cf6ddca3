import { readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { Page } from "playwright-core";
import { executeNotebook, writeHtml } from "../../notebooks/setup/jupyter.mjs";
import { execute, type Output } from "../browser/jupyterlab.js";
import { copyNotebooks } from "../support/workspace.js";

/** A code cell that was run. */
export interface Cell {
  cell_type: string;
  source: string[];
  execution_count: number | null;
  outputs: Output[];
}

/** A notebook that was run: its code cells, and the HTML page that nbconvert makes of it. */
export interface Executed {
  cells: Cell[];
  html: string;
}

/** Runs a copy of a notebook, papers and all, without a browser, as `npm start -- --headless` does. */
export async function executed(
  name: string,
  env: Record<string, string> = {},
): Promise<Executed & { folder: string }> {
  const folder = copyNotebooks(`${basename(name, ".ipynb")}-headless`);
  const notebook = await executeNotebook({
    notebook: join(folder, name),
    out: join(folder, "executed"),
    env,
  });
  return { folder, ...read(notebook, await writeHtml(notebook)) };
}

/** Saves the notebook that is open in JupyterLab, as it was run there. */
export async function saved(page: Page, path: string): Promise<Executed> {
  await execute(page, "docmanager:save");
  return read(path, await writeHtml(path));
}

/** Runs a copy of a notebook up to the cell that holds `last`, in an environment that names no servers. */
export async function executedUpTo(name: string, last: string): Promise<Cell[]> {
  const folder = copyNotebooks(`${basename(name, ".ipynb")}-beginning`);
  const path = join(folder, name);
  const whole = JSON.parse(readFileSync(path, "utf8")) as { cells: Cell[] };
  const end = whole.cells.findIndex(({ source }) => source.join("").includes(last)) + 1;
  if (end === 0) throw new Error(`No cell holds ${last}.`);
  writeFileSync(path, JSON.stringify({ ...whole, cells: whole.cells.slice(0, end) }));
  const env = { FIGLOOM_ENDPOINTS: "" };
  return codeCells(await executeNotebook({ notebook: path, out: join(folder, "executed"), env }));
}

const read = (notebook: string, html: string): Executed => ({
  cells: codeCells(notebook),
  html: readFileSync(html, "utf8"),
});

function codeCells(notebook: string): Cell[] {
  const { cells } = JSON.parse(readFileSync(notebook, "utf8")) as { cells: Cell[] };
  return cells.filter(({ cell_type }) => cell_type === "code");
}

export function errorsIn(cells: readonly Cell[]): Output[] {
  return cells
    .flatMap(({ outputs }) => outputs)
    .filter(({ output_type, name }) => output_type === "error" || name === "stderr");
}

/** What the cell whose source holds `source` printed and showed, as text. */
export function textOf(cells: readonly Cell[], source: string): string {
  const cell = cells.find((each) => each.source.join("").includes(source));
  if (!cell) throw new Error(`No cell holds ${source}.`);
  return cell.outputs.map(({ text, data }) => [text ?? data?.["text/plain"]].flat().join("")).join("");
}
