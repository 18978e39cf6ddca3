/** Whoever launches runs and looks after them, in processes of its own that may be killed. */
import { execFile, spawn, type ChildProcess } from "node:child_process";
import { promisify } from "node:util";
import { join } from "node:path";
import type { LaunchOptions } from "../../kernel-lib/src/lab/launch-options.js";
import type { SlurmOptions } from "../../cluster/src/slurm/options.js";
import { ROOT } from "../support/bundle-programs.js";

/** As it is installed: the built packages. */
const FIGLOOM = join(ROOT, "kernel-lib/bin/figloom.cjs");
const LAUNCH = `
const { openLab } = require("figloom");
const { slurm } = require("@figloom/cluster");
const { dataset, on, ...options } = JSON.parse(process.argv[1]);
openLab(dataset)
  .then((lab) => lab.launch({ ...options, on: slurm(on) }))
  .then(({ run }) => console.log(\`launched \${run}\`))
  .catch((error) => {
    console.error(error.message);
    process.exitCode = 1;
  });`;

export interface LaunchOnSlurm extends Omit<LaunchOptions, "on"> {
  dataset: string;
  on: SlurmOptions;
}

/** A process that launches a run as a notebook's cell does. */
export function launching(options: LaunchOnSlurm): ChildProcess {
  return spawn(process.execPath, ["-e", LAUNCH, JSON.stringify(options)], {
    cwd: join(ROOT, "test"),
    stdio: ["ignore", "pipe", "inherit"],
  });
}

/** Runs a command of figloom. @returns what it printed as JSON */
export async function figloom(...args: string[]): Promise<Record<string, unknown>> {
  const { stdout } = await promisify(execFile)(process.execPath, [FIGLOOM, ...args, "--json"]);
  return JSON.parse(stdout) as Record<string, unknown>;
}

/** A terminal in which somebody watches a run. */
export function watching(dataset: string): ChildProcess {
  return spawn(process.execPath, [FIGLOOM, "run", "watch", dataset], { stdio: "ignore" });
}
