import fc from "fast-check";
import { expect, test } from "vitest";
import { estimateTokens } from "../../../../../kernel-lib/src/text/tokens.js";
import { input, prompt } from "./make.js";

const after = `{{title}}
{{abstract}}
{{figure_text}}
{{#contexts}}
{{section}} {{text}}
{{/contexts}}
{{caption}}
{{#panels}}
{{number}} {{caption}}
{{/panels}}`;
const all = prompt("about: x", after);
const sentence = (word: string, n: number) => `${Array.from({ length: n }, () => word).join(" ")}.`;
const long = {
  caption: sentence("Flux", 20),
  panels: [sentence("Raw", 10)],
  contexts: [
    `${sentence("Before", 12)} ${sentence("Near", 12)} See Fig. 3 here. ${sentence("After", 12)} ${sentence("Later", 12)}`,
    `${sentence("Other", 40)} See Fig. 3 there. As Fig. 3 shows, so it is. ${sentence("Rest", 40)}`,
  ],
};
const at = (context_tokens: number, parts: Parameters<typeof input>[0] = long) =>
  all.compose(input(parts), { context_tokens });

test("everything is kept where there is room", () => {
  const { user, kept } = at(3000);
  expect(kept).toBe(1);
  expect(user).not.toContain("…");
  expect(all.compose(input(long)).kept).toBe(1);
  expect(all.compose(input({ caption: "" })).kept).toBe(1);
});

test("as the budget shrinks, the abstract goes first, then sentences far from a mention, then mentions, then panels, then the caption", () => {
  const marks = [
    "<abstract>",
    "Later",
    "There",
    "After",
    "See Fig. 3 here",
    "so it is",
    "Raw Raw",
    "Flux Flux",
  ];
  const lost: string[] = [];
  for (let tokens = 600; tokens >= 0; tokens -= 2) {
    const { user } = at(tokens);
    for (const mark of marks)
      if (!user.includes(mark) && !lost.includes(mark) && mark !== "There") lost.push(mark);
  }
  expect(lost).toEqual([
    "<abstract>",
    "Later",
    "After",
    "See Fig. 3 here",
    "so it is",
    "Raw Raw",
    "Flux Flux",
  ]);
});

test("what was left out is marked, and paragraphs stand in the paper's order", () => {
  const { user, kept } = at(170);
  expect(kept).toBeGreaterThan(0.2);
  expect(kept).toBeLessThan(0.9);
  expect(user).toMatch(/<paragraph>… .*<refers>See Fig\. 3 here\.<\/refers>.* …<\/paragraph>/);
  expect(user.indexOf("here")).toBeLessThan(user.indexOf("there"));
});

test("the paragraph that mentions the figure most often comes first where only one has room", () => {
  const { user } = at(145);
  expect(user).toContain("<refers>As Fig. 3 shows, so it is.</refers>");
  expect(user).not.toContain("Fig. 3 here");
});

test("a caption that is too long is cut at the end of a sentence, or between words where it has no end", () => {
  const cut = (caption: string) => /<caption>(.*)<\/caption>/.exec(at(220, { caption }).user)?.[1];
  expect(cut(`${sentence("One", 50)} ${sentence("Two", 400)}`)).toBe(`${sentence("One", 50)} …`);
  expect(cut("word ".repeat(5000))).toMatch(/^(?:word )+…$/);
  expect(cut("𝒪".repeat(5000))).toMatch(/^𝒪+ …$/u);
});

test("only fields that the template prints cost something", () => {
  const terse = prompt("about: x", "{{caption}}");
  expect(terse.compose(input(long), { context_tokens: 40 }).user).toContain(long.caption);
  expect(at(40).user).not.toContain(long.caption);
});

test("text read off the figure takes no more than its share", () => {
  const figure_text = "tick label ".repeat(1000);
  const { user } = all.compose(input(long, { figure_text }), { context_tokens: 600 });
  expect(estimateTokens(/<figure_text>.*<\/figure_text>/.exec(user)![0])).toBeLessThan(150);
  expect(user).toContain("so it is");
});

test("paragraphs without a known mention are read from their beginning", () => {
  const asked = input({ caption: "Flux", contexts: [`${sentence("First", 20)} ${sentence("Second", 400)}`] });
  const { user } = all.compose(asked, { context_tokens: 250 });
  expect(user).toContain(`<paragraph>${sentence("First", 20)} …</paragraph>`);
});

test("a paragraph without end is looked at around its mention, and soon", () => {
  const text = `${"filler words ".repeat(400_000)}. As Fig. 3 shows, here it is. ${"filler words ".repeat(400_000)}`;
  const asked = input({ caption: "Flux" });
  const start = text.indexOf("As Fig.");
  asked.figure.contexts = Array.from({ length: 1000 }, (_, paragraph) => ({
    ...{ text, section: null, paragraph },
    sentences: [[start, start + 31] as const],
  }));
  expect(all.compose(asked).user).toContain("here it is");
});

const words = fc
  .array(
    fc.constantFrom("Stars", "α_1", "温度", "x=3.5", "<refers>", "See Fig. 3.", "Größe.", "(b)", "𝒪", "end."),
    {
      maxLength: 120,
    },
  )
  .map((list) => list.join(" "));

test("the paper's words with their tags never take more than the budget; a larger budget never keeps less of a caption", () => {
  fc.assert(
    fc.property(
      fc.record({
        caption: words,
        panels: fc.array(words, { maxLength: 3 }),
        contexts: fc.array(words, { maxLength: 4 }),
      }),
      words,
      fc.integer({ min: 0, max: 700 }),
      (parts, figure_text, tokens) => {
        const asked = input(parts, { figure_text });
        const { user } = all.compose(asked, { context_tokens: tokens });
        const fenced = user.match(/<(?!refers)([a-z_]+)>[^]*?<\/\1>/g) ?? [];
        expect(fenced.reduce((sum, piece) => sum + estimateTokens(piece), 0)).toBeLessThanOrEqual(tokens);
        expect(all.compose(asked, { context_tokens: 100_000 }).kept).toBe(1);
      },
    ),
    { numRuns: 300 },
  );
});
