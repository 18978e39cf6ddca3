import { execFile, spawn, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import { bundlePrograms } from "../../../support/bundle-programs.js";

let bundled: Promise<string> | undefined;

/**
 * Bundles the command and its worker out of the sources, as the build does, once for all the test files of a process.
 * @returns the command's file
 */
export async function bundleCommand(): Promise<string> {
  bundled ??= bundlePrograms(`command-${process.env["VITEST_POOL_ID"]}`, {
    cli: "kernel-lib/src/cli/main.ts",
    worker: "kernel-lib/src/stages/worker.ts",
    model: "kernel-lib/src/models/onnx/program.ts",
  });
  return join(await bundled, "cli.cjs");
}

export interface Ran {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs the command to its end. */
export function run(command: string, args: string[], env: NodeJS.ProcessEnv = {}): Promise<Ran> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [command, ...args],
      { env: { ...process.env, ...env } },
      (error, stdout, stderr) => {
        const code = error === null ? 0 : typeof error.code === "number" ? error.code : -1;
        resolve({ code, stdout, stderr });
      },
    );
  });
}

/** Starts the command without waiting for it. */
export function start(command: string, args: string[], env: NodeJS.ProcessEnv = {}): ChildProcess {
  return spawn(process.execPath, [command, ...args], {
    stdio: ["ignore", "ignore", "pipe"],
    env: { ...process.env, ...env },
  });
}
