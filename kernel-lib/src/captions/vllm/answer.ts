/** Whether what a model answered is a caption. */
import { languageOf } from "../../text/language.js";
import { readAnswer } from "../prompts/answer.js";
import type { ComposedPrompt, Prompt } from "../prompts/prompt.js";
import { parsed } from "./json.js";
import { loopIn } from "./loops.js";
import type { Answer } from "./outcome.js";
import { isRefusal } from "./refusals.js";

export type Fault =
  /** Cut off by its limit of tokens. */
  | "truncated"
  /** Stuck: the same words over and over. */
  | "repetition"
  /** Addressed to whoever asks, in place of a caption. */
  | "refusal"
  | "empty"
  /** Not what the prompt asked for: no JSON, or JSON of another shape. */
  | "malformed"
  /** The instructions in place of a caption. */
  | "echo"
  | "wrong-language";

export type Verdict =
  | { caption: string; detail: string | null }
  /** `message` says what is wrong, as the end of a sentence about the answer. */
  | { fault: Fault; message: string };

/**
 * Judges an answer. Pure; linear in its length.
 * @param asked what was asked, by which an answer is known that only repeats it
 */
export function judgeAnswer(
  { text, finish_reason }: Pick<Answer, "text" | "finish_reason">,
  prompt: Pick<Prompt, "answer" | "language">,
  asked: Pick<ComposedPrompt, "system">,
): Verdict {
  if (finish_reason === "repetition")
    return { fault: "repetition", message: "the server ended it because it repeated itself" };
  if (finish_reason === "length")
    return stuck(text) ?? { fault: "truncated", message: "it was cut off at its limit of tokens" };
  if (finish_reason === "content_filter")
    return { fault: "refusal", message: "the server's filter held it back" };
  if (finish_reason !== "stop")
    return { fault: "malformed", message: `it ended for the reason "${finish_reason}"` };
  const read = readAnswer(prompt, text);
  if ("problem" in read)
    return /[\p{L}\p{N}]/u.test(text)
      ? { fault: "malformed", message: read.problem }
      : { fault: "empty", message: "it holds no words" };
  return (
    stuck(read.caption) ??
    declined(read.caption) ??
    echoed(read.caption, asked.system) ??
    foreign(read.caption, prompt.language) ??
    read
  );
}

function stuck(text: string): Verdict | null {
  const loop = loopIn(text);
  return loop === null ? null : { fault: "repetition", message: `it repeats itself: "${brief(loop)}"` };
}

function declined(caption: string): Verdict | null {
  return isRefusal(caption) ? { fault: "refusal", message: `it says "${brief(caption)}"` } : null;
}

/** Words in a row that no caption shares with the instructions by chance, and how densely they are looked for. */
const SHARED_WORDS = 12;
const STEP = 4;

function echoed(caption: string, instructions: string): Verdict | null {
  const words = wordsOf(caption);
  if (words.length < SHARED_WORDS) return null;
  const known = spacedOut(instructions);
  for (let start = 0; start + SHARED_WORDS <= words.length; start += STEP) {
    const part = words.slice(start, start + SHARED_WORDS).join(" ");
    if (known.includes(part))
      return { fault: "echo", message: `it repeats the instructions: "${brief(part)}"` };
  }
  return null;
}

/** Words with one blank between them; the latest is remembered, as all figures of a run have the same instructions. */
function spacedOut(instructions: string): string {
  if (latest.instructions !== instructions) latest = { instructions, words: wordsOf(instructions).join(" ") };
  return latest.words;
}
let latest = { instructions: "", words: "" };

function foreign(caption: string, language: string | null): Verdict | null {
  if (language === null || (language === "en" && isPlainEnglish(caption))) return null;
  const spoken = languageOf(caption);
  return spoken === null || spoken === language
    ? null
    : { fault: "wrong-language", message: `its language is "${spoken}", not "${language}"` };
}

/** The commonest English words that no other language has among its own. */
const ENGLISH = new Set("the of and with from by which that are were this these shown shows".split(" "));
/** Share of the words; running English has a quarter of them. */
const ENGLISH_SHARE = 0.12;

/** Whether a text is English beyond doubt, which spares nearly all captions the far slower detector. */
function isPlainEnglish(text: string): boolean {
  const words = wordsOf(text);
  const common = words.filter((word) => ENGLISH.has(word)).length;
  return common >= 3 && common >= ENGLISH_SHARE * words.length;
}

const wordsOf = (text: string): string[] => text.toLowerCase().split(/[\s.,;:()]+/);

const brief = (text: string): string => (text.length > 60 ? `${text.slice(0, 60)}…` : text);

/** The caption as far as an unfinished answer says it. */
export function captionSoFar({ answer }: Pick<Prompt, "answer">, text: string): string {
  if (answer === "text") return text;
  const [, said] = /"caption"\s*:\s*"((?:[^"\\]|\\(?:u[0-9a-fA-F]{4}|[^u]))*)/.exec(text) ?? [];
  return said === undefined ? "" : String(parsed(`"${said.replace(/[\u0000-\u001f]/g, " ")}"`) ?? "");
}
