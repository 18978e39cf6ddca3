import fc from "fast-check";
import { expect, test } from "vitest";
import { readAnswer } from "../../../../../kernel-lib/src/captions/prompts/answer.js";
import { loadPrompt } from "../../../../../kernel-lib/src/captions/prompts/load.js";
import { prompt } from "./make.js";

const text = prompt("about: x");
const json = prompt("about: x\nanswer: json");
const own = prompt(
  "answer: json\nschema:\n  type: object\n  required: [caption, score]\n  additionalProperties: false\n" +
    "  properties:\n    score: { type: integer, minimum: 1, maximum: 5 }\n    caption: { type: string, minLength: 3 }",
);

test.each([
  ["  Flux of a star.\n", "Flux of a star."],
  ['"Flux of a star."', "Flux of a star."],
  ["“Flux of a star.”", "Flux of a star."],
  ['"Flux" and "mass"', '"Flux" and "mass"'],
  ["Caption: Flux", "Flux"],
  ["**Caption:** Flux", "Flux"],
  ["**Caption**: Flux", "Flux"],
  ["### Figure caption: Flux", "Flux"],
  ['**New Caption:**\n\n"Flux"', "Flux"],
  ["**Flux of a star.**", "Flux of a star."],
  ["Captions of: many", "Captions of: many"],
  ["<think>Is it?\n</think>\n\nFlux", "Flux"],
  ["It is.</think>Flux", "Flux"],
  ["```\nFlux\n```", "Flux"],
  ["<caption>Flux <refers>drops</refers></caption>", "Flux drops"],
])("the answer %j is the caption %j", (answer, caption) => {
  expect(readAnswer(text, answer)).toEqual({ caption, detail: null });
});

test.each([[""], ["  \n"], ['""'], ["Caption:"], ["<think>and so on"], ["```\n```"]])(
  "the answer %j is empty",
  (answer) => {
    expect(readAnswer(text, answer)).toEqual({ problem: "the answer is empty" });
  },
);

const answer = {
  visual_elements: ["line plot"],
  numbers: [{ value: "3.5 days", what: "period", source: "text" }],
  caption: "Caption: Flux.",
};

test("a structured answer gives the caption, and the rest as detail", () => {
  const read = {
    caption: "Flux.",
    detail: JSON.stringify({ visual_elements: answer.visual_elements, numbers: answer.numbers }),
  };
  expect(readAnswer(json, JSON.stringify(answer))).toEqual(read);
  expect(
    readAnswer(json, `<think>…</think>\n\`\`\`json\n${JSON.stringify(answer, null, 2)}\n\`\`\``),
  ).toEqual(read);
});

test.each([
  ["Flux.", "the answer is no JSON: "],
  [JSON.stringify(answer).slice(0, -5), "the answer is no JSON: "],
  ["", "the answer is empty"],
  ["[]", "the answer's JSON does not keep to the schema: "],
  [JSON.stringify({ ...answer, caption: 3 }), "schema: caption: "],
  [JSON.stringify({ ...answer, caption: " " }), "the answer's caption is empty"],
  [
    JSON.stringify({ ...answer, numbers: [{ value: "3", what: "x", source: "guess" }] }),
    "schema: numbers.0.source: ",
  ],
  [JSON.stringify({ ...answer, more: 1 }), "more"],
  ["x".repeat(300_000), "300000 characters"],
])("the structured answer %j is a problem", (given, problem) => {
  expect(readAnswer(json, given)).toEqual({ problem: expect.stringContaining(problem) as string });
});

test("an author's own schema is what answers are checked by", () => {
  expect(readAnswer(own, '{"score": 4, "caption": "Flux"}')).toEqual({
    caption: "Flux",
    detail: '{"score":4}',
  });
  expect(readAnswer(own, '{"score": 7, "caption": "Flux"}')).toEqual({
    problem: expect.stringContaining("score") as string,
  });
  expect(readAnswer(own, '{"score": 3, "caption": "F"}')).toEqual({
    problem: expect.stringContaining("caption") as string,
  });
});

test.each([
  ["{ type: array }", 'schema is no "type: object"'],
  ["{ type: object }", "has no property caption of type string"],
  ["{ type: object, properties: { caption: { type: number } } }", "has no property caption of type string"],
  ["{ type: object, properties: { caption: { type: string } } }", "does not list caption under required"],
  [
    "{ type: object, properties: { caption: { type: string }, x: { type: strin } }, required: [caption] }",
    "Unsupported type: strin",
  ],
  [
    "{ type: object, properties: { caption: { type: string } }, required: [caption], not: { type: string } }",
    "cannot be checked",
  ],
])("the schema %s is refused", (schema, problem) => {
  expect(() => prompt(`answer: json\nschema: ${schema}`)).toThrow(problem);
});

test("the chart prompt's own schema takes what it asks for", async () => {
  const chart = await loadPrompt("chart");
  const given = {
    chart_type: "line chart",
    axes: [{ axis: "x", label: "Time", unit: "d", scale: "linear", range: null }],
    series: [{ name: "flux", drawn_as: "blue line" }],
    trends: ["Flux drops every 3.5 days."],
    numbers: [{ value: "about 1.2 %", what: "depth", source: "estimated" }],
    caption: "Flux over time.",
  };
  expect(readAnswer(chart, JSON.stringify(given))).toMatchObject({ caption: "Flux over time." });
  expect(readAnswer(chart, JSON.stringify({ ...given, axes: [{ axis: "x" }] }))).toHaveProperty("problem");
});

test("whatever a model answers, reading it ends in a caption or a problem", () => {
  const piece = fc.oneof(
    fc.string(),
    fc.constantFrom(
      "<think>",
      "</think>",
      "```json\n",
      "\n```",
      "**",
      "Caption:",
      '"',
      "“",
      "”",
      "{",
      "}",
      '"caption":',
    ),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
      for (const asked of [text, json, own]) {
        const read = readAnswer(asked, pieces.join(""));
        if ("caption" in read) expect(read.caption.trim()).not.toBe("");
        else expect(read.problem).not.toBe("");
      }
    }),
  );
});
