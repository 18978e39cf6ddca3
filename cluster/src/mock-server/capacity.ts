/** The timing model in one formula, so that what a server can do is known before it is measured. */

/** What an engine is made of. Times are the engine's own, before `speed`. */
export interface EngineSize {
  /** Requests that run at the same time. */
  maxNumSeqs: number;
  /** Tokens of prompts and answers that fit the KV cache at the same time. */
  kvCacheTokens: number;
  /** Prompt tokens a second that each running request is read at. */
  prefillTokensPerSecond: number;
  /** Milliseconds from one token of an answer to the next, for a request that runs alone. */
  timePerToken: number;
  /** How many times slower a token is when all slots are taken; in between it is in proportion. */
  slowdownUnderLoad: number;
  /** How many times faster than that all of it goes. */
  speed: number;
}

/** Milliseconds between two tokens of an answer while `running` requests run. */
export function interTokenMilliseconds(
  {
    timePerToken,
    slowdownUnderLoad,
    maxNumSeqs,
  }: Pick<EngineSize, "timePerToken" | "slowdownUnderLoad" | "maxNumSeqs">,
  running: number,
): number {
  const load = maxNumSeqs > 1 ? (running - 1) / (maxNumSeqs - 1) : 1;
  return timePerToken * (1 + (slowdownUnderLoad - 1) * load);
}

/**
 * Requests a second that one server answers when enough of them wait:
 *
 *     slots    = min(maxNumSeqs, kvCacheTokens / (promptTokens + answerTokens))
 *     seconds  = promptTokens / prefillTokensPerSecond + answerTokens × timePerToken × slowdown / 1000
 *     capacity = speed × slots / seconds
 *
 * Exact for requests of one size while the slots are the limit; where the KV cache is, requests that still grow share
 * it and a little more than this can be had.
 */
export function capacity(size: EngineSize & { promptTokens: number; answerTokens: number }): number {
  const { promptTokens, answerTokens, prefillTokensPerSecond, speed } = size;
  const slots = Math.min(size.maxNumSeqs, Math.floor(size.kvCacheTokens / (promptTokens + answerTokens)));
  const seconds =
    promptTokens / prefillTokensPerSecond + (answerTokens * interTokenMilliseconds(size, slots)) / 1000;
  return (speed * slots) / seconds;
}
