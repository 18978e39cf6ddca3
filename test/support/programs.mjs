/** Programs that some tests need and npm cannot bring. */
import { existsSync } from "node:fs";
import { run } from "../../notebooks/setup/run-program.mjs";

/**
 * @typedef {{ name: string, commands: string[], debian: string, elsewhere: string, tests: string, project?: string, version?: string }} Program
 *   debian: its packages, separated by blanks; version: what they are asked their version by (`--version`); project: the vitest project that cannot run without it
 */

/** @type {Program} */
const CHROMIUM = {
  name: "Chromium",
  commands: [
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
  ],
  debian: "chromium-headless-shell",
  elsewhere: "install Chromium or Chrome",
  tests: "the browser tests",
  project: "browser",
};

/** @type {Program[]} */
const PROGRAMS = [
  CHROMIUM,
  {
    name: "Ghostscript",
    commands: ["gs"],
    debian: "ghostscript",
    elsewhere: "install Ghostscript (macOS: brew install ghostscript)",
    tests: "the tests of EPS figures",
  },
  {
    name: "TeX",
    commands: ["pdflatex"],
    debian: "texlive-latex-recommended texlive-pictures bubblewrap",
    elsewhere: "install TeX Live (macOS: MacTeX)",
    tests: "the tests of figures that TeX draws",
  },
  {
    name: "Slurm",
    commands: ["slurmctld"],
    version: "-V", // its other programs say nothing without a cluster
    debian: "munge slurm-wlm",
    elsewhere: "use a Linux with Slurm's own daemons",
    tests: "the tests on a real Slurm",
    project: "slurm",
  },
];

/** @param {Pick<Program, "commands" | "version">} program the first of its commands that says its version */
async function find({ commands, version = "--version" }) {
  for (const command of commands) if ((await run(command, [version])).code === 0) return command;
  return null;
}

/** The command that starts Chromium or Chrome here, `null` where there is none. */
export const findChromium = () => find(CHROMIUM);

/**
 * Installs what is missing where that is possible without asking (root on Debian).
 * @returns {Promise<Program[]>} what is still missing
 */
export async function ensurePrograms() {
  const missing = await without(PROGRAMS);
  if (!missing.length || process.getuid?.() !== 0 || !existsSync("/etc/debian_version")) return missing;
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  console.log(`Installing ${missing.map(({ name }) => name).join(" and ")} with apt-get`);
  await run("apt-get", ["update", "-qq"], { env });
  await run(
    "apt-get",
    [
      "install",
      "-y",
      "-qq",
      "--no-install-recommends",
      ...missing.flatMap(({ debian }) => debian.split(" ")),
    ],
    { env },
  );
  return without(missing);
}

/** @param {Program[]} programs those of them that are not there */
async function without(programs) {
  const missing = [];
  for (const program of programs) if (!(await find(program))) missing.push(program);
  return missing;
}
