/** What a server says is wrong, whichever of the known shapes it says it in. */
import { fields, parsed, word } from "./json.js";

export interface ServerError {
  /** What it says, in one line; empty where it says nothing. */
  message: string;
  /** `BadRequestError`, `invalid_request_error` and the like; empty where it does not say. */
  type: string;
  /** The parameter that it is about. */
  param: string;
  /** `404` or `model_not_found`. */
  code: string;
}

/** Longest message that is passed on. */
const MESSAGE_CHARACTERS = 400;

/**
 * Reads `{"error": {message, type, param, code}}` of vLLM and OpenAI (`code` a number, a string or missing),
 * `{"error": "…"}`, `{"message": …}` and `{"detail": …}` of what stands before it, pages of proxies, and plain text.
 */
export function readServerError(text: string): ServerError {
  const body = parsed(text);
  if (body === undefined) return { message: plain(text), type: "", param: "", code: "" };
  return serverErrorIn(body);
}

/** The error in a parsed body. */
export function serverErrorIn(body: unknown): ServerError {
  const outer = fields(body);
  const error = outer.error ?? outer.message ?? outer.detail ?? "";
  const inner = error === outer.error ? fields(error) : outer;
  const said = typeof error === "string" ? error : (inner.message ?? JSON.stringify(error));
  return {
    message: plain(word(said)),
    type: word(inner.type),
    param: word(inner.param),
    code: word(inner.code),
  };
}

/** One short line without markup and control characters; of a page only its title. */
export function plain(text: string): string {
  const start = text.slice(0, 16_384);
  const title = /<title[^<>]*>([^<]*)/i.exec(start)?.[1];
  const words = title ?? (/^\s*</.test(start) ? start.replace(/<[^<>]*>/g, " ") : start);
  const line = words.replace(/[\p{C}\s]+/gu, " ").trim();
  return line.length > MESSAGE_CHARACTERS ? `${line.slice(0, MESSAGE_CHARACTERS)}…` : line;
}
