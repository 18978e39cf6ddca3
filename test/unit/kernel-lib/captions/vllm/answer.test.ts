import { describe, expect, test } from "vitest";
import { judgeAnswer } from "../../../../../kernel-lib/src/captions/vllm/answer.js";

const SYSTEM =
  "Write one caption for the figure. Say what the axes show and which units they have, and never invent a number that is not given.";
const CAPTION =
  "Light curve of the source over ten days. The red line is the model, and the grey band shows its uncertainty; the dashed line marks the peak of the outburst.";
const schema = {
  type: "object",
  properties: { caption: { type: "string" }, numbers: { type: "array", items: { type: "string" } } },
  required: ["caption", "numbers"],
};

function judge(
  text: string,
  more: { finish_reason?: string; language?: string | null; json?: boolean } = {},
) {
  const { finish_reason = "stop", language = "en", json = false } = more;
  const answer = json ? { name: "caption", schema } : "text";
  return judgeAnswer({ text, finish_reason }, { answer, language }, { system: SYSTEM });
}

describe("an answer is a caption", () => {
  test("when it says something of its own, in the right language, to its end", () => {
    expect(judge(CAPTION)).toEqual({ caption: CAPTION, detail: null });
    expect(judge("Spectrum, 3–7 keV.")).toHaveProperty("caption");
  });

  test("with what else a structured one holds", () => {
    const verdict = judge(JSON.stringify({ caption: CAPTION, numbers: ["10"] }), { json: true });
    expect(verdict).toEqual({ caption: CAPTION, detail: '{"numbers":["10"]}' });
  });

  test.each([
    "I–V curves of the device at three temperatures, and the fit of the model.",
    "We are here: the position of the Sun in the Galaxy.",
    "No image is shown for the third panel because the sample was lost.",
    "Sorry-game outcomes by strategy, with the mean of each of the groups.",
    "As a function of time, the flux of the source decreases.",
  ])("although it begins a little like a refusal: %s", (text) => {
    expect(judge(text)).toHaveProperty("caption");
  });
});

describe("an answer is none", () => {
  test.each<[string, string, Parameters<typeof judge>[1], string]>([
    ["cut off", CAPTION, { finish_reason: "length" }, "truncated"],
    ["cut off in a loop", "the same line ".repeat(40), { finish_reason: "length" }, "repetition"],
    ["ended by the server for repeating itself", CAPTION, { finish_reason: "repetition" }, "repetition"],
    ["a loop that came to an end", `A plot of ${"x and y, ".repeat(20)}.`, {}, "repetition"],
    ["empty", " \n", {}, "empty"],
    ["without words", "…", { json: true }, "empty"],
    ["a refusal", "I'm sorry, but I can't help with that.", {}, "refusal"],
    ["a refusal with a curly apostrophe", "I’m unable to view images.", {}, "refusal"],
    ["a refusal in bold", "**Sorry**, I cannot see the figure.", {}, "refusal"],
    ["a plea", "Please provide the image so that I can describe it.", {}, "refusal"],
    ["a disclaimer", "As an AI language model, I cannot see pictures.", {}, "refusal"],
    ["a refusal in Chinese", "抱歉，我无法查看图片。", { language: null }, "refusal"],
    ["held back", "", { finish_reason: "content_filter" }, "refusal"],
    ["no JSON", CAPTION, { json: true }, "malformed"],
    ["JSON of another shape", '{"caption": 7}', { json: true }, "malformed"],
    ["a call of a tool", "", { finish_reason: "tool_calls" }, "malformed"],
    ["the instructions", `The caption: ${SYSTEM}`, {}, "echo"],
    [
      "in another language",
      "Gezeigt wird, wie sich der gemessene Fluss über zehn Tage entwickelt. Die rote Linie zeigt das angepasste Modell, während der graue Bereich angibt, wie unsicher es ist; gestrichelt ist eingezeichnet, wann der Ausbruch am stärksten war und wann er wieder abklingt.",
      {},
      "wrong-language",
    ],
  ])("%s", (_, text, more, fault) => {
    const verdict = judge(text, more);
    expect(verdict).toHaveProperty("fault", fault);
    expect(verdict).toHaveProperty("message");
  });
});
