import { isMap, isScalar, LineCounter, parseDocument, type Document } from "yaml";
import { z } from "zod";
import { ConfigurationError } from "../../errors.js";
import { LANGUAGES } from "../../text/language.js";
import { nearestName } from "./nearest.js";

/** Ids go into the names of captions and of files. */
export const PROMPT_ID = /^[\p{L}\p{N}][\p{L}\p{N}_.-]{0,63}$/u;

const number = (least: number, most: number) => z.number().min(least).max(most);
const whole = (least: number, most: number) => z.int().min(least).max(most);

export const SAMPLING = z.strictObject({
  temperature: number(0, 2).default(0.2).describe("a number from 0 to 2"),
  top_p: number(0.01, 1).default(0.9).describe("a number from 0.01 to 1"),
  top_k: whole(0, 1_000_000).default(20).describe("a whole number, 0 for no limit"),
  repetition_penalty: number(0.5, 2).default(1).describe("a number from 0.5 to 2, 1 for none"),
  presence_penalty: number(-2, 2).default(0).describe("a number from -2 to 2, 0 for none"),
  max_tokens: whole(16, 32_768).default(512).describe("a whole number from 16 to 32768"),
  seed: whole(0, Number.MAX_SAFE_INTEGER).default(0).describe("a whole number from 0 on"),
});

/** Each field says in words what it takes, which errors repeat. */
export const SETTINGS = z.strictObject({
  id: z.string().regex(PROMPT_ID).optional().describe("a short name of letters, digits, _, . and -"),
  about: z.string().default("").describe("a sentence"),
  model: z.string().min(1).nullable().default(null).describe("a model's name"),
  sampling: SAMPLING.prefault({}).describe(`settings: ${Object.keys(SAMPLING.shape).join(", ")}`),
  max_pixels: whole(65_536, 16_777_216)
    .default(1_048_576)
    .describe("a whole number of pixels from 65536 to 16777216"),
  context_tokens: whole(200, 200_000)
    .default(3000)
    .describe("a whole number from 200 on: less could not hold the caption of an ordinary figure"),
  answer: z.enum(["text", "json"]).default("text").describe("text or json"),
  schema: z.record(z.string(), z.unknown()).optional().describe("a JSON schema"),
  language: z
    .enum(LANGUAGES as [string, ...string[]])
    .nullable()
    .default(null)
    .describe(`one of ${LANGUAGES.join(", ")}`),
  trial: z.unknown().optional().describe("a record that tune writes"),
});
export type Settings = z.infer<typeof SETTINGS>;

export interface PromptFile {
  settings: Settings;
  body: string;
  /** Line on which `body` begins, from 1. */
  line: number;
}

/**
 * Splits a prompt file into its settings and its template.
 * @param file its name, for errors
 * @throws {ConfigurationError} names file, line and field, and says what is allowed
 */
export function readPromptFile(file: string, source: string): PromptFile {
  const text = source.replace(/^\ufeff/, "").replace(/\r\n?/g, "\n");
  const match = /^---[ \t]*\n([\s\S]*?\n)??---[ \t]*(?:\n|$)/.exec(text);
  if (!match && /^---[ \t]*\n/.test(text))
    throw new ConfigurationError(`${file}: the front matter has no end: close it with a line "---"`);
  return {
    settings: readSettings(file, match?.[1] ?? ""),
    body: text.slice(match?.[0].length ?? 0),
    line: (match?.[0].split("\n").length ?? 1) - (match?.[0].endsWith("\n") === false ? 1 : 0),
  };
}

function readSettings(file: string, yaml: string): Settings {
  const lines = new LineCounter();
  const document = parseDocument(yaml, {
    lineCounter: lines,
    version: "1.2",
    merge: false,
    logLevel: "error",
  });
  const [problem] = [...document.errors, ...document.warnings];
  // The front matter begins on the second line.
  if (problem)
    throw new ConfigurationError(
      `${file}:${lines.linePos(problem.pos[0]).line + 1}: the front matter is no YAML: ${problem.message.split("\n")[0]!.replace(/ at line \d+, column \d+:?$/, "")}`,
    );
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 20 }) ?? {};
  } catch (error) {
    throw new ConfigurationError(`${file}: the front matter cannot be read: ${String(error)}`);
  }
  const result = SETTINGS.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0]!;
  const place = (path: PropertyKey[]): string => {
    const offset = offsetOf(document, path);
    return offset === null ? file : `${file}:${lines.linePos(offset).line + 1}`;
  };
  throw new ConfigurationError(explain(issue, value, place));
}

function explain(issue: z.core.$ZodIssue, value: unknown, place: (path: PropertyKey[]) => string): string {
  const path = issue.path.map(String);
  // A setting of its own, or one inside of another that does not fit.
  const shape = path.length > (issue.code === "unrecognized_keys" ? 0 : 1) ? SAMPLING.shape : SETTINGS.shape;
  if (issue.code === "unrecognized_keys") {
    const key = issue.keys[0]!;
    const names = Object.keys(shape);
    const near = nearestName(key, names);
    const name = [...path, key].join(".");
    return `${place([...path, key])}: there is no setting "${name}"${near ? ` (${near}?)` : ""}; there are: ${names.join(", ")}`;
  }
  if (path.length === 0)
    return `${place([])}: the front matter is no list of settings: write lines such as "about: …"`;
  const field = shape[path.at(-1) as keyof typeof shape] as z.ZodType | undefined;
  const given = path.reduce<unknown>((inner, key) => (inner as Record<string, unknown> | null)?.[key], value);
  return `${place(issue.path)}: ${path.join(".")} is ${JSON.stringify(given)}: give ${field?.description ?? "another value"}`;
}

/** Where a value, or else its key, stands in the YAML text. */
function offsetOf(document: Document, path: PropertyKey[]): number | null {
  const parent = path.length > 1 ? document.getIn(path.slice(0, -1), true) : document.contents;
  if (!isMap(parent)) return null;
  const pair = parent.items.find(({ key }) => isScalar(key) && String(key.value) === String(path.at(-1)));
  return isScalar(pair?.key) ? (pair.key.range?.[0] ?? null) : null;
}
