import { join } from "node:path";
import { build } from "esbuild";

export const ROOT = join(import.meta.dirname, "..", "..");

/** Bundles the thread that reads fuzzed inputs; returns its path. It lies in the workspace, where its packages are found. */
export async function buildWorker(): Promise<string> {
  const program = join(ROOT, "test", "output", "fuzz", "worker.cjs");
  await build({
    entryPoints: [join(import.meta.dirname, "worker.ts")],
    outfile: program,
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    packages: "external",
    logLevel: "warning",
  });
  return program;
}
