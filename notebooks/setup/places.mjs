/** Where set-up keeps things. All of it is in `.figloom`, which can be deleted at any time. */
import { join } from "node:path";

/** The repository. */
export const ROOT = join(import.meta.dirname, "..", "..");
export const NOTEBOOKS = join(ROOT, "notebooks");
export const STATE = join(ROOT, ".figloom");
/** The Python environment that holds JupyterLab, our kernel and our extension. */
export const VENV = join(STATE, "venv");
const BIN = join(VENV, process.platform === "win32" ? "Scripts" : "bin");

/**
 * A program of the Python environment.
 * @param {string} name
 */
export const program = (name) => join(BIN, process.platform === "win32" ? `${name}.exe` : name);
