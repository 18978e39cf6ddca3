import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { namesIn, safeName, writeWhole } from "../disk/files.js";

const FOLDER = "prompts";

/** A prompt that captions of the dataset were made by. */
export interface KeptPrompt {
  /** As in the captions' `prompt_hash`. */
  hash: string;
  /** As in the captions' `prompt_id`; `null` where the text does not say: the file's name was the id then. */
  id: string | null;
  /** The whole file, front matter included. */
  source: string;
}

/** Files being written: several captions may come first. */
const writing = new Map<string, Promise<void>>();

/** Keeps a prompt's text with the captions that it made, so that the `prompt_hash` of each resolves to it. */
export async function keepPrompt(
  folder: string,
  { hash, source }: Pick<KeptPrompt, "hash" | "source">,
): Promise<void> {
  const file = join(folder, FOLDER, `${safeName(hash)}.md`);
  const begun = writing.get(file);
  if (begun) return begun;
  if (existsSync(file)) return;
  const written = writeWhole(file, source).finally(() => writing.delete(file));
  writing.set(file, written);
  return written;
}

/** The prompts that the dataset keeps, sorted by hash. */
export async function keptPrompts(folder: string): Promise<KeptPrompt[]> {
  const names = (await namesIn(join(folder, FOLDER))).filter((name) => name.endsWith(".md"));
  return Promise.all(
    names.map(async (name) => {
      const source = await readFile(join(folder, FOLDER, name), "utf8");
      return { hash: name.slice(0, -".md".length), id: idIn(source), source };
    }),
  );
}

function idIn(source: string): string | null {
  const front = /^---\r?\n([\s\S]*?)\r?\n---/.exec(source)?.[1];
  try {
    const id = (parse(front ?? "") as { id?: unknown } | null)?.id;
    return typeof id === "string" ? id : null;
  } catch {
    return null;
  }
}
