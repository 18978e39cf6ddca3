/** A question for vectors, checked as vLLM checks it, as far as models of the CLIP and SigLIP families are asked. */
import { ApiError, ERRORS } from "./errors.js";
import { parseChat } from "./request.js";
import type { Question } from "./service.js";

export interface EmbeddingAsk extends Question {
  /** Texts, or their tokens. */
  texts: readonly (string | readonly number[])[];
  /** Whether texts get the marks of their start and end. */
  marks: boolean;
  /** Most tokens, -1 for the model's; `null` where what is longer is refused. */
  cutAt: number | null;
  pad: boolean;
  encoding: "float" | "base64";
}

/** @throws {ApiError} 400 */
export function parseEmbedding(fields: Record<string, unknown>): EmbeddingAsk {
  if ("normalize" in fields) throw new ApiError(ERRORS.noLongerNormalize());
  const {
    encoding_format: encoding = "float",
    truncate_prompt_tokens: cutAt = null,
    padding,
    input,
  } = fields;
  if (encoding !== "float" && encoding !== "base64")
    throw wrong("encoding_format", "Input should be 'float', 'base64', 'bytes' or 'bytes_only'");
  if (cutAt !== null && !(Number.isInteger(cutAt) && (cutAt as number) >= -1))
    throw wrong("truncate_prompt_tokens", "Input should be greater than or equal to -1");
  const common = {
    model: typeof fields.model === "string" ? fields.model : "",
    cutAt: cutAt as number | null,
    ...{ pad: padding === "max_length", encoding: encoding as EmbeddingAsk["encoding"] },
  };
  if (input !== undefined) {
    const texts = textsOf(input);
    const words = () => texts.filter((text) => typeof text === "string").join("\n");
    return { ...common, texts, pictures: [], marks: fields.add_special_tokens !== false, words };
  }
  if (fields.messages === undefined) throw wrong("input", "Field required");
  const { messages, pictures } = parseChat(fields);
  const said = messages.map(({ text }) => text).join("\n");
  const texts = said === "" && pictures.length > 0 ? [] : [said];
  return { ...common, texts, pictures, marks: fields.add_special_tokens === true, words: () => said };
}

function textsOf(input: unknown): (string | number[])[] {
  if (typeof input === "string") return [input];
  if (!Array.isArray(input)) throw wrong("input", "Input should be a valid list");
  if (input.length === 0) throw new ApiError(ERRORS.noPrompt());
  if (isTokens(input)) return [input];
  if (input.every((text) => typeof text === "string" || isTokens(text)))
    return input as (string | number[])[];
  throw wrong("input", "Input should be a valid string");
}

const isTokens = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every((token) => Number.isInteger(token));

const wrong = (field: string, message: string): ApiError =>
  new ApiError(
    ERRORS.badRequest(
      `1 validation error:\n  {'type': 'value_error', 'loc': 'body.${field}', 'msg': '${message}'}`,
      `body.${field}`,
    ),
  );
