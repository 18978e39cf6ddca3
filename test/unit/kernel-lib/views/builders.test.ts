import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { buildDiff } from "../../../../kernel-lib/src/views/diff.js";
import { captionDiffs } from "../../../../kernel-lib/src/views/caption-diff.js";
import { diffSentences } from "../../../../kernel-lib/src/views/diff-sentences.js";
import { diffWords } from "../../../../kernel-lib/src/views/diff-words.js";
import { buildGallery } from "../../../../kernel-lib/src/views/gallery.js";
import type { Change } from "../../../../kernel-lib/src/views/protocol.js";
import { card, NEW, RAW, recaption, supportScore } from "./samples.js";
import { anyText } from "../../../support/any-text.js";

const joined = (changes: Change[], hidden: Change["kind"]) =>
  changes
    .filter(({ kind }) => kind !== hidden)
    .map(({ text }) => text)
    .join("");

describe("a figure's card", () => {
  test("holds the raw caption first, then the variants, each with its own scores", () => {
    const { captions } = card(
      {},
      { scores: [supportScore("raw", 1, []), supportScore("extractive", 0.5, [])] },
    );
    expect(captions.map(({ name, text, scores }) => [name, text, scores.support])).toEqual([
      ["raw", RAW, 1],
      ["extractive", NEW, 0.5],
    ]);
  });

  test("marks the claims that support scoring found unsupported, and no others", () => {
    const at = NEW.indexOf("700 nm");
    const claims = [
      { text: "300 nm", kind: "number", span: [37, 43], supported: true, source: "context", reason: null },
      {
        text: "700 nm",
        kind: "number",
        span: [at, at + 6],
        supported: false,
        source: null,
        reason: "nowhere",
      },
      { text: "x", kind: "name", span: [5, 9000], supported: false, source: null, reason: "beyond the text" },
      { text: "y", span: "bad", supported: false },
      null,
    ];
    const { captions } = card({}, { scores: [supportScore("extractive", 0.5, claims)] });
    expect(captions[1]!.unsupported).toEqual([{ span: [at, at + 6], reason: "nowhere" }]);
    expect(captions[0]!.unsupported).toEqual([]);
  });

  test("survives a score detail that is not what it should be", () => {
    for (const detail of ["", "null", "[1]", "{", '{"claims": 7}']) {
      const score = { ...supportScore("raw", 1, []), detail };
      expect(card({}, { scores: [score] }).captions[0]!.unsupported).toEqual([]);
    }
  });

  test("says where the figure comes from and why there is no picture", () => {
    expect(card().provenance).toBe("main.tex, line 12, in penguins.tar.gz · sites.pdf");
    const pdf = { file: null, start: null, end: null, line: null, page: 4, bbox: [0, 0, 1, 1] };
    expect(card({ provenance: pdf, graphics: [] }).provenance).toBe("page 4, in penguins.tar.gz");
    expect(card({ image_missing: "Ghostscript is not installed" }).picture.missing).toMatch(/Ghostscript/);
    expect(card({}, { thumb: null, path: null }).picture.missing).toMatch(/not rendered/);
  });

  test("cuts overlong texts and says so with an ellipsis", () => {
    const [raw] = card({ caption: "long ".repeat(20_000) }).captions;
    expect(raw!.text.length).toBeLessThanOrEqual(20_000);
    expect(raw!.text).toMatch(/…$/);
    const long = "x".repeat(100_000);
    const odd = card(
      { label: long, number: long, image_missing: long, graphics: [long] },
      { paper: { title: long, discipline: null, source: long } },
    );
    expect(JSON.stringify(odd).length).toBeLessThan(10_000);
  });
});

describe("a gallery", () => {
  test("keeps all cards where they fit", () => {
    const view = buildGallery({ title: "All", cards: [card(), card()] });
    expect([view.cards.length, view.total]).toEqual([2, 2]);
  });

  test("stays under 1 MB with fewer cards and the honest total", () => {
    const thumb = `data:image/webp;base64,${"A".repeat(40_000)}`;
    const cards = Array.from({ length: 60 }, () => card({}, { thumb }));
    const view = buildGallery({ title: "Many", cards, total: 383 });
    expect(Buffer.byteLength(JSON.stringify(view))).toBeLessThan(1_000_000);
    expect(view.cards.length).toBeGreaterThan(15);
    expect(view.cards.length).toBeLessThan(60);
    expect(view.total).toBe(383);
  });
});

