/** Makes ONNX files of PyTorch weights, in the user's own Python; see python/export-model.py. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { ConfigurationError, errorText } from "../errors.js";
import { packageFolder } from "../package-folder.js";
import type { ModelKind } from "./kinds.js";

export interface ExportOptions {
  /** @default FIGLOOM_PYTHON, else `python3` */
  python?: string;
  signal: AbortSignal;
  /** Hears what the exporter is at. */
  onNews: (text: string) => void;
}

/** What the script says at its end. */
interface Said {
  /** Packages that it lacks. */
  missing?: string[];
  /** Their versions, and how far the graphs were from PyTorch's values. */
  made?: string;
  error?: string;
}

/** @throws {ConfigurationError} where there is no Python, or it lacks a package */
export async function checkPython(options: ExportOptions): Promise<void> {
  await run(["--check"], options);
}

/**
 * Writes a model's folder out of PyTorch's: the graphs, and the tokenizer and settings beside them. Takes minutes and
 * twice the weights' size in memory for a large model. Nothing that comes with the weights is executed.
 * @returns what they were made with, for the record
 * @throws {ConfigurationError} with what Python said
 */
export async function exportInto(
  source: string,
  folder: string,
  kind: ModelKind,
  options: ExportOptions & { type?: string | undefined },
): Promise<string> {
  const type = options.type === undefined ? [] : [options.type];
  const { made } = await run([source, folder, kind, ...type], options);
  if (typeof made !== "string") throw new ConfigurationError("The exporter ended without a result.");
  return made.slice(0, 400);
}

/** Lines of its errors that are told; Python's tracebacks are long. */
const TOLD_LINES = 12;

async function run(args: readonly string[], options: ExportOptions): Promise<Said> {
  const python = options.python ?? (process.env["FIGLOOM_PYTHON"] || "python3");
  const script = join(packageFolder("python"), "export-model.py");
  const child = spawn(python, [script, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...process.env,
      HF_TOKEN: undefined,
      HF_HUB_OFFLINE: "1",
      TRANSFORMERS_OFFLINE: "1",
      PYTHONUNBUFFERED: "1",
    },
    signal: options.signal,
  });
  let last = "";
  const errors: string[] = [];
  createInterface({ input: child.stdout }).on("line", (line) => {
    if (line.startsWith("{")) last = line;
    else options.onNews(line);
  });
  createInterface({ input: child.stderr }).on("line", (line) => errors.push(line) > 200 && errors.shift());
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on("error", reject).on("close", resolve);
  }).catch((error: unknown) => {
    options.signal.throwIfAborted();
    throw new ConfigurationError(
      `The Python that exports models cannot be started (${errorText(error)}). Name one that has torch and transformers: --python PATH, or FIGLOOM_PYTHON.`,
    );
  });
  const said = readSaid(last);
  if (said.missing?.length)
    throw new ConfigurationError(
      `${python} lacks ${said.missing.join(", ")}, which exporting a model needs. Install: ${python} -m pip install torch transformers onnx onnxruntime, or name another Python: --python PATH, or FIGLOOM_PYTHON.`,
    );
  if (code === 0 && said.error === undefined) return said;
  const why = said.error ?? errors.slice(-TOLD_LINES).join("\n");
  throw new ConfigurationError(`The export failed: ${why || `${python} ended with ${code}`}`);
}

function readSaid(line: string): Said {
  try {
    return JSON.parse(line) as Said;
  } catch {
    return {};
  }
}
