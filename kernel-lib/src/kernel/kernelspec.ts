import { mkdir, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { homedir, platform } from "node:os";
import { isAbsolute, join, resolve } from "node:path";
import { ConfigurationError, errorText } from "../errors.js";
import { logoSvg } from "../views/logo.js";

export interface KernelPrograms {
  /** The Node that runs the kernel. @default the one running now */
  node?: string;
  /** figloom's `preload.cjs`. @default the one of the installed package */
  preload?: string;
  /** tslab's `bin/tslab`. @default the one that figloom depends on */
  tslab?: string;
}

/** Where a kernelspec goes: a Python environment's folder, or the user's own Jupyter folder. */
export type KernelPlace = { prefix: string } | { user: true };

/** The content of kernel.json. */
export interface KernelSpec {
  argv: string[];
  display_name: string;
  language: string;
  interrupt_mode: "signal";
}

const NAME = "figloom";
const LOGO_PIXELS = 64;

/**
 * Says how Jupyter starts a figloom kernel. All paths are absolute, because Jupyter starts it in the notebook's folder
 * and without the user's shell.
 * @throws {ConfigurationError} when a program is not where it should be.
 */
export function kernelSpec(programs: KernelPrograms = {}): KernelSpec {
  const node = programs.node ?? process.execPath;
  const preload = programs.preload ?? find("figloom/preload");
  const tslab = programs.tslab ?? find("tslab/bin/tslab");
  for (const file of [node, preload, tslab])
    if (!isAbsolute(file) || !existsSync(file))
      throw new ConfigurationError(
        `The notebook kernel needs ${file}, which is not there. Build or install figloom again.`,
      );
  return {
    argv: [node, "--require", preload, tslab, "kernel", "--config-path", "{connection_file}"],
    display_name: "figloom (TypeScript)",
    language: "typescript",
    interrupt_mode: "signal",
  };
}

/**
 * Writes the kernelspec and its logos where Jupyter finds them, replacing an earlier one.
 * @returns the kernelspec's folder.
 * @throws {ConfigurationError} when a program is missing or the folder cannot be written.
 */
export async function installKernelSpec(place: KernelPlace, programs?: KernelPrograms): Promise<string> {
  const spec = kernelSpec(programs);
  const folder = join(dataFolder(place), "kernels", NAME);
  const { default: sharp } = await import("sharp");
  const svg = logoSvg();
  const raster = (pixels: number) => sharp(Buffer.from(svg)).resize(pixels, pixels).png().toBuffer();
  const files: Record<string, string | Buffer> = {
    "kernel.json": `${JSON.stringify(spec, null, 2)}\n`,
    "logo-svg.svg": svg,
    "logo-32x32.png": await raster(LOGO_PIXELS / 2),
    "logo-64x64.png": await raster(LOGO_PIXELS),
  };
  try {
    await mkdir(folder, { recursive: true });
    await Promise.all(Object.entries(files).map(([name, content]) => writeFile(join(folder, name), content)));
  } catch (error) {
    throw new ConfigurationError(
      `The kernelspec could not be written to ${folder}: ${errorText(error)}. Name a folder you may write to with --prefix.`,
    );
  }
  return folder;
}

/** Jupyter's data folder, as jupyter_core looks for it. */
function dataFolder(place: KernelPlace): string {
  if ("prefix" in place) return join(resolve(place.prefix), "share", "jupyter");
  const chosen = process.env["JUPYTER_DATA_DIR"];
  if (chosen) return resolve(chosen);
  const home = homedir();
  if (platform() === "darwin") return join(home, "Library", "Jupyter");
  if (platform() === "win32")
    return join(process.env["APPDATA"] ?? join(home, ".jupyter", "data"), "jupyter");
  return join(process.env["XDG_DATA_HOME"] ?? join(home, ".local", "share"), "jupyter");
}

/** Resolved from the bundle's own place, where figloom can name itself and what it depends on. */
function find(request: string): string {
  try {
    return createRequire(__filename).resolve(request);
  } catch (error) {
    throw new ConfigurationError(
      `The notebook kernel needs ${request}, which was not found: ${errorText(error)}. Install figloom again with its dependencies.`,
    );
  }
}
