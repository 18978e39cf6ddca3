import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { extractive } from "../../../../kernel-lib/src/captions/extractive.js";
import type { ScoreInput } from "../../../../kernel-lib/src/scores/scorer.js";
import { support, type Claim, type SupportDetail } from "../../../../kernel-lib/src/scores/support.js";
import { figureWith, paper } from "../captions/papers.js";

const scorer = support();
const signal = new AbortController().signal;

const figure = figureWith({
  caption: "Flux of the star HD 1234 against time.",
  panels: ["Raw flux", "Residuals in mJy"],
  contexts: [
    "Figure 3 shows the flux F_0 measured by Kepler over 3,000 s at 5 ms cadence; its mean is 3.14 mJy. " +
      "The relative error σ is below 50 %, or 37 counts.",
    "A Gaussian of width 1.5×10³ km s⁻¹ fits seven peaks between 10 and 20 °C.",
  ],
});

async function scoreOf(input: Omit<ScoreInput, "image" | "figure_text">) {
  const { scores } = await scorer.score({ ...input, image: null, figure_text: null }, { signal });
  return scores[0]!;
}

async function judge(text: string, caption = "extractive") {
  const score = await scoreOf({ figure, paper, caption, text });
  return { score, ...(JSON.parse(score.detail!) as SupportDetail) };
}
const claimOf = async (text: string, kind: Claim["kind"], caption?: string) =>
  (await judge(text, caption)).claims.find((claim) => claim.kind === kind)!;

describe("numbers", () => {
  test.each([
    ["3.1 mJy", "3.14 mJy"],
    ["3000 s", "3,000 s"],
    ["50 minutes", "3,000 s"],
    ["0.005 s", "5 ms"],
    ["0.5", "50 %"],
    ["1/2", "50 %"],
    ["half a share of 50 %", "50 %"],
    ["1500 km/s", "1.5×10³ km s⁻¹"],
    ["7 peaks", "seven"],
    ["10 °C", "10"],
    ["37", "37"],
  ])("%s is supported by %s", async (text, evidence) => {
    expect(await claimOf(text, "number")).toMatchObject({ supported: true, evidence });
  });

  test.each([
    ["a gain of 38", "the number 38 stands nowhere in the paper's text about this figure"],
    ["5 keV", "the number 5 keV appears, but with another unit (ms)"],
    ["3.142 mJy", "the paper's text gives the number 3.142 mJy only as 3.14 mJy"],
    ["3 mice", "the number 3 stands nowhere in the paper's text about this figure"],
    ["−37 counts", "the number −37 stands nowhere in the paper's text about this figure"],
  ])("%s is not supported, and the reason is said", async (text, reason) => {
    expect(await claimOf(text, "number")).toMatchObject({ supported: false, source: null, reason });
  });

  test("the number of a figure is neither a claim nor evidence", async () => {
    expect((await judge("As in Figure 3 and Table 12.")).claims).toEqual([]);
    expect(await claimOf("3 stars", "number")).toMatchObject({ supported: false });
  });
});

describe("names, symbols and terms", () => {
  test.each([
    ["observed with Kepler", "name", "context 1"],
    ["the star HD 1234", "name", "caption"],
    ["the residual in panel b", "term", "panel b"],
    ["the σ of it", "symbol", "context 1"],
    ["with sigma", "symbol", "context 1"],
    ["where F₀ = 1", "symbol", "context 1"],
    ["transiting", "term", "title"],
  ] as const)("%s: a %s found in the %s", async (text, kind, source) => {
    expect(await claimOf(text, kind)).toMatchObject({ supported: true, source });
  });

  test.each([
    ["observed with Spitzer", "name", "Spitzer"],
    ["the CNN is", "acronym", "CNN"],
    ["the Gaussian Spitzer fit", "name", "Spitzer is missing"],
    ["where α is", "symbol", "α"],
    ["elephants", "term", "elephants"],
  ] as const)("%s: an unsupported %s", async (text, kind, reason) => {
    const claim = await claimOf(text, kind);
    expect(claim.supported).toBe(false);
    expect(claim.reason).toContain(reason);
  });

  test("words that any figure may use are no claims", async () => {
    const { score, claims } = await judge("Left panel: the red dashed line shows it, and Panel B the same.");
    expect(claims).toEqual([]);
    expect(score.value).toBeNull();
  });
});

test("weights: two for numbers and names, one for the rest", async () => {
  const { score, counts } = await judge("the flux of Spitzer, 99 and σ");
  expect(counts).toMatchObject({ number: { total: 1, supported: 0 }, symbol: { supported: 1 } });
  expect(score.value).toBeCloseTo((1 + 1) / (1 + 2 + 2 + 1));
});

