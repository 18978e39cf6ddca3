import type { Judged } from "./fluency.js";

/** What {@link Score.detail} of pseudo-perplexities holds, as JSON. */
export interface PpplDetail {
  scheme: "original" | "within_word_l2r";
  /** Tokens that the value is over, and the words that they are pieces of. */
  tokens: number;
  words: number;
  /** Tokens among them that stand for words which the vocabulary cannot spell. */
  unknown: number;
  /** Different windows that the text was seen through; 1 where the model reads it at once. */
  windows: number;
  /** Mean of the natural logarithms of the tokens' probabilities. */
  mean_log_probability: number | null;
  /** Decadic logarithm of the value. */
  log10: number | null;
  /** What computed: `cpu` or `cuda`. */
  device: string;
  /** Of `pppl-matched`: tokens of the raw caption. */
  raw_tokens?: number;
  /** Why there is no value. */
  reason?: string;
}

/** A value, and what it rests on apart from the device. */
export interface Result {
  /** `exp(−mean log p)`, from 1 upwards; `null` without a token. */
  value: number | null;
  detail: Omit<PpplDetail, "device">;
}

export function resultOf(
  scheme: PpplDetail["scheme"],
  { text, logs, windows }: Judged,
  unknown: number | null,
): Result {
  const tokens = logs.length;
  const mean = tokens === 0 ? null : logs.reduce((sum, log) => sum + log, 0) / tokens;
  return {
    value: mean === null ? null : Math.exp(-mean),
    detail: {
      ...{ scheme, tokens, words: new Set(text.words).size },
      ...{ unknown: text.ids.filter((id) => id === unknown).length, windows },
      ...{ mean_log_probability: mean, log10: mean === null ? null : -mean / Math.LN10 },
      ...(mean === null && { reason: "the caption has no tokens" }),
    },
  };
}
