import {
  ageText,
  countsText,
  currentPart,
  integer,
  isEnded,
  leftText,
  ratesOf,
  rateText,
  secondsLeft,
  shortCount,
  type RunState,
} from "figloom/views";
import { el } from "../common/dom.js";
import { __ } from "../common/words.js";
import { drawSparkline } from "./sparkline.js";

/** What is counted, as pairs of a name and a value: done, rate, time, tokens, cost. */
export function drawFacts(state: RunState): HTMLElement {
  const part = currentPart(state);
  const rates = ratesOf(state);
  const left = secondsLeft(state);
  const ended = isEnded(state);
  const { usage } = state;
  return el(
    "dl",
    { class: "figloom-run-facts" },
    part &&
      fact(
        state.parts.length > 1 ? part.stage : __("Done"),
        countsText({ ...part, failed: 0, done: part.done + part.failed }),
        part.failed > 0
          ? el("small", { class: "figloom-run-down" }, __("%1 failed", integer(part.failed)))
          : null,
      ),
    rates &&
      fact(
        __("Rate"),
        rateText(ended ? rates.mean : rates.recent),
        ended ? null : el("small", {}, __("%1 on average", rateText(rates.mean))),
        drawSparkline(state),
      ),
    left && fact(__("Left"), leftText(left).replace(/ left$/, "")),
    fact(ended ? __("Took") : __("Elapsed"), ageText(state)),
    usage && usage.prompt_tokens + usage.completion_tokens > 0
      ? fact(
          __("Tokens"),
          __("%1 asked, %2 answered", shortCount(usage.prompt_tokens), shortCount(usage.completion_tokens)),
        )
      : null,
    usage && usage.cost !== null ? fact(__("Cost"), usage.cost.toFixed(2)) : null,
  );
}

function fact(name: string, value: string, ...more: (Node | null)[]): HTMLElement {
  return el("div", {}, el("dt", {}, name), el("dd", {}, el("span", {}, value), ...more));
}
