import { execFile, spawn, type ChildProcess } from "node:child_process";
import { copyFile, cp } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";

const ROOT = join(import.meta.dirname, "..", "..", "..", "..");

/** Bundles the command and its worker out of the sources, as the build does; returns the command's file. */
export async function bundleCommand(name: string): Promise<string> {
  // Inside the repository, where the packages that stay outside the bundle are found.
  const outdir = join(ROOT, "test", "output", `command-${name}`);
  await build({
    entryPoints: {
      cli: join(ROOT, "kernel-lib/src/cli/main.ts"),
      worker: join(ROOT, "kernel-lib/src/stages/worker.ts"),
    },
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    packages: "external",
    outdir,
    outExtension: { ".js": ".cjs" },
    logLevel: "error",
  });
  // What the package has beside its bundles.
  await copyFile(join(ROOT, "kernel-lib/package.json"), join(outdir, "package.json"));
  await cp(join(ROOT, "kernel-lib/prompts"), join(outdir, "prompts"), { recursive: true });
  return join(outdir, "cli.cjs");
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
