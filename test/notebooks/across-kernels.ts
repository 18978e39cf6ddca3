import { readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { executeNotebook } from "../../notebooks/setup/jupyter.mjs";
import { copyNotebooks } from "../support/workspace.js";
import type { Cell } from "./executed.js";

interface Notebook {
  cells: (Cell & { id: string; metadata: object })[];
}

/**
 * Runs a copy of a notebook as somebody does whose kernel dies: its cells up to one and then SIGKILL to the kernel, the
 * others in a kernel that knows nothing of it.
 * @param last what the last cell before the kill holds
 * @returns how the first part ended, and the code cells of the second
 */
export async function executedAcross(
  name: string,
  last: string,
  env: Record<string, string>,
): Promise<{ folder: string; death: string; cells: Cell[] }> {
  const folder = copyNotebooks(`${basename(name, ".ipynb")}-across-kernels`);
  const whole = JSON.parse(readFileSync(join(folder, name), "utf8")) as Notebook;
  const end = whole.cells.findIndex(({ source }) => source.join("").includes(last)) + 1;
  if (end === 0) throw new Error(`No cell holds ${last}.`);
  const kill: Notebook["cells"][number] = {
    ...{ cell_type: "code", execution_count: null, id: "kill", metadata: {}, outputs: [] },
    source: ['process.kill(process.pid, "SIGKILL");'],
  };
  const run = (part: string, cells: Notebook["cells"]) => {
    const notebook = join(folder, `${part}.ipynb`);
    writeFileSync(notebook, JSON.stringify({ ...whole, cells }));
    return executeNotebook({ notebook, out: join(folder, "executed"), env });
  };
  const death = await run("before", [...whole.cells.slice(0, end), kill]).then(
    () => "It lives.",
    (error: Error) => error.message,
  );
  const after = await run("after", whole.cells.slice(end));
  const { cells } = JSON.parse(readFileSync(after, "utf8")) as Notebook;
  return { folder, death, cells: cells.filter(({ cell_type }) => cell_type === "code") };
}
