/** Set-up, static checks, then vitest; says at the end how many tests passed, failed and were left out. */
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../../notebooks/setup/places.mjs";
import { exitWith, SetupError, step, together } from "../../notebooks/setup/report.mjs";
import { must, run } from "../../notebooks/setup/run-program.mjs";
import { setUp } from "../../notebooks/setup/setup.mjs";
import { ensurePrograms } from "./programs.mjs";

const OUTPUT = join(ROOT, "test", "output");
/** Real papers with truth files, which are no part of the project. */
const SHARED = join(ROOT, "..", "shared", "corpus");
const PROJECTS = ["unit", "chaos", "slurm", "notebooks", "browser"];

/** What is looked at beside the tests, by scripts of the same names. */
const CHECKS = ["types", "lint", "format"];

/** @param {string} script */
function runScript(script) {
  const npm = ["npm", "run", script, "--silent"];
  const [command = "", ...args] = process.platform === "win32" ? npm : ["nice", "-n", "10", ...npm];
  return must("Checking", command, args, { cwd: ROOT });
}

/** @param {string[]} args for vitest, e.g. a file name or `--project unit` */
export async function main(args) {
  try {
    await setUp();
    const missing = await ensurePrograms();
    for (const { name, debian, elsewhere, tests } of missing)
      console.log(
        `! ${name} is missing, so ${tests} are left out. Debian: apt-get install ${debian}; otherwise ${elsewhere}.`,
      );
    if (missing.length && process.env.CI)
      throw new SetupError("With CI set nothing may be left out: install what is named above.");
    // Tests wait for much: meanwhile there is time for checks.
    const checks = together(...CHECKS.map((check) => step(check, () => runScript(`check:${check}`))));
    await together(
      runVitest(args, missing).then((code) => (process.exitCode = code)),
      checks,
    );
  } catch (error) {
    exitWith(error);
  }
}

/**
 * @param {string[]} args
 * @param {import("./programs.mjs").Program[]} missing
 * @returns {Promise<number>} exit code
 */
async function runVitest(args, missing) {
  mkdirSync(OUTPUT, { recursive: true });
  const report = join(OUTPUT, "results.json");
  rmSync(report, { force: true });
  const left = new Set(missing.map(({ project }) => project));
  const projects = args.includes("--project")
    ? []
    : PROJECTS.filter((name) => !left.has(name)).flatMap((name) => ["--project", name]);
  const { code } = await run(
    process.execPath,
    [
      join(ROOT, "node_modules", "vitest", "vitest.mjs"),
      "run",
      "--root",
      join(ROOT, "test"),
      "--reporter=default",
      "--reporter=json",
      `--outputFile.json=${report}`,
      ...projects,
      ...args,
    ],
    { cwd: ROOT, show: true },
  );
  const { numPassedTests, numFailedTests, numPendingTests } = JSON.parse(readFileSync(report, "utf8"));
  if (numPendingTests > 0 && !existsSync(SHARED))
    console.log(`! The tests on real papers are left out: they look for them in ${SHARED}.`);
  const skipped = process.env.CI && existsSync(SHARED) && numPendingTests > 0;
  if (skipped) console.error("With CI set no test may be skipped.");
  if (numPassedTests === 0) console.error("No test ran.");
  console.log(`${numPassedTests} passed, ${numFailedTests} failed, ${numPendingTests} skipped`);
  return code !== 0 || numPassedTests === 0 || skipped ? 1 : 0;
}
