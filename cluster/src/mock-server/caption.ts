/**
 * Captions by no model at all: sentences of the request's own text, put together so that it reads as a caption, that
 * another prompt gives another one, and that the same request gives the same again. What it shows is that a pipeline
 * works, never how good a prompt is.
 */
import { hash32 } from "./hash.js";
import type { ChatAsk } from "./request.js";
import { schemaAnswer } from "./schema-answer.js";

/** What the paper says, apart from what the prompt wants. */
interface Material {
  caption: string[];
  context: string[];
  instructions: string;
}

const OPENINGS = ["", "Shown here: ", "Overview: ", "In this figure: ", "What is plotted: "];
const MAX_SENTENCES = 5;

/** The answer to a request; `remarks` are true sentences about its pictures, `model` the one that is imitated. */
export function answerFor(ask: ChatAsk, remarks: readonly string[], shas: readonly string[]): string {
  const material = read(ask);
  const draw = drawing(
    [
      material.instructions,
      ask.model,
      shas.join(","),
      ask.temperature > 0 ? `${ask.seed}/${ask.temperature}` : "",
    ].join("\0"),
  );
  const text = compose(material, remarks, draw);
  if (ask.schema === null) return text;
  const sentences = [...material.caption, ...material.context, ...remarks];
  const numbers = (sentences.join(" ").match(/\d+(?:\.\d+)?/g) ?? []).slice(0, 20).map(Number);
  return schemaAnswer(ask.schema, {
    caption: text,
    sentences: sentences.length > 0 ? sentences : [text],
    numbers,
  });
}

function compose(material: Material, remarks: readonly string[], draw: (below: number) => number): string {
  const { sentences: most, words } = limits(material.instructions);
  const starts = [material.caption[0], material.context[0]].filter((sentence) => sentence !== undefined);
  const first = starts[draw(starts.length)] ?? "A figure.";
  const others = [...new Set([...material.caption, ...material.context])].filter((each) => each !== first);
  const remark = most === 1 ? [] : remarks;
  const wanted = most ?? 3 + draw(MAX_SENTENCES - 2);
  const chosen = [OPENINGS[draw(OPENINGS.length)]! + first];
  // What stands in front says more about the figure.
  while (chosen.length + remark.length < wanted && others.length > 0)
    chosen.push(...others.splice(draw(Math.min(4, others.length)), 1));
  return shortened([...chosen, ...remark].slice(0, most ?? Infinity).join(" "), words);
}

/** Sentences and words that a prompt allows: "one sentence", "at most 40 words", "2-3 sentences". */
function limits(instructions: string): { sentences: number | null; words: number | null } {
  const sentences =
    /\b(one|two|three|four|five|a single|\d+)(?:\s*(?:-|–|to|or)\s*(\w+))?\s+(?:\w+\s+)?sentences?\b/i.exec(
      instructions,
    );
  const words =
    /\b(?:at most|no more than|under|up to|within|maximum(?: of)?|fewer than|below|about)\s+(\d+)\s+words\b/i.exec(
      instructions,
    );
  return {
    sentences: sentences ? (asNumber(sentences[2]) ?? asNumber(sentences[1])) : null,
    words: words ? Number(words[1]) : null,
  };
}

function asNumber(text: string | undefined): number | null {
  if (text === undefined) return null;
  const named = ["", "one", "two", "three", "four", "five"].indexOf(text.toLowerCase());
  if (named > 0) return named;
  if (text.toLowerCase() === "a single") return 1;
  const value = Number(text);
  return Number.isInteger(value) && value > 0 ? value : null;
}

function shortened(text: string, words: number | null): string {
  if (words === null) return text;
  const all = text.split(/\s+/);
  if (all.length <= words) return text;
  return `${all
    .slice(0, words)
    .join(" ")
    .replace(/[,;:.]$/, "")}.`;
}

/** Characters of a request's text that are looked at. */
const MAX_TEXT = 20_000;

/** Fenced text is the paper's, the rest the prompt's; without any fence the last message is the paper's. */
function read({ messages }: ChatAsk): Material {
  const system = messages.filter(({ role }) => role !== "user").map(({ text }) => text);
  const user = messages
    .filter(({ role }) => role === "user")
    .map(({ text }) => text)
    .join("\n")
    .slice(0, MAX_TEXT);
  const fenced = fences(user);
  if (fenced.blocks.length === 0)
    return { caption: [], context: sentencesOf([user]), instructions: system.join("\n") || user };
  const caption = fenced.blocks.filter(({ name }) => /caption/i.test(name));
  const about = fenced.blocks.filter(({ name }) => !/caption|title|number|section/i.test(name));
  const near = about.filter(({ name }) => !/abstract/i.test(name));
  const context = near.length > 0 ? near : about;
  return {
    caption: sentencesOf(caption.map(({ text }) => text)),
    context: sentencesOf(context.map(({ text }) => text)),
    instructions: [...system, fenced.rest].join("\n"),
  };
}

const FENCE = /<([a-z][\w-]*)(?:\s[^<>]*)?>([\s\S]*?)<\/\1>|(`{3,}|~{3,}|"{3})([\w-]*)\n?([\s\S]*?)\3/gi;

/** Blocks between tags or fences; a fence without a name is called by the line before it. */
function fences(text: string): { blocks: { name: string; text: string }[]; rest: string } {
  const blocks: { name: string; text: string }[] = [];
  const rest = text.replace(FENCE, (whole, tag, inside, _fence, label, block, offset: number) => {
    const before =
      text
        .slice(Math.max(0, offset - 200), offset)
        .trim()
        .split("\n")
        .at(-1) ?? "";
    const name = (tag ?? (label || before)) as string;
    const inner = (inside ?? block ?? whole) as string;
    const nested = fences(inner);
    blocks.push(...nested.blocks, { name, text: nested.rest });
    return "\n";
  });
  return { blocks, rest };
}

/** So many sentences are enough to choose from, and so many characters are looked at for them. */
const ENOUGH = 12;
const MAX_LENGTH = 3000;
/** A full stop inside a number or a name ends nothing, nor does that of an abbreviation: `Fig. 5a shows`. */
const SENTENCE =
  /[^.!?]+(?:(?:[.!?](?=\w)|(?<=\b(?:Figs?|Eqs?|Secs?|Refs?|Tabs?|al|e\.g|i\.e|cf|vs|No|ca))\.)[^.!?]*)*[.!?]*/gi;

/** The first whole sentences of some length, without markup. */
function sentencesOf(texts: readonly string[]): string[] {
  const sentences: string[] = [];
  for (const text of texts) {
    const plain = text.slice(0, MAX_LENGTH).replace(/[\s#*_>`|]+/g, " ");
    for (const [found] of plain.matchAll(SENTENCE)) {
      if (sentences.length === ENOUGH) return sentences;
      const sentence = found.trim();
      if (sentence.split(" ", 3).length < 3) continue;
      sentences.push(/[.!?]$/.test(sentence) ? sentence : `${sentence}.`);
    }
  }
  return sentences;
}

/** Numbers below a bound that follow from a text. */
function drawing(text: string): (below: number) => number {
  let state = hash32(text);
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return below <= 1 ? 0 : Math.floor((state / 2 ** 32) * below);
  };
}