describe("a caption diff", () => {
  test("keeps numbers and hyphenated words whole", () => {
    expect(diffWords("a 3.51 well-known fact", "a 3.57 well-kept fact")).toEqual([
      { kind: "kept", text: "a " },
      { kind: "removed", text: "3.51 well-known" },
      { kind: "added", text: "3.57 well-kept" },
      { kind: "kept", text: " fact" },
    ]);
  });

  test("is true to both texts for any texts", () => {
    const words = fc.array(
      fc.constantFrom("a", "3.5", " ", "  ", "\n", "b-c", "σ", "図", "😀", ".", "<i>", "\ud800"),
    );
    const text = fc.oneof(
      words.map((parts) => parts.join("")),
      anyText(),
    );
    fc.assert(
      fc.property(text, text, (from, to) => {
        const changes = diffWords(from, to);
        expect(joined(changes, "removed")).toBe(to);
        expect(joined(changes, "added")).toBe(from);
        expect(changes.every((change) => change.text !== "")).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  test("calls captions that have nothing in common one removal and one addition", () => {
    const many = (letter: string) => Array.from({ length: 5_000 }, (_, i) => `${letter}${i}`).join(" ");
    expect(diffWords(many("a"), many("b")).map(({ kind }) => kind)).toEqual(["removed", "added"]);
  });

  test("leaves out figures that lack one of the captions", () => {
    const cards = [card(), card({}, { recaptions: [] }), card({}, { recaptions: [recaption(RAW)] })];
    const view = buildDiff({ title: "Diff", captions: ["raw", "extractive"], cards });
    expect(view.total).toBe(2);
    expect(captionDiffs(view.cards[1]!, view.captions)[0]!.changes).toEqual([{ kind: "kept", text: RAW }]);
  });

  test("by sentence is true to both texts, too", () => {
    const sentence = fc.constantFrom(
      "One red fox ran. ",
      "One red dog ran.",
      "Two cats sat there. ",
      " ",
      "\n",
      "End",
    );
    const text = fc.array(sentence).map((parts) => parts.join(""));
    fc.assert(
      fc.property(text, text, (from, to) => {
        const changes = diffSentences(from, to);
        expect(joined(changes, "removed")).toBe(to);
        expect(joined(changes, "added")).toBe(from);
        expect(changes.every((change) => change.text !== "")).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  test("by sentence knows what was moved, what was rewritten and what is new", () => {
    const from = "The map shows five sites. Rain fell in the north of the island. Error bars are one sigma.";
    const to =
      "Error bars are one sigma. The map shows five sites. Snow fell in the north of the island. Dots are towns.";
    const said = diffSentences(from, to).map(({ kind, text, sentence }) => [
      sentence ?? "",
      kind,
      text.trim(),
    ]);
    expect(said).toContainEqual(["moved", "added", "Error bars are one sigma."]);
    expect(said).toContainEqual(["moved", "removed", "Error bars are one sigma."]);
    expect(said).toContainEqual(["rewritten", "removed", "Rain"]);
    expect(said).toContainEqual(["rewritten", "added", "Snow"]);
    expect(said).toContainEqual(["", "added", "Dots are towns."]);
  });

  test("compares captions of 100,000 characters by sentence where words take too long, and says what was kept", () => {
    const numbers = (seed: number) => Array.from({ length: 300 }, (_, i) => `w${(i + 1) * seed}`).join(" ");
    const text = (seed: number) =>
      Array.from({ length: 1_600 }, (_, i) =>
        i % 100 === 0
          ? `Values are ${numbers(seed + i)}. `
          : `Row ${i} is the same in both of these captions. `,
      ).join("");
    const captions = ["raw", "new"].map((name, i) => ({
      name,
      text: text(i * 7_919 + 3),
      unsupported: [],
      scores: {},
    }));
    const [diff] = captionDiffs({ captions }, ["raw", "new"]);
    expect(joined(diff!.changes, "removed")).toBe(captions[1]!.text);
    expect(diff!.changes.filter(({ kind }) => kind === "kept").length).toBeGreaterThan(10);
    expect(captions[0]!.text.length).toBeGreaterThan(100_000);
  });

  test("compares several captions with the first", () => {
    const both = card({}, { recaptions: [recaption("A map."), recaption(RAW, "terse")] });
    const diffs = captionDiffs(both, ["raw", "extractive", "terse"]);
    expect(diffs.map(({ from, to, changes }) => [from.name, to.name, changes.length])).toEqual([
      ["raw", "extractive", expect.any(Number)],
      ["raw", "terse", 1],
    ]);
  });
});
