/** `npm start`: sets up, then opens JupyterLab on the first notebook or runs that notebook without a browser. */
import { existsSync, readdirSync, statSync } from "node:fs";
import { basename, join, relative, resolve } from "node:path";
import { parseArgs } from "node:util";
import { executeNotebook, startLab, writeHtml } from "./jupyter.mjs";
import { NOTEBOOKS } from "./places.mjs";
import { exitWith, SetupError, step } from "./report.mjs";
import { setUp } from "./setup.mjs";

const NOTEBOOK = "01-first-look.ipynb";
const HELP = `npm start -- [options]

Sets up what is missing and opens JupyterLab on notebooks/${NOTEBOOK}; beside it lie 02-read-papers.ipynb,
03-tune-a-prompt.ipynb, 04-audit.ipynb and 05-full-run.ipynb. The servers of FIGLOOM_ENDPOINTS answer in the third.

  --headless      run that notebook instead, and write it executed, with an HTML copy
  --papers DIR    use your own papers (a folder of arXiv source downloads) in place of the samples
  --port N        port for JupyterLab (default: the first free one from 8888 on)
  --no-browser    only print the address
  --help          this text`;

/** @param {string[]} argv */
export async function main(argv) {
  try {
    const options = readOptions(argv);
    if (!options) return console.log(HELP);
    await setUp();
    await (options.headless ? runHeadless(options) : openLab(options));
  } catch (error) {
    exitWith(error);
  }
}

/** @typedef {{ headless: boolean, browser: boolean, port?: number, dataset: string, env: Record<string, string> }} Options */

/**
 * @param {string[]} argv
 * @returns {Options | null} null when help was asked for
 */
function readOptions(argv) {
  let values;
  try {
    ({ values } = parseArgs({
      args: argv,
      options: {
        headless: { type: "boolean", default: false },
        papers: { type: "string" },
        port: { type: "string" },
        "no-browser": { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
      },
    }));
  } catch (error) {
    throw new SetupError(`${/** @type {Error} */ (error).message}\n\n${HELP}`);
  }
  if (values.help) return null;
  const port = values.port === undefined ? undefined : Number(values.port);
  if (port !== undefined && !(Number.isInteger(port) && port > 0 && port < 65536))
    throw new SetupError(`--port takes a number from 1 to 65535, not "${values.port}".`);
  const own = values.papers === undefined ? undefined : papersFolder(values.papers);
  const dataset = own
    ? join("data", `papers-${basename(own).replace(/[^\w.-]+/g, "-")}`)
    : join("data", "first-look");
  return {
    headless: values.headless,
    browser: !values["no-browser"] && !process.env.CI,
    port,
    dataset: join(NOTEBOOKS, dataset),
    env: own ? { FIGLOOM_PAPERS: own, FIGLOOM_DATASET: dataset } : {},
  };
}

/** @param {string} name as the user gave it, relative to where npm was called */
function papersFolder(name) {
  const folder = resolve(process.env.INIT_CWD ?? process.cwd(), name);
  if (!existsSync(folder) || !statSync(folder).isDirectory())
    throw new SetupError(`--papers takes a folder, and ${folder} is none.`);
  if (readdirSync(folder).length === 0)
    throw new SetupError(`${folder} is empty. Put arXiv source downloads (.tar.gz) into it.`);
  return folder;
}

/** @param {Options} options */
async function runHeadless({ dataset, env }) {
  const notebook = join(NOTEBOOKS, NOTEBOOK);
  const executed = await step(`running ${NOTEBOOK}`, () =>
    executeNotebook({ notebook, out: join(NOTEBOOKS, "executed"), env }),
  );
  const written = { "executed notebook": executed, "HTML copy": await writeHtml(executed), dataset };
  const missing = Object.entries(written).filter(([, path]) => !existsSync(path));
  if (missing.length || !existsSync(join(dataset, "dataset.json")))
    throw new Error(
      `The notebook ran, but did not leave: ${missing.map(([, path]) => path).join(", ") || dataset}`,
    );
  console.log();
  for (const [name, path] of Object.entries(written))
    console.log(`${name.padEnd(18)} ${relative(process.cwd(), path) || "."}`);
}

/** @param {Options} options */
async function openLab({ port, browser, env }) {
  const lab = await step("JupyterLab", () =>
    startLab({ folder: NOTEBOOKS, notebook: NOTEBOOK, port, browser, env }),
  );
  console.log(`\nJupyterLab is running at\n\n    ${lab.url}\n\nPress Ctrl-C to stop it.`);
  for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM"]))
    process.once(signal, () => void lab.stop());
  process.exitCode = (await lab.ended) ?? 0;
}