test("the worked example of docs/baselines.md", async () => {
  const example = figureWith({
    caption: "Figure 3: light curve of the star HD 1234",
    contexts: [
      "As shown in Fig. 3, the flux drops by 1.2 % every 3.5 days. This is the mark of a planet in transit. " +
        "We fitted it by hand (Table 2). Figure 4 shows the other star.",
      "The residuals (Fig. 3b) scatter by 41.7 ppm around zero.",
    ],
  });
  const of = {
    paper_id: "p",
    title: "Transiting planets of quiet stars",
    abstract: "We list quiet stars.",
    discipline: null,
  };
  const text =
    "Light curve of HD 1234 seen by Kepler: the flux falls by 1.2 % every 3.5 hours, with a scatter of 42 ppm.";
  const score = await scoreOf({ figure: example, paper: of, caption: "other", text });
  const { claims } = JSON.parse(score.detail!) as SupportDetail;
  expect(score.value).toBe(10 / 14);
  expect(claims.filter((claim) => !claim.supported).map((claim) => claim.text)).toEqual([
    "Kepler",
    "3.5 hours",
  ]);
  const made = await extractive().caption({ figure: example, paper: of, image: null }, { signal });
  expect(made.text).toBe(
    "Light curve of the star HD 1234. The flux drops by 1.2 % every 3.5 days. " +
      "This is the mark of a planet in transit. The residuals (panel b) scatter by 41.7 ppm around zero.",
  );
});

test("the raw caption is no evidence for itself", async () => {
  expect(await claimOf("HD 1234", "name", "raw")).toMatchObject({ supported: false });
  expect(await claimOf("HD 1234", "name")).toMatchObject({ supported: true, source: "caption" });
});

test("what lies beyond the limit is reported as not seen", async () => {
  const { score } = await judge("flux ".repeat(13_107) + "x");
  expect(score.truncated).toBeCloseTo(0.5, 4);
  expect((await judge("flux")).score.truncated).toBe(0);
});

const evidence = [figure.caption, ...figure.contexts.map((context) => context.text), paper.abstract!];
const anyText = fc.oneof(
  fc.string({ maxLength: 200, unit: "grapheme" }),
  fc.array(fc.constantFrom("3.1", "±", "T_c", "5 ms", "(a)", "Kepler", "α", "50 %", "10⁻³", ".", "–", "Fig. 3"), { maxLength: 30 })
    .map((parts) => parts.join(" ")),
); // prettier-ignore

describe("for any caption", () => {
  test("the value is within 0..1 or null, spans slice the caption in order, and every claim is explained", () =>
    fc.assert(
      fc.asyncProperty(anyText, async (text) => {
        const { score, claims } = await judge(text);
        if (claims.length === 0) expect(score.value).toBeNull();
        else expect(score.value! >= 0 && score.value! <= 1).toBe(true);
        let end = 0;
        for (const { span, text: said, supported, source, evidence: quote, reason } of claims) {
          expect(text.slice(...span)).toBe(said);
          expect(span[0]).toBeGreaterThanOrEqual(end);
          end = span[1];
          expect([source !== null, quote !== null, reason === null]).toEqual([
            supported,
            supported,
            supported,
          ]);
        }
      }),
    ));

  test("a caption copied from any evidence has everything supported", () =>
    fc.assert(
      fc.asyncProperty(anyText, async (text) => {
        const own = figureWith({ caption: "", panels: [], contexts: [text] });
        const score = await scoreOf({ figure: own, paper, caption: "new", text });
        expect([null, 1]).toContain(score.value);
      }),
    ));

  test("an invented number lowers the value", () =>
    fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...evidence),
        fc.integer({ min: 100_000, max: 999_999 }),
        async (text, n) => {
          const [before, after] = [await judge(text), await judge(`${text} It is ${n} in all.`)];
          expect(before.score.value).toBe(1);
          expect(after.score.value!).toBeLessThan(1);
        },
      ),
    ));
});

test.each([
  "1,000",
  "((((",
  "a_",
  "T^{",
  "1/",
  "10^",
  "3 ± ",
  "Fig. ",
  "Aa-",
  "5 m s",
  "−",
  "x' ",
  "1.5e",
  "Α",
  "(SVM) ",
  "of atomic ",
  "H2",
  "NGC 1",
])("a quarter of a megabyte of %s is read in linear time", async (piece) => {
  const hostile = piece.repeat(Math.ceil(250_000 / piece.length));
  const own = figureWith({ caption: hostile, panels: [], contexts: [] });
  const score = await scoreOf({ figure: own, paper, caption: "new", text: hostile });
  expect(score.truncated).toBeGreaterThan(0.7);
});
