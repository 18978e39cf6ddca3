/** What is tried when an answer is no caption: another draw, or more room. */
import type { Sampling } from "../prompts/prompt.js";
import type { Fault } from "./answer.js";

/** How a figure is asked about, and what was tried before. */
export interface Try {
  sampling: Sampling;
  /** Further draws so far. */
  draws: number;
  /** It was given more room for its answer. */
  roomier: boolean;
}

/** Further draws, and how much warmer each is: the same seed and temperature would give the same answer. */
const DRAWS = 2;
const WARMER = 0.3;
const WARMEST = 1.5;
/** Against loops: what was said becomes less likely. */
const PRESENCE = 0.5;
const MOST_PRESENCE = 2;
/** An answer that was cut off gets so much more room. */
const ROOMIER = 1.5;

export const firstTry = (sampling: Sampling): Try => ({ sampling, draws: 0, roomier: false });

/**
 * The next try after an answer with this fault; `null` when it is given up.
 * @param room most tokens that an answer can have after this question; `null` where nobody knows
 */
export function nextTry({ sampling, draws, roomier }: Try, fault: Fault, room: number | null): Try | null {
  if (fault === "truncated") {
    const max_tokens = Math.min(Math.ceil(sampling.max_tokens * ROOMIER), room ?? Infinity);
    if (roomier || max_tokens <= sampling.max_tokens) return null;
    return { sampling: { ...sampling, max_tokens }, draws, roomier: true };
  }
  if (draws === DRAWS) return null;
  const warmer: Sampling = {
    ...sampling,
    seed: sampling.seed + 1,
    temperature: raised(sampling.temperature, WARMER, WARMEST),
  };
  if (fault === "repetition")
    warmer.presence_penalty = raised(sampling.presence_penalty, PRESENCE, MOST_PRESENCE);
  return { sampling: warmer, draws: draws + 1, roomier };
}

/** Never lowered, and without the noise of binary fractions. */
const raised = (value: number, by: number, most: number): number =>
  Math.max(value, Math.min(most, Math.round((value + by) * 1e6) / 1e6));
