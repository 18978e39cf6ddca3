import type { MaskedCopy, TokenizedText } from "../../models/onnx/masked-lm-messages.js";
import { copyOf, planOf, wholeWords, windowCount, type Pass, type SpecialTokens } from "./plan.js";

/** A model that reads masked copies of texts. */
export interface Reader {
  /** Tokens that it reads at once, the special ones around a text not counted. */
  room: number;
  special: SpecialTokens;
  /** @returns natural logarithms, one a copy */
  logProbabilities(copies: readonly MaskedCopy[]): Promise<Float64Array>;
}

/** A text with the natural logarithms of its tokens' probabilities under one scheme. */
export interface Judged {
  text: TokenizedText;
  logs: number[];
  /** Different windows that it was seen through; 1 where the model reads it at once. */
  windows: number;
}

/** A text under both schemes. The model reads it once for every token, and once more for every piece that is not its word's last. */
export async function judgeText(
  text: TokenizedText,
  reader: Reader,
): Promise<{ original: Judged; withinWordL2r: Judged }> {
  const { original, withinWordL2r } = planOf(text.words, reader.room);
  const logs = await logsOf(text, new Set([...original, ...withinWordL2r]), reader);
  const judged = (passes: readonly Pass[]): Judged => ({
    text,
    logs: passes.map((pass) => logs.get(pass)!),
    windows: windowCount(text.ids.length, reader.room),
  });
  return { original: judged(original), withinWordL2r: judged(withinWordL2r) };
}

/**
 * The text's longest beginning of whole words with at most `limit` tokens, read as a text of its own, so that what comes
 * later does not help; under the scheme `original`.
 */
export async function judgeBeginning(whole: TokenizedText, limit: number, reader: Reader): Promise<Judged> {
  const length = wholeWords(whole.words, limit);
  const text = { ids: whole.ids.slice(0, length), words: whole.words.slice(0, length) };
  const { original } = planOf(text.words, reader.room);
  const logs = await logsOf(text, new Set(original), reader);
  return { text, logs: [...logs.values()], windows: windowCount(length, reader.room) };
}

async function logsOf(
  { ids }: TokenizedText,
  passes: ReadonlySet<Pass>,
  { special, logProbabilities }: Reader,
): Promise<Map<Pass, number>> {
  const order = [...passes];
  const copies = order.map((pass) => ({
    ids: copyOf(ids, pass, special),
    position: 1 + pass.target - pass.start,
    token: ids[pass.target]!,
  }));
  const logs = await logProbabilities(copies);
  return new Map(order.map((pass, i) => [pass, logs[i]!]));
}
