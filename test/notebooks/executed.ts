import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { executeNotebook } from "../../notebooks/setup/jupyter.mjs";
import type { Output } from "../browser/jupyterlab.js";
import { copyNotebooks } from "../support/workspace.js";

/** A code cell that was run. */
export interface Cell {
  cell_type: string;
  source: string[];
  execution_count: number | null;
  outputs: Output[];
}

/** Runs a copy of a notebook, papers and all, without a browser, as `npm start -- --headless` does. */
export async function executed(
  name: string,
  env: Record<string, string> = {},
): Promise<{ folder: string; cells: Cell[]; html: string }> {
  const folder = copyNotebooks(`${basename(name, ".ipynb")}-headless`);
  const results = await executeNotebook({ notebook: join(folder, name), out: join(folder, "executed"), env });
  const { cells } = JSON.parse(readFileSync(results.notebook, "utf8")) as { cells: Cell[] };
  return {
    folder,
    cells: cells.filter(({ cell_type }) => cell_type === "code"),
    html: readFileSync(results.html, "utf8"),
  };
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
