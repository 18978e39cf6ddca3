import { join, resolve } from "node:path";
import { build } from "esbuild";

/** `import.meta.dirname` is the folder of the benches in all of their files, see `run.mjs`. */
export const ROOT = resolve(import.meta.dirname, "../..");

/**
 * Bundles programs out of the sources as the package does, to files of their names.
 * @param entries paths from the repository's root
 * @returns the folder, inside the repository, where the packages that stay outside the bundle are found
 */
export async function bundle(entries: Record<string, string>): Promise<string> {
  const outdir = join(ROOT, "test/output/bench");
  await build({
    absWorkingDir: ROOT,
    entryPoints: entries,
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    packages: "external",
    outdir,
    outExtension: { ".js": ".cjs" },
    logLevel: "error",
  });
  return outdir;
}
