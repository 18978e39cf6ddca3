import Mustache from "mustache";
import { ConfigurationError } from "../../errors.js";
import { fieldList, FIELDS, isList, listWith, LISTS, namesIn, pathOf } from "./fields.js";
import type { FieldPath, ListName } from "./fields.js";
import { firstMark } from "./fence.js";
import { nearestName } from "./nearest.js";

/** The template engine and its rules, as they count for a prompt's identity. */
export const TEMPLATE_ENGINE = "mustache 4";

/** What a template is filled with: lists of objects, words, and whether there is something. */
export type View = Record<string, unknown>;

export interface Template {
  /** Before the picture; the same for every figure. */
  readonly system: string;
  /** How often each field is printed. */
  readonly prints: ReadonlyMap<FieldPath, number>;
  /** What is rendered, comments left out, in a form that two templates share only when they render alike. */
  readonly identity: string;
  /** What comes after the picture, filled in. */
  fill(view: View): string;
}

/** Mustache's own: type, value, start, end, and for sections what is inside. */
type Token = [type: string, value: string, start: number, end: number, inside?: Token[]];

/** Text of a file, for errors that name the line. */
export interface TemplateText {
  file: string;
  body: string;
  /** Line of the file on which `body` begins, from 1. */
  line: number;
}

/**
 * Reads and checks a template: constant text, `{{image}}` on a line of its own, and what varies.
 * @throws {ConfigurationError} names file and line, what stands there and what is allowed
 */
export function parseTemplate(text: TemplateText): Template {
  const tokens = parse(text);
  const at = tokens.findIndex(isImage);
  const check = new Check(text);
  check.image(tokens, at);
  const [before, after] = [tokens.slice(0, at), tokens.slice(at + 1)];
  check.constant(before);
  check.fields(after, null);
  check.words(before, after);
  const system = tidied(before.map(([type, value]) => (type === "text" ? value : "")).join(""));
  const writer = new Mustache.Writer();
  return {
    system,
    prints: check.prints,
    identity: JSON.stringify([system, identity(after)]),
    fill(view) {
      const filled = writer.renderTokens(
        after as unknown as string[][],
        new Mustache.Context(view),
        undefined,
        undefined,
        { escape: (value: string) => value },
      );
      return tidied(filled);
    },
  };
}

const isImage = ([type, value]: Token): boolean => (type === "name" || type === "&") && value === "image";

/** Empty sections leave empty lines: one is enough. */
const tidied = (text: string): string => text.replace(/\n[ \t]*(?:\n[ \t]*)+\n/g, "\n\n").trim();

function parse(text: TemplateText): Token[] {
  try {
    return Mustache.parse(text.body, ["{{", "}}"]) as unknown as Token[];
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const [, what = message, end = "0"] = /^(.*?) at (\d+)$/.exec(message) ?? [];
    throw problem(
      text,
      openingOf(text.body, what, Number(end)),
      `${what}: end each tag with }} and each {{#section}} with {{/section}}`,
    );
  }
}

