import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Prompt } from "../captions/prompts/prompt.js";
import { safeName, writeWhole } from "./files.js";

const fileOf = (folder: string, hash: string): string => join(folder, "prompts", `${safeName(hash)}.md`);

/** Keeps a prompt's text with the captions that it made, so that the `prompt_hash` of each resolves to it. */
export async function keepPrompt(
  folder: string,
  { hash, source }: Pick<Prompt, "hash" | "source">,
): Promise<void> {
  const file = fileOf(folder, hash);
  if (!existsSync(file)) await writeWhole(file, source);
}
