import fc from "fast-check";
import { expect, test } from "vitest";
import { contextsOf } from "../../../../../kernel-lib/src/papers/pdf/contexts.js";
import { readLayout } from "../../../../../kernel-lib/src/papers/pdf/layout.js";
import { readMetadata } from "../../../../../kernel-lib/src/papers/pdf/metadata.js";
import type { Line } from "../../../../../kernel-lib/src/papers/pdf/page.js";
import { readProse } from "../../../../../kernel-lib/src/papers/pdf/prose.js";
import { lineOf, page, run } from "./set-page.js";
import { anyText } from "../../../../support/any-text.js";

const words = fc.constantFrom(
  ..."the of Figure Fig. Figs. 3 2–4 a,b (c) [1] [2, 3] simu- lation References Abstract 1 I. A. 12 = ∑ ´e ﬁ · \u00ad \ufffe \u0002 😀 (see . , x".split(
    " ",
  ),
);
const text = fc.oneof(
  fc.array(words, { maxLength: 12 }).map((all) => all.join(" ")),
  anyText(30),
);
const place = fc.double({ min: -50, max: 900, noNaN: true });
const runs = fc.record({
  text,
  x: place,
  size: fc.constantFrom(0.1, 5, 7, 10, 12, 40, 700),
  shift: fc.constantFrom(0, -4, 2),
  font: fc.constantFrom("CMR10", "CMMI10", "Bold", ""),
  bold: fc.boolean(),
  italic: fc.boolean(),
});
const line: fc.Arbitrary<Line> = fc
  .record({
    base: place,
    runs: fc.array(runs, { minLength: 1, maxLength: 4 }),
    angle: fc.constantFrom(0, 0, 0, 90, 180, 270),
  })
  .map(({ base, runs: all, angle }) =>
    lineOf(
      all.map(({ text, x, ...look }) => run(text, x, base, look)),
      angle as Line["angle"],
    ),
  );
const pages = fc.array(fc.array(line, { maxLength: 25 }), { maxLength: 5 });
const box = fc.tuple(place, place, place, place);
const taken = fc.array(fc.record({ page: fc.integer({ min: 0, max: 6 }), box }), { maxLength: 4 });

test("whatever a page holds, its text is read without a fault, and contexts point into it", () => {
  fc.assert(
    fc.property(pages, taken, (lines, out) => {
      const set = lines.map((all, i) => page(all, i + 1));
      const layout = readLayout(set);
      const { paragraphs } = readProse(layout, out);
      readMetadata(set, layout, "");
      const [contexts] = contextsOf(paragraphs, [{ float: "figure", number: "3", series: "" }]);
      for (const { text, paragraph, sentences } of contexts!) {
        expect(paragraphs[paragraph]!.text).toBe(text);
        for (const [start, end] of sentences) expect(text.slice(start, end).trim()).not.toBe("");
      }
    }),
    { numRuns: 500 },
  );
}, 120_000);

test("a page crammed with text is read to its end", () => {
  const crammed = Array.from({ length: 40_000 }, (_, i) =>
    lineOf([
      run(`word ${i % 7} goes on simu-`, (i * 37) % 500, ((i * 13) % 7900) / 10, { size: 5 + (i % 3) }),
    ]),
  );
  const oneRow = Array.from({ length: 40_000 }, (_, i) => lineOf([run("x", i / 80, 400, { width: 0.01 })]));
  const oneParagraph = Array.from({ length: 40_000 }, (_, i) =>
    lineOf([run("see Figure 3 and simu-", 70, i * 12, { width: 470 })]),
  );
  for (const lines of [crammed, oneRow, oneParagraph]) {
    const layout = readLayout([page([])]);
    layout.pages[0]!.lines = lines;
    const { paragraphs } = readProse(layout, []);
    expect(contextsOf(paragraphs, [{ float: "figure", number: "3", series: "" }])).toHaveLength(1);
  }
}, 120_000);
