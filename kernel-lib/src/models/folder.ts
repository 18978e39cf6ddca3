/** What a folder says of itself, as a stranger may have filled it. */
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { namesIn } from "../disk/files.js";
import { ConfigurationError, errorText } from "../errors.js";
import { KINDS, type ModelKind } from "./kinds.js";

/** Folders in a model's folder that are looked into: of transformers.js, and of PP-OCR. */
const INSIDE = ["onnx", "det", "rec"] as const;

/** Its files, by their paths below it; no deeper than `onnx/`, or `det/` and `rec/`. */
export async function pathsIn(folder: string): Promise<string[]> {
  const names = await namesIn(folder);
  for (const inner of INSIDE)
    if (names.includes(inner))
      names.push(...(await namesIn(join(folder, inner))).map((name) => `${inner}/${name}`));
  const paths: string[] = [];
  for (const path of names)
    if ((await stat(join(folder, path)).catch(() => null))?.isFile()) paths.push(path);
  return paths;
}

const MOST_CONFIG_BYTES = 4 * 1024 * 1024;

/** The `model_type` of its config.json; `null` where that names none, or is not there. */
export async function typeOf(folder: string): Promise<string | null> {
  const path = join(folder, "config.json");
  const size = (await stat(path).catch(() => null))?.size;
  if (size === undefined) return null;
  if (size > MOST_CONFIG_BYTES) throw new ConfigurationError(`${path} is too large for a model's settings.`);
  try {
    const config = JSON.parse(await readFile(path, "utf8")) as { model_type?: unknown } | null;
    return typeof config?.model_type === "string" ? config.model_type : null;
  } catch (error) {
    throw new ConfigurationError(`${path} cannot be read: ${errorText(error)}.`);
  }
}

/** @throws {ConfigurationError} where config.json tells of another kind of model */
export async function checkType(folder: string, kind: ModelKind): Promise<void> {
  if (KINDS[kind].types.size === 0) return;
  const type = await typeOf(folder);
  if (type !== null && KINDS[kind].types.has(type)) return;
  throw new ConfigurationError(
    `${join(folder, "config.json")} ${type === null ? "names no type of model" : `tells of a model of type "${type.slice(0, 60)}"`}; ${KINDS[kind].called} is needed (${[...KINDS[kind].types].join(", ")}).`,
  );
}
