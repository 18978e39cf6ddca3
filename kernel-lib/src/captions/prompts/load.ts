import { createHash } from "node:crypto";
import { readdir, readFile, stat } from "node:fs/promises";
import { basename, extname, join } from "node:path";
import { ConfigurationError, errorText } from "../../errors.js";
import { packageFolder } from "../../package-folder.js";
import { checkSchema, defaultSchema } from "./answer-schema.js";
import { compose, systemMessage, WORDS_RULES } from "./compose.js";
import { PROMPT_ID, readPromptFile, type Settings } from "./front-matter.js";
import { nearestName } from "./nearest.js";
import type { Prompt } from "./prompt.js";
import { parseTemplate, TEMPLATE_ENGINE, type Template } from "./template.js";

const MAX_BYTES = 256 * 1024;

/**
 * Reads a prompt: a Markdown file with front matter, or a shipped one by its name (see {@link shippedPrompts}). See
 * docs/prompts.md for how to write one.
 * @throws {ConfigurationError} for a file that is not there or not right; names file and line, and says what is allowed
 */
export async function loadPrompt(pathOrName: string): Promise<Prompt> {
  const shipped = await shippedPrompts();
  if (shipped.includes(pathOrName)) {
    const file = join(shippedFolder(), `${pathOrName}.md`);
    return makePrompt({ file: null, name: pathOrName, source: await readFile(file, "utf8") });
  }
  return makePrompt({ file: pathOrName, name: pathOrName, source: await readSource(pathOrName, shipped) });
}

/** Names of the prompts that come with figloom. */
export async function shippedPrompts(): Promise<string[]> {
  const files = await readdir(shippedFolder());
  return files
    .filter((file) => file.endsWith(".md"))
    .map((file) => basename(file, ".md"))
    .sort();
}

/** Where they lie. */
export const shippedFolder = (): string => packageFolder("prompts");

async function readSource(file: string, shipped: readonly string[]): Promise<string> {
  try {
    const { size } = await stat(file);
    if (size > MAX_BYTES)
      throw new ConfigurationError(`${file} has ${size} bytes: a prompt has at most ${MAX_BYTES}`);
    return await readFile(file, "utf8");
  } catch (error) {
    if (error instanceof ConfigurationError) throw error;
    const near = nearestName(basename(file, ".md"), shipped);
    throw new ConfigurationError(
      `the prompt ${file} cannot be read (${errorText(error)}): give the path of a Markdown file, or one of the ` +
        `shipped prompts: ${shipped.join(", ")}${near && near !== file ? ` (${near}?)` : ""}`,
    );
  }
}

/**
 * A prompt from its text.
 * @param from.file `null` for a shipped one
 * @param from.name path or name: stands in errors, and its last part is the id where the front matter has none
 * @throws {ConfigurationError} see {@link loadPrompt}
 */
export function makePrompt({
  file,
  name,
  source,
}: {
  file: string | null;
  name: string;
  source: string;
}): Prompt {
  const { settings, body, line } = readPromptFile(name, source);
  const template = parseTemplate({ file: name, body, line });
  const { about, model, sampling, max_pixels, context_tokens, language } = settings;
  const answer = answerOf(name, settings);
  return Object.freeze({
    ...{ about, model, max_pixels, context_tokens, answer, language, source, file },
    id: settings.id ?? idOf(name),
    sampling: Object.freeze(sampling),
    readsText: template.prints.has("figure_text"),
    hash: hashOf(template, settings, answer),
    compose: (input, options = {}) => compose(template, input, options.context_tokens ?? context_tokens),
  } satisfies Prompt);
}

/** The file's name without its ending. */
function idOf(file: string): string {
  const id = basename(file, extname(file));
  if (PROMPT_ID.test(id)) return id;
  throw new ConfigurationError(
    `${file}: "${id}" cannot be the prompt's id, which goes into the names of its captions: rename the file, or set an id of letters, digits, _, . and -`,
  );
}

function answerOf(file: string, { answer, schema }: Settings): Prompt["answer"] {
  if (answer === "json")
    return { name: "caption", schema: schema ? checkSchema(file, schema) : defaultSchema() };
  if (schema)
    throw new ConfigurationError(
      `${file}: schema stands beside answer: text: write answer: json, or leave the schema out`,
    );
  return answer;
}

/**
 * Everything that the answers depend on but the model, which stands beside it wherever captions are kept. The order of
 * a schema's properties counts: answers are written in it.
 */
function hashOf(template: Template, settings: Settings, answer: Prompt["answer"]): string {
  const { sampling, max_pixels, context_tokens, language } = settings;
  const { temperature, top_p, top_k, repetition_penalty, presence_penalty, max_tokens, seed } = sampling;
  const identity = JSON.stringify([
    [TEMPLATE_ENGINE, WORDS_RULES, systemMessage(template)],
    template.identity,
    { temperature, top_p, top_k, repetition_penalty, presence_penalty, max_tokens, seed },
    { max_pixels, context_tokens, answer, language },
  ]);
  return createHash("sha256").update(identity).digest("hex").slice(0, 16);
}
