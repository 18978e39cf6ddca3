/** Folders that look like models: their weights are a few bytes, which nothing here runs. */
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterEach, beforeEach } from "vitest";
import { freshFolder } from "../../../support/fresh-folder.js";

export const CLIP: Readonly<Record<string, string>> = {
  "config.json": '{"model_type":"clip"}',
  "onnx/text_model.onnx": "text weights",
  "onnx/vision_model.onnx": "vision weights",
  "preprocessor_config.json": "{}",
  "tokenizer.json": "{}",
  "tokenizer_config.json": "{}",
};

export const BERT: Readonly<Record<string, string>> = {
  "config.json": '{"model_type":"bert","architectures":["BertForMaskedLM"]}',
  "onnx/model.onnx": "weights",
  "tokenizer.json": "{}",
  "tokenizer_config.json": "{}",
};

export async function lay(folder: string, files: Readonly<Record<string, string | Buffer>>): Promise<string> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  return folder;
}

const NAMES = [
  "FIGLOOM_CACHE",
  "FIGLOOM_MODELS",
  "HF_ENDPOINT",
  "HF_HUB_CACHE",
  "HF_HUB_OFFLINE",
  "HF_TOKEN",
  "XDG_DATA_HOME",
] as const;

/** A machine of their own for a file's tests: what is in the user's folders does not count. */
export function onOwnMachine(): { readonly models: string; readonly own: string; readonly hub: string } {
  const machine = { models: "", own: "", hub: "" };
  let before: Record<string, string | undefined> = {};
  beforeEach(async () => {
    before = Object.fromEntries(NAMES.map((name) => [name, process.env[name]]));
    for (const name of NAMES) delete process.env[name];
    const home = await freshFolder();
    machine.models = process.env["FIGLOOM_MODELS"] = join(home, "models");
    machine.hub = process.env["HF_HUB_CACHE"] = join(home, "hub");
    process.env["FIGLOOM_CACHE"] = join(home, "cache");
    process.env["XDG_DATA_HOME"] = join(home, "data");
    machine.own = join(home, "data", "figloom", "models");
  });
  afterEach(() => {
    for (const [name, value] of Object.entries(before))
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
  });
  return machine;
}