/** Mustache says where it noticed; what is to be mended is the tag that was left open. */
function openingOf(body: string, what: string, end: number): number {
  const name = /^Unclosed section "(.*)"$/s.exec(what)?.[1];
  const tags = [...body.slice(0, end).matchAll(/\{\{\s*[#^]?\s*([^\s}]*)/g)];
  const tag =
    name === undefined ? tags.at(-1) : tags.findLast((one) => one[1] === name && /[#^]/.test(one[0]));
  return what.startsWith("Unclosed") ? (tag?.index ?? end) : end;
}

/** Rendering goes by this alone: comments out, neighbouring text joined, one name for both ways to print. */
function rendered(tokens: readonly Token[]): unknown[][] {
  const parts: unknown[][] = [];
  for (const [type, value, , , inside] of tokens) {
    const last = parts.at(-1);
    if (type === "text" && last?.[0] === "text") last[1] = `${String(last[1])}${value}`;
    else if (inside) parts.push([type, value, rendered(inside)]);
    else if (type !== "!") parts.push([type === "&" ? "name" : type, value]);
  }
  return parts;
}

/** The same without the blanks around the whole. */
function identity(tokens: readonly Token[]): unknown[] {
  const parts = rendered(tokens) as string[][];
  const [first, last] = [parts[0], parts.at(-1)];
  if (first?.[0] === "text") first[1] = first[1]!.trimStart();
  if (last?.[0] === "text") last[1] = last[1]!.trimEnd();
  return parts.filter(([type, value]) => type !== "text" || value !== "");
}

function problem(text: TemplateText, offset: number, message: string): ConfigurationError {
  const line = text.line + text.body.slice(0, offset).split("\n").length - 1;
  return new ConfigurationError(`${text.file}:${line}: ${message}`);
}

/** The rules of a template, each with its own error. */
class Check {
  readonly prints = new Map<FieldPath, number>();
  constructor(private readonly text: TemplateText) {}

  image(tokens: readonly Token[], at: number): void {
    const { body } = this.text;
    const images = deep(tokens).filter(isImage);
    const [first, second] = images;
    if (!first)
      throw this.problem(
        body.length,
        "the template has no line {{image}}: put it between the constant text and what varies with the figure",
      );
    if (second) throw this.problem(second[2], "a second {{image}}: a figure has one picture, name it once");
    if (at < 0)
      throw this.problem(
        first[2],
        "{{image}} stands inside a section: every figure has a picture, put it outside",
      );
    const line = body.slice(body.lastIndexOf("\n", first[2] - 1) + 1, (body + "\n").indexOf("\n", first[3]));
    if (line.trim() !== body.slice(first[2], first[3]))
      throw this.problem(
        first[2],
        `{{image}} shares its line with other text ("${line.trim()}"): give it one of its own`,
      );
  }

  constant(tokens: readonly Token[]): void {
    for (const [type, value, start] of tokens) {
      if (type === "text" || type === "!") continue;
      this.kind(type, value, start);
      throw this.problem(
        start,
        `{{${type === "name" ? "" : type}${value}}} stands before {{image}}, where the text must be the same for every figure ` +
          "(servers read it once): move it below {{image}}",
      );
    }
  }

  fields(tokens: readonly Token[], list: ListName | null): void {
    for (const [type, value, start, , inside] of tokens) {
      if (type === "text" || type === "!") continue;
      this.kind(type, value, start);
      const path = this.path(value, start, list);
      if (!inside) this.print(path, value, start, list);
      else if (type === "#" && isList(path)) this.fields(inside, path);
      else this.fields(inside, list);
      if (inside && !this.prints.has(path)) this.prints.set(path, 0);
    }
  }

  words(before: readonly Token[], after: readonly Token[]): void {
    const said = [...before, ...deep(after)].filter(([type]) => type === "text");
    if (!said.some(([, value]) => /[\p{L}\p{N}]/u.test(value)))
      throw this.problem(0, "the template is empty: it must say what the model is to do");
    for (const [, value, start] of said) {
      const found = firstMark(value);
      // The constant text may speak of the tags; among the paper's words they would be taken for a fence.
      if (!found || (found.fence && before.some((token) => token[2] === start))) continue;
      throw this.problem(
        start + found.at,
        found.fence
          ? `${found.mark} is one of the tags that figloom puts around the paper's words: write the field alone`
          : `${found.mark} is a mark of a model's chat template, which the server adds by itself: leave it out`,
      );
    }
  }

  private kind(type: string, value: string, start: number): void {
    if (type === "=") throw this.problem(start, "{{=…=}} sets other delimiters: only {{ and }} are allowed");
    if (type === ">")
      throw this.problem(start, `{{>${value}}} is a partial: a prompt is one file, write its text here`);
  }

  private path(name: string, start: number, list: ListName | null): FieldPath {
    const path = pathOf(name, list);
    if (path) {
      if (list && isList(path))
        throw this.problem(start, `{{#${name}}} stands inside {{#${list}}}: lists do not go into each other`);
      return path;
    }
    const home = listWith(name);
    if (home && home !== list)
      throw this.problem(
        start,
        `{{${name}}} is a field of ${home}: write it inside {{#${home}}}…{{/${home}}}`,
      );
    const near = nearestName(name, [...(list ? namesIn(list) : []), ...namesIn(null)]);
    throw this.problem(
      start,
      `there is no field {{${name}}}${near ? ` (${near}?)` : ""}; there are: ${list ? `${fieldList(list)}, ` : ""}${fieldList(null)}`,
    );
  }

  private print(path: FieldPath, name: string, start: number, list: ListName | null): void {
    if (isList(path))
      throw this.problem(
        start,
        `{{${name}}} is a list: print its fields (${Object.keys(LISTS[path]).join(", ")}) inside {{#${name}}}…{{/${name}}}`,
      );
    if (name.startsWith("has_"))
      throw this.problem(
        start,
        `{{${name}}} says whether there is something: use it as {{#${name}}}…{{/${name}}}`,
      );
    if (list && !path.includes(".") && FIELDS[path as keyof typeof FIELDS].fence)
      throw this.problem(
        start,
        `{{${name}}} would be repeated for each of the ${list}: print it outside of {{#${list}}}`,
      );
    this.prints.set(path, (this.prints.get(path) ?? 0) + 1);
  }

  private problem(offset: number, message: string): ConfigurationError {
    return problem(this.text, offset, message);
  }
}

/** All tokens, those inside of sections too. A partial has a string in the place of what is inside. */
const deep = (tokens: readonly Token[]): Token[] =>
  tokens.flatMap((token) => [token, ...(Array.isArray(token[4]) ? deep(token[4]) : [])]);
