import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";

export const ROOT = join(import.meta.dirname, "..", "..");
export const OUTPUT = join(ROOT, "test", "output", "fuzz");

/** What a campaign works with, apart from that of any other at the same time. */
export interface Workplace {
  /** The bundled thread that reads inputs. It lies in the workspace, where its packages are found. */
  program: string;
  /** The only folder that a reader's input may be written to. */
  scratch: string;
  /** Files that lie beside the input although nothing may be written. */
  strays(): string[];
  remove(): void;
}

export async function prepare(): Promise<Workplace> {
  mkdirSync(OUTPUT, { recursive: true });
  const folder = mkdtempSync(join(OUTPUT, "run-"));
  const [program, scratch] = [join(folder, "worker.cjs"), join(folder, "scratch")];
  mkdirSync(scratch);
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
  return {
    program,
    scratch,
    strays: () => readdirSync(scratch).filter((name) => name !== "input.tar.gz"),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
