import { readdir, readFile, stat } from "node:fs/promises";
import { join, relative } from "node:path";
import { loadPrompt, makePrompt, shippedPrompts } from "../../captions/prompts/load.js";
import { within } from "../../disk/files.js";
import { ConfigurationError } from "../../errors.js";
import type { PromptListing, PromptText } from "../../views/prompt-lab.js";

/** How far and how much is looked through. */
const DEPTH = 4;
const MOST_FOLDERS = 2000;
const MOST_PROMPT_BYTES = 256 * 1024;

/** Datasets below a folder, relative to it. */
export async function datasetsBelow(folder: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { path, names } of folders(folder))
    if (names.includes("dataset.json")) found.push(relative(folder, path) || ".");
  return found.sort();
}

/** Prompts that come with figloom, then those below a folder: Markdown files with a line `{{image}}`. */
export async function promptsBelow(folder: string): Promise<PromptListing[]> {
  const own: string[] = [];
  for await (const { path, names } of folders(folder)) {
    if (names.includes("dataset.json")) continue;
    for (const name of names)
      if (name.endsWith(".md") && (await isPrompt(join(path, name))))
        own.push(relative(folder, join(path, name)));
  }
  return [
    ...own.sort().map((name) => ({ name, shipped: false })),
    ...(await shippedPrompts()).map((name) => ({ name, shipped: true })),
  ];
}

/**
 * A prompt's text: shipped, or a file below a folder.
 * @throws {ConfigurationError} where there is none
 */
export async function promptText(folder: string, name: string): Promise<PromptText> {
  if ((await shippedPrompts()).includes(name)) return { name, source: (await loadPrompt(name)).source };
  const file = name.endsWith(".md") ? within(folder, name) : null;
  if (file === null || !(await isPrompt(file)))
    throw new ConfigurationError(`${name} is no prompt: choose a Markdown file with a line {{image}}.`);
  return { name, source: await readFile(file, "utf8") };
}

/** The prompt that a text is. @throws {ConfigurationError} where it is not right */
export function promptOf(folder: string, { name, source }: PromptText) {
  return makePrompt({ file: name.endsWith(".md") ? join(folder, name) : null, name, source });
}

async function isPrompt(file: string): Promise<boolean> {
  const { size } = await stat(file).catch(() => ({ size: Infinity }));
  return size <= MOST_PROMPT_BYTES && /^[ \t]*\{\{\s*image\s*\}\}/m.test(await readFile(file, "utf8"));
}

/** Folders, the nearer ones first. What is inside of datasets, hidden or installed is passed over. */
async function* folders(root: string): AsyncGenerator<{ path: string; names: string[] }> {
  const waiting = [{ path: root, depth: 0 }];
  for (let seen = 0; seen < MOST_FOLDERS; seen++) {
    const next = waiting.shift();
    if (!next) return;
    const entries = await readdir(next.path, { withFileTypes: true }).catch(() => []);
    const names = entries.filter((entry) => entry.isFile()).map(({ name }) => name);
    yield { path: next.path, names };
    if (names.includes("dataset.json") || next.depth === DEPTH) continue;
    for (const entry of entries)
      if (entry.isDirectory() && !entry.name.startsWith(".") && entry.name !== "node_modules")
        waiting.push({ path: join(next.path, entry.name), depth: next.depth + 1 });
  }
}
