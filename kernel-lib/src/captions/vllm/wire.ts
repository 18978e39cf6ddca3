/** What goes over the wire: OpenAI's chat API as vLLM speaks it, with vLLM's own fields. */
import type { ChatCompletionCreateParamsNonStreaming } from "openai/resources/chat/completions";

/** A chat request. vLLM passes over fields that it does not know without a word, so nothing may be misspelt. */
export type ChatRequest = Pick<
  ChatCompletionCreateParamsNonStreaming,
  "model" | "messages" | "temperature" | "top_p" | "presence_penalty" | "seed" | "response_format"
> & {
  /** Known to every version, unlike `max_completion_tokens`. */
  max_tokens: number;
  stream?: boolean;
  stream_options?: { include_usage: boolean };
  top_k: number;
  repetition_penalty: number;
  /** Ends an answer that repeats itself, with `finish_reason: "repetition"`; servers before 2026 pass over it. */
  repetition_detection?: { max_pattern_size: number; min_pattern_size: number; min_count: number };
  /** Lower is earlier; only where the server schedules by priority. */
  priority?: number;
};

/** The picture's part of a message; `uuid` stands beside `image_url`. */
export interface ImagePart {
  type: "image_url";
  image_url: { url: string };
  /** SHA-256 of the bytes, hex: the server's caches go by it, so it may stand for nothing else. */
  uuid: string;
}

/** `stop` is a whole answer, all others are none. */
export type FinishReason = "stop" | "length" | "abort" | "error" | "repetition";
