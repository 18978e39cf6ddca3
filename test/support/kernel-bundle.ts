import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";

const KERNEL = join(import.meta.dirname, "..", "..", "kernel-lib", "src", "kernel");
const common = {
  bundle: true,
  platform: "node",
  target: "node20",
  format: "cjs",
  packages: "external",
} as const;

/** A temporary folder for notebooks, whose cells can import a small package `loomkit` made of the kernel's library. */
export interface KernelBundle {
  folder: string;
  preload: string;
  remove(): void;
}

/** Bundles the preload and the kernel's library the way the package does. */
export async function bundleKernel(): Promise<KernelBundle> {
  const folder = mkdtempSync(join(tmpdir(), "figloom-notebooks-"));
  const home = join(folder, "packages", "loomkit");
  mkdirSync(join(home, "dist"), { recursive: true });
  mkdirSync(join(folder, "notebooks", "node_modules"), { recursive: true });
  symlinkSync(home, join(folder, "notebooks", "node_modules", "loomkit"));
  const preload = join(folder, "preload.cjs");
  const library = ["display", "comms", "interrupt"].map((name) => `export * from "./${name}.js";`).join("\n");
  await Promise.all([
    build({ ...common, entryPoints: [join(KERNEL, "preload.ts")], outfile: preload }),
    build({
      ...common,
      stdin: {
        contents: `${library}\nexport const openLab = () => "lab";`,
        resolveDir: KERNEL,
        loader: "ts",
      },
      outfile: join(home, "dist", "index.cjs"),
    }),
  ]);
  const manifest = { name: "loomkit", version: "1.0.0", main: "dist/index.cjs", types: "dist/index.d.ts" };
  writeFileSync(join(home, "package.json"), JSON.stringify(manifest));
  writeFileSync(join(home, "dist", "index.d.ts"), DECLARATIONS);
  return {
    folder: join(folder, "notebooks"),
    preload,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

const DECLARATIONS = `
export interface Display { readonly id: string; update(bundle: Record<string, unknown>): void }
export declare function show(bundle: Record<string, unknown>, options?: { id?: string }): Display;
export declare function inNotebook(): boolean;
export declare function kernelSignal(): AbortSignal;
export interface Comm { id: string; send(data: unknown): void; close(): void; onMessage?: (data: any) => void; onClose?: () => void }
export declare function onComm(target: string, open: (comm: Comm, data: any) => void): () => void;
/** Opens a dataset for work in a notebook. */
export declare function openLab(): string;
`;
