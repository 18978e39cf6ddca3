import { checker } from "./answer-schema.js";
import { withoutFences } from "./fence.js";
import type { Prompt } from "./prompt.js";

/** A caption and what else a structured answer holds, as JSON; or why the answer is none. */
export type ReadAnswer = { caption: string; detail: string | null } | { problem: string };

/** Answers of more characters are no captions, and are not searched for any. */
const MAX_CHARACTERS = 200_000;

/**
 * Reads a model's answer to a prompt: takes off what models put around a caption (thoughts, a code fence, quotes,
 * `Caption:`), and checks a structured one against the prompt's schema. Pure; linear in the answer's length.
 */
export function readAnswer({ answer }: Pick<Prompt, "answer">, text: string): ReadAnswer {
  if (text.length > MAX_CHARACTERS) return { problem: `the answer is ${text.length} characters long` };
  const said = unfenced(withoutThoughts(text));
  if (answer === "text") {
    const caption = bare(said);
    return caption === "" ? { problem: "the answer is empty" } : { caption, detail: null };
  }
  return readObject(answer.schema, said);
}

function readObject(schema: Record<string, unknown>, text: string): ReadAnswer {
  if (text === "") return { problem: "the answer is empty" };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { problem: `the answer is no JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
  const checked = checker(schema).safeParse(value);
  if (!checked.success) {
    const { path, message } = checked.error.issues[0]!;
    const place = path.length > 0 ? `${path.join(".")}: ` : "";
    return { problem: `the answer's JSON does not keep to the schema: ${place}${message}` };
  }
  const { caption, ...detail } = value as { caption: string } & Record<string, unknown>;
  const words = bare(caption);
  if (words === "") return { problem: "the answer's caption is empty" };
  return { caption: words, detail: Object.keys(detail).length > 0 ? JSON.stringify(detail) : null };
}

/** Without `<think>…</think>`; a template may have opened it, and an answer cut short may never close it. */
function withoutThoughts(text: string): string {
  const end = text.lastIndexOf("</think>");
  const after = end < 0 ? text : text.slice(end + "</think>".length);
  const open = after.indexOf("<think>");
  return (open < 0 ? after : after.slice(0, open)).trim();
}

/** What a Markdown code fence around the whole holds. */
function unfenced(text: string): string {
  const inside = /^```[\w-]*[ \t]*\n([\s\S]*?)\n?```$/.exec(text)?.[1];
  return (inside ?? text).trim();
}

const HEADING =
  /^(?:[*_#\s]*)(?:(?:the|new|rewritten|revised|improved|figure|final|self-contained)\s+){0,3}caption\s*[*_]*\s*:\s*[*_]*\s*/i;
const QUOTES = ['""', "“”", "„“", "«»", "‘’", "''", "``"];

/** The caption alone. */
function bare(text: string): string {
  let caption = withoutFences(text).trim();
  for (let before = ""; before !== caption;) {
    before = caption;
    caption = caption.replace(HEADING, "").trim();
    caption = unquoted(caption).trim();
    caption = /^\*\*([^*]+)\*\*$/.exec(caption)?.[1]?.trim() ?? caption;
  }
  return caption;
}

/** Without quotation marks around the whole, which stand nowhere inside. */
function unquoted(text: string): string {
  const pair = QUOTES.find(
    ([open, close]) => text.length > 1 && text.startsWith(open!) && text.endsWith(close!),
  );
  const inside = text.slice(1, -1);
  return pair && !inside.includes(pair[0]!) && !inside.includes(pair[1]!) ? inside : text;
}
