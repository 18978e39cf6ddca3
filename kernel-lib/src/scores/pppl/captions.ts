import type { TokenizedText } from "../../models/onnx/masked-lm-messages.js";
import { judgeBeginning, judgeText, type Reader } from "./fluency.js";
import { resultOf, type Result } from "./result.js";

/**
 * The three pseudo-perplexities of a caption.
 * @param raw the figure's raw caption, which `pppl-matched` is as long as
 * @param unknown id of the token for words that the vocabulary cannot spell
 */
export async function resultsOf(
  caption: TokenizedText,
  raw: TokenizedText,
  reader: Reader,
  unknown: number | null,
): Promise<Record<"pppl" | "pppl-l2r" | "pppl-matched", Result>> {
  const [whole, beginning] = await Promise.all([
    judgeText(caption, reader),
    caption.ids.length > raw.ids.length ? judgeBeginning(caption, raw.ids.length, reader) : null,
  ]);
  const matched = resultOf("original", beginning ?? whole.original, unknown);
  return {
    pppl: resultOf("original", whole.original, unknown),
    "pppl-l2r": resultOf("within_word_l2r", whole.withinWordL2r, unknown),
    "pppl-matched": withRaw(matched, raw.ids.length, caption.ids.length),
  };
}

/** Without a value where there is nothing to compare with. */
function withRaw({ value, detail }: Result, rawTokens: number, tokens: number): Result {
  const reason =
    rawTokens === 0
      ? "the raw caption has no tokens"
      : tokens < rawTokens
        ? "the caption has fewer tokens than the raw one"
        : value === null
          ? "the caption's first word has more tokens than the raw caption"
          : null;
  const compared = { ...detail, raw_tokens: rawTokens };
  if (reason === null) return { value, detail: compared };
  return { value: null, detail: { ...compared, mean_log_probability: null, log10: null, reason } };
}
