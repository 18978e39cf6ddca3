/** What an answer says and how it ends, faults included. */
import { answerFor } from "./caption.js";
import { CHARACTERS_PER_TOKEN, textTokens } from "./tokens.js";
import type { Fault } from "./faults.js";
import type { Picture } from "./pictures.js";
import type { ChatAsk } from "./request.js";
import type { Settings } from "./options.js";

export type FinishReason = "stop" | "length" | "abort" | "error" | "repetition";

export interface PlannedAnswer {
  text: string;
  tokens: number;
  reason: FinishReason;
}

const REFUSAL = "I'm sorry, but I can't help with describing this image.";
const LOOP = "the data points and the fitted line and ";
const OTHER_LANGUAGE =
  "本图显示了实验测得的数据点与拟合曲线之间的关系，误差棒表示标准差，横轴为时间，纵轴为信号强度。";
const WRONG_JSON = '{"caption": "The figure shows the measured values, "visual_elements": [';

/**
 * With a fixed number of tokens, the count says that and the words stay what they are.
 * @param room tokens that are left of the model's length
 * @param fault what goes wrong with it, if anything
 */
export function planAnswer(
  ask: ChatAsk,
  pictures: readonly Picture[],
  room: number,
  fault: Fault | null,
  { answerTokens }: Pick<Settings, "answerTokens">,
): PlannedAnswer {
  const most = Math.min(ask.maxTokens ?? room, room);
  if (fault?.kind === "loop") return loop(ask, most);
  const text = wordsOf(ask, pictures, fault);
  const wanted = answerTokens ?? (ask.ignoreEos ? most : Math.max(textTokens(text), ask.minTokens));
  if (fault?.kind === "finish") return early(text, Math.min(wanted, most), fault.reason);
  const tokens = Math.max(1, Math.min(wanted, most));
  const cut = wanted > most || (ask.ignoreEos && answerTokens === null);
  return cut
    ? { text: text.slice(0, tokens * CHARACTERS_PER_TOKEN), tokens, reason: "length" }
    : { text, tokens, reason: "stop" };
}

function wordsOf(ask: ChatAsk, pictures: readonly Picture[], fault: Fault | null): string {
  switch (fault?.kind) {
    case "refusal":
      return REFUSAL;
    case "empty":
      return "";
    case "wrong-language":
      return OTHER_LANGUAGE;
    case "wrong-json":
      return WRONG_JSON;
    default:
      return answerFor(
        ask,
        pictures.map(({ remark }) => remark),
        pictures.map(({ sha }) => sha),
      );
  }
}

/** To the last token allowed, unless the request asked for loops to be noticed. */
function loop({ repetitions }: ChatAsk, most: number): PlannedAnswer {
  const once = textTokens(LOOP);
  const noticed = repetitions === null ? Infinity : once * repetitions;
  const tokens = Math.min(most, noticed);
  const text = LOOP.repeat(Math.ceil(tokens / once)).slice(0, tokens * CHARACTERS_PER_TOKEN);
  return { text, tokens, reason: noticed <= most ? "repetition" : "length" };
}

function early(text: string, tokens: number, reason: FinishReason): PlannedAnswer {
  const half = Math.max(1, Math.floor(tokens / 2));
  return { text: text.slice(0, half * CHARACTERS_PER_TOKEN), tokens: half, reason };
}
