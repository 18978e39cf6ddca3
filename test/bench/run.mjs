// `npm run bench -- NAME`: measures figloom beside what people use today. Every file `NAME.ts` here is one bench.
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { build } from "esbuild";

const OUTPUT = join(import.meta.dirname, "..", "output", "bench");
const SOURCES = join(import.meta.dirname, "../../kernel-lib/src");
const NAMES = readdirSync(import.meta.dirname).flatMap((file) => /^(\w+)\.ts$/.exec(file)?.[1] ?? []);

const OPTIONS = /** @type {const} */ ({
  papers: { type: "string" },
  rounds: { type: "string", default: "3" },
  only: { type: "string" },
  datasets: { type: "string" },
  figures: { type: "string" },
  json: { type: "boolean", default: false },
  help: { type: "boolean", short: "h", default: false },
});

/** @typedef {import("./support/report.ts").Bench} Bench */

/** @param {string} name @returns {Promise<Bench>} */
async function load(name) {
  await build({
    entryPoints: [join(import.meta.dirname, `${name}.ts`)],
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    packages: "external",
    alias: {
      "figloom/errors": join(SOURCES, "errors.ts"),
      "figloom/processes": join(SOURCES, "processes/index.ts"),
      "figloom/stages": join(SOURCES, "stages/index.ts"),
    },
    define: { "import.meta.dirname": JSON.stringify(import.meta.dirname) },
    outdir: OUTPUT,
    outExtension: { ".js": ".cjs" },
    logLevel: "error",
  });
  const { default: loaded } = await import(join(OUTPUT, `${name}.cjs`));
  return loaded.default;
}

/** Builds what is not built and puts it into JupyterLab, in a process of its own: standard output is the report's. */
function setUp(/** @type {boolean} */ quiet) {
  const module = new URL("../../notebooks/setup/setup.mjs", import.meta.url).href;
  const program = `import { setUp } from ${JSON.stringify(module)}; await setUp();`;
  const { status } = spawnSync(process.execPath, ["--input-type=module", "--eval", program], {
    stdio: ["ignore", quiet ? 2 : "inherit", "inherit"],
  });
  if (status !== 0) throw new TypeError("JupyterLab could not be set up.");
}

async function help() {
  console.log("Usage: npm run bench -- NAME [options]\n\nBenches:");
  for (const name of NAMES) {
    const { about, parts } = await load(name);
    console.log(`  ${name}  ${about}\n${" ".repeat(name.length)}    parts: ${Object.keys(parts).join(", ")}`);
  }
  console.log(`
Options:
  --papers DIR   papers to work on (default: ../shared/corpus beside the repository, else notebooks/papers)
  --rounds N     how often each thing is timed; medians count (default: 3)
  --only PART    one part of the bench
  --datasets DIR where made-up datasets are kept for the next time (default: in the system's temporary folder)
  --figures N    how many figures a made-up dataset has (default: what the part is about)
  --json         print the result as JSON`);
}

async function main() {
  const { values, positionals } = parseArgs({ options: OPTIONS, allowPositionals: true });
  const [name] = positionals;
  const rounds = Number(values.rounds);
  const figures = values.figures === undefined ? undefined : Number(values.figures);
  if (values.help) return help();
  if (!name || !NAMES.includes(name))
    throw new TypeError(`Name one of the benches: ${NAMES.join(", ")} (--help says more).`);
  if (!Number.isInteger(rounds) || rounds < 1) throw new TypeError("--rounds takes a whole number from 1.");
  if (figures !== undefined && (!Number.isInteger(figures) || figures < 1000))
    throw new TypeError("--figures takes a whole number from 1000.");
  const bench = await load(name);
  if (values.only !== undefined && !Object.hasOwn(bench.parts, values.only))
    throw new TypeError(`--only takes one of ${Object.keys(bench.parts).join(", ")}.`);
  const say = values.json ? () => undefined : console.log;
  if (bench.inJupyterLab) setUp(values.json);
  const { papers, only, datasets } = values;
  const report = await bench.run({ papers, rounds, only, datasets, figures, say });
  if (values.json) console.log(JSON.stringify(report, null, 2));
}

main().catch((error) => {
  console.error(error instanceof TypeError ? error.message : error);
  process.exitCode = error instanceof TypeError ? 2 : 1;
});
