/** A whole answer as one body, and the ways in which it can fail to arrive. */
import { ApiError, ERRORS } from "./errors.js";
import type { Accepted } from "./chat.js";
import type { Exchange } from "./exchange.js";
import type { Fault } from "./faults.js";
import type { Settings } from "./options.js";

/** `usage` as vLLM gives it. */
export function usageOf(
  { promptTokens, pictureTokens, pictures }: Accepted,
  answered: number,
  { promptTokensDetails }: Pick<Settings, "promptTokensDetails">,
) {
  return {
    prompt_tokens: promptTokens,
    total_tokens: promptTokens + answered,
    completion_tokens: answered,
    prompt_tokens_details: promptTokensDetails
      ? {
          cached_tokens: 0,
          ...(pictures.length > 0 && { multimodal_tokens: { image: pictureTokens } }),
        }
      : null,
  };
}

export const completionId = (id: string): string =>
  `chatcmpl-${id === "" ? Math.random().toString(16).slice(2) : id}`;

/** A chat's answer. */
export function chatBody(accepted: Accepted, settings: Settings): string {
  const { answer, ask, id } = accepted;
  return JSON.stringify({
    id: completionId(id),
    object: "chat.completion",
    created: Math.floor(Date.now() / 1000),
    model: ask.model,
    choices: [
      {
        index: 0,
        message: { role: "assistant", content: answer.text, refusal: null, tool_calls: [], reasoning: null },
        logprobs: null,
        finish_reason: answer.reason,
        stop_reason: null,
        token_ids: null,
      },
    ],
    service_tier: null,
    system_fingerprint: null,
    usage: usageOf(accepted, answer.tokens, settings),
    prompt_logprobs: null,
    prompt_token_ids: null,
    kv_transfer_params: null,
  });
}

/**
 * Sends an answer, or what the fault makes of it.
 * @param outcome for the report: `200 stop`
 */
export function deliver(exchange: Exchange, body: string, outcome: string, fault: Fault | null): void {
  if (exchange.ended) return;
  if (fault?.kind === "stream-error") return exchange.fail(new ApiError(ERRORS.generation()));
  if (fault?.kind === "broken-body")
    return exchange.send(200, "application/json", body.slice(0, body.length >> 1), "200 broken");
  if (fault?.kind !== "drip" && fault?.kind !== "reset")
    return exchange.send(200, "application/json", body, outcome);
  const bytes = Buffer.from(body);
  exchange.begin("application/json", bytes.length);
  if (fault.kind === "drip") return drip(exchange, bytes, fault.bytesPerSecond ?? 1, outcome);
  if (fault.at === "half") exchange.write(bytes.subarray(0, bytes.length >> 1));
  // What was written has to leave before the connection breaks.
  setTimeout(() => exchange.reset(), 20);
}

function drip(exchange: Exchange, bytes: Buffer, bytesPerSecond: number, outcome: string): void {
  let sent = 0;
  const started = performance.now();
  const timer = setInterval(() => {
    const due = Math.min(bytes.length, Math.floor(((performance.now() - started) / 1000) * bytesPerSecond));
    if (due > sent) exchange.write(bytes.subarray(sent, due));
    sent = Math.max(sent, due);
    if (sent === bytes.length) exchange.finish(outcome);
    if (exchange.ended) clearInterval(timer);
  }, 50).unref();
}
