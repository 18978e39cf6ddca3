import { loopIn } from "../../captions/vllm/loops.js";
import { ItemError } from "../../errors.js";
import type { TextLine } from "../../model.js";

/** A structured answer's list, as the schema of the prompt has it. */
export interface ReadLine {
  text: string;
  angle: 0 | 90 | 270;
}

/** As many as the prompt's schema allows. */
const MOST_LINES = 200;
/** Characters; nothing printed on a figure is as long. */
const LONGEST = 1000;

/**
 * What a model read, as lines without places. White space and control characters become single blanks, what has nothing
 * else is left out. A list that is full is the picture's beginning, unless the model ran into a loop.
 * @param item figure, for messages
 * @throws {ItemError} for a line of more than 1,000 characters, and for a full list that repeats itself
 */
export function linesRead(item: string, answer: readonly ReadLine[]): TextLine[] {
  const lines = answer.flatMap(({ text, angle }): TextLine[] => {
    const clean = text.replace(/[\s\p{Cc}]+/gu, " ").trim();
    return clean === "" ? [] : [{ text: clean, box: null, angle, confidence: null }];
  });
  const long = lines.find(({ text }) => text.length > LONGEST);
  if (long) throw noList(item, "malformed", `one of its lines has ${long.text.length} characters`);
  const loop = answer.length >= MOST_LINES ? loopIn(lines.map(({ text }) => text).join("\n")) : null;
  if (loop !== null) throw noList(item, "repetition", `it repeats itself: "${loop.slice(0, 60)}"`);
  return lines;
}

const noList = (item: string, fault: string, why: string): ItemError =>
  new ItemError({
    reason: `answer-${fault}`,
    message: `${item}: the answer is no list of the lines on the picture: ${why}.`,
    wayOut: "Give it to another model, or to Tesseract.",
  });
