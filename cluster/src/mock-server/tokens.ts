/**
 * Text tokens by a rule that anybody can reckon: one for every four UTF-16 units, rounded up, and what Qwen's chat
 * template puts around. No tokenizer agrees with it, and none disagrees by much on English.
 */
import type { Message } from "./request.js";

export const CHARACTERS_PER_TOKEN = 4;
/** `<|im_start|>`, role, line feed; `<|im_end|>`, line feed. */
const PER_MESSAGE = 5;
/** The beginning of the answer's own message. */
const PER_ANSWER = 3;
/** `<|vision_start|>` and `<|vision_end|>` around a picture. */
export const PER_PICTURE = 2;

export const textTokens = (text: string): number => Math.ceil(text.length / CHARACTERS_PER_TOKEN);

/** Tokens of a chat without its pictures. */
export const chatTokens = (messages: readonly Message[]): number =>
  messages.reduce((sum, { text }) => sum + textTokens(text) + PER_MESSAGE, PER_ANSWER);
