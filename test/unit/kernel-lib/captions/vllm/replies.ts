/** Replies of vLLM's servers, and what they are classified as. */
import { classifyBody, classifyReply } from "../../../../../kernel-lib/src/captions/vllm/classify.js";

export const ASKED = { item: "p#fig1", server: "http://a" };
const NOW = Date.parse("2026-01-01T00:00:00Z");

/** @param body text, or what stands in it as JSON */
export const classify = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  classifyReply(
    { status, headers, text: typeof body === "string" ? body : JSON.stringify(body), streamed: false },
    ASKED,
    (read) => classifyBody(read, ASKED),
    NOW,
  );

/** As vLLM's Python front end says it. */
export const python = (
  message: string,
  type = "BadRequestError",
  param: string | null = null,
  code = 400,
) => ({
  error: { message, type, param, code },
});

/** As its Rust front end says it. */
export const rust = (message: string, code: string, type = "invalid_request_error") => ({
  error: { message, type, param: null, code },
});
