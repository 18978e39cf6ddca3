import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { build } from "esbuild";

/** The repository. Benches are bundled with `import.meta.dirname` as their own folder, which lies as deep as this one. */
export const ROOT = resolve(import.meta.dirname, "../..");

/**
 * Bundles programs out of the sources as the packages do, to files of their names; the shipped prompts lie beside.
 * @param name of the folder below `test/output`: inside the repository, where packages outside the bundle are found
 * @param entries paths from the repository's root
 * @returns the folder
 */
export async function bundlePrograms(name: string, entries: Record<string, string>): Promise<string> {
  const outdir = join(ROOT, "test/output", name);
  mkdirSync(outdir, { recursive: true });
  writeFileSync(join(outdir, "package.json"), '{ "type": "commonjs" }');
  cpSync(join(ROOT, "kernel-lib/prompts"), join(outdir, "prompts"), { recursive: true });
  await build({
    absWorkingDir: ROOT,
    entryPoints: entries,
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    packages: "external",
    alias: {
      "figloom/errors": join(ROOT, "kernel-lib/src/errors.ts"),
      "figloom/processes": join(ROOT, "kernel-lib/src/processes/index.ts"),
      "figloom/stages": join(ROOT, "kernel-lib/src/stages/index.ts"),
    },
    outdir,
    outExtension: { ".js": ".cjs" },
    logLevel: "error",
  });
  return outdir;
}
