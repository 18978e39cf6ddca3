import fc from "fast-check";
import { expect, test } from "vitest";
import { extractive } from "../../../../kernel-lib/src/captions/extractive.js";
import { ConfigurationError } from "../../../../kernel-lib/src/errors.js";
import type { CaptionInput } from "../../../../kernel-lib/src/captions/captioner.js";
import { sentenceRanges } from "../../../../kernel-lib/src/text/sentences.js";
import { figureWith, paper } from "./papers.js";

const signal = new AbortController().signal;
const bare = { ...paper, title: null, abstract: null };
const captionOf = async (
  parts: Parameters<typeof figureWith>[0],
  of: CaptionInput["paper"] = bare,
  maxCharacters?: number,
) =>
  (
    await extractive({ maxCharacters }).caption(
      { figure: figureWith(parts), paper: of, image: null },
      { signal },
    )
  ).text;

const flux = {
  caption: "Figure 3: flux of the star HD 1234",
  panels: ["raw flux", "Residuals of the fit"],
  contexts: [
    "Stars vary for many reasons. As shown in Fig. 3, the flux drops by 1.2 % every 3.5 days. " +
      "This is the mark of a planet in transit. We fitted it by hand. Figure 4 shows the other star.",
    "The residuals (Fig. 3b) scatter by 40 ppm around zero. The flux drops by 1.2 % every 3.5 days.",
  ],
};

test("caption, panels, what the text says about them, and the setting, in this order", async () => {
  expect(await captionOf(flux, paper)).toBe(
    "Flux of the star HD 1234. (a) Raw flux. (b) Residuals of the fit. " +
      "The flux drops by 1.2 % every 3.5 days. This is the mark of a planet in transit. " +
      "The residuals (panel b) scatter by 40 ppm around zero. The catalogue lists quiet stars observed for 90 days.",
  );
});

test("labels that were read off the picture join it: those that say something more, whatever else was read", async () => {
  const figure_text = [
    "0.5 | 1.0",
    "Flux",
    "Flux density (mJy)",
    "Time since launch [d]",
    "L LX",
    "time",
    "o—=%~e",
  ];
  const input = { figure: figureWith(flux), paper: bare, image: null };
  const without = (await extractive().caption(input, { signal })).text;
  const text = async (lines: string[], maxCharacters?: number) =>
    (await extractive({ maxCharacters }).caption({ ...input, figure_text: lines.join("\n") }, { signal }))
      .text;
  expect(await text(figure_text)).toBe(`${without} Labels: Flux density (mJy); Time since launch [d].`);
  expect(await text(["0.5", "HD 1234", "flux of the star"])).toBe(without);
  const many = "amber birch cedar dahlia elder fennel garlic hazel indigo jasmine".split(" ");
  expect(await text(many)).toBe(`${without} Labels: ${many.slice(0, 6).join("; ")}.`);
  expect((await text(figure_text, without.length + 10)).length).toBeLessThanOrEqual(without.length + 10);
});

test("says who made it and how", async () => {
  const made = await extractive().caption({ figure: figureWith(flux), paper, image: null }, { signal });
  expect(made).toMatchObject({
    variant: "extractive",
    captioner: "extractive",
    finish_reason: "stop",
    model: null,
  });
});

test("a figure without paragraphs or abstract keeps its caption, tidied", async () => {
  expect(await captionOf({ caption: "Fig. 3. the {flux} of $x$ \\emph{stars} <i>in</i> T_{eff}" })).toBe(
    "The flux of x stars in T_eff.",
  );
  expect(await captionOf({ caption: "fixation for N ∈ {3, 7, 14}" })).toBe("Fixation for N ∈ {3, 7, 14}.");
  expect(await captionOf({ caption: "p53 expression (see Fig. 2)" })).toBe("p53 expression.");
});

test("a figure without caption is told by the paragraphs", async () => {
  expect(await captionOf({ ...flux, caption: "", panels: [] })).toBe(
    "The flux drops by 1.2 % every 3.5 days. This is the mark of a planet in transit. " +
      "The residuals (panel b) scatter by 40 ppm around zero.",
  );
});

test("a sentence of the abstract that shares words with the caption sets the scene", async () => {
  const abstract =
    "We like stars. The star HD 1234 has an unusually steady flux among dwarfs. Planets are small.";
  expect(await captionOf({ caption: flux.caption }, { ...paper, abstract })).toBe(
    "Flux of the star HD 1234. The star HD 1234 has an unusually steady flux among dwarfs.",
  );
});

test("sentences right after the reference go on about the figure where they give numbers or say what is seen", async () => {
  const contexts = [
    "Figure 3 shows the strikes by state. Texas leads with 1,495, followed by California (890). " +
      "Airlines were asked by letter. Medians peak in autumn, at a cost of $40.5 million.",
  ];
  expect(await captionOf({ caption: "Strikes by state", contexts })).toBe(
    "Strikes by state. Texas leads with 1,495, followed by California (890). " +
      "Medians peak in autumn, at a cost of $40.5 million.",
  );
});

test("a sentence is not taken as said already when its numbers are new", async () => {
  const contexts = ["Air speed at the strike is known for 7,164 of the 10,000 birds (Fig. 3)."];
  expect(await captionOf({ caption: "Air speed at the time of the strike of birds.", contexts })).toBe(
    "Air speed at the time of the strike of birds. Air speed at the strike is known for 7,164 of the 10,000 birds.",
  );
});

test("a sentence that the paper says twice in a row comes once", async () => {
  const orbit = "Its orbit takes 3.5 days around a quiet dwarf.";
  const contexts = [
    `The planet is 1.3 times as wide as the Earth. ${orbit} ${orbit} Fig. 3 shows the drop of the flux.`,
  ];
  const made = await captionOf({ caption: "Flux of a star", contexts });
  expect(made.split(orbit).length).toBeLessThanOrEqual(2);
});

test("a sentence that points back stays out where the one before it cannot come", async () => {
  const contexts = ["We see the flux of Fig. 2. This shows in Fig. 3 as a drop of the stellar flux."];
  expect(await captionOf({ caption: "Flux of the star", contexts })).toBe("Flux of the star.");
});

test("nothing to say is an error with a way out", async () => {
  await expect(captionOf({ caption: " ", contexts: ["See Fig. 3."] }, paper)).rejects.toMatchObject({
    name: "ItemError",
    reason: "nothing-to-say",
    wayOut: expect.stringContaining("contexts"),
  });
});

test("fills the length asked for, and never cuts a raw caption", async () => {
  expect((await captionOf(flux, paper, 150)).length).toBeLessThanOrEqual(150);
  const long = "The flux of many quiet stars over time. ".repeat(8).trim();
  expect(await captionOf({ ...flux, caption: long }, paper, 100)).toBe(long);
  expect(() => extractive({ maxCharacters: 10 })).toThrow(ConfigurationError);
});

const sentence = fc.constantFrom(
  "As shown in Fig. 3, the flux of the star drops twice a day.",
  "This is the mark of a planet in transit.",
  "We fitted the model by hand.",
  "Figure 3a shows the raw flux and the blue model.",
  "The planet is 1.3 times as wide as the Earth.",
  "However, the scatter of 40 ppm (Figs. 3 and 4) hides small planets.",
  "Its orbit takes 3.5 days around a quiet dwarf.",
  "See Fig. 2 for the orbit.",
);
const paragraph = fc.array(sentence, { maxLength: 8 }).map((sentences) => sentences.join(" "));

test("for any paragraphs: deterministic, without repetition, within length, about no other figure", () =>
  fc.assert(
    fc.asyncProperty(fc.array(paragraph, { maxLength: 4 }), fc.integer({ min: 100, max: 900 }), async (contexts, max) => {
      const made = await captionOf({ caption: "Flux of a star", contexts }, paper, max);
      expect(await captionOf({ caption: "Flux of a star", contexts }, paper, max)).toBe(made);
      expect(made.length).toBeLessThanOrEqual(max);
      const sentences = sentenceRanges(made).map(([start, end]) => made.slice(start, end));
      expect(new Set(sentences).size).toBe(sentences.length);
      expect(made).not.toMatch(/Fig|\bwe\b|[\ue000-\uf8ff]/i);
    }),
  )); // prettier-ignore

test.each(["Fig. 3 ", "As shown in ", "((Fig. 3", "a. ", "A b (", ", as shown in Fig. 3,", "_{", "<i>", "Figs. 3a,", "x 2010 ("])(
  "a quarter of a megabyte of %s is read in linear time",
  async (piece) => {
    const hostile = piece.repeat(Math.ceil(250_000 / piece.length));
    const figure = figureWith({ caption: "Flux of the star", panels: [hostile] });
    figure.contexts.push({ text: hostile, section: null, paragraph: 0, sentences: [[0, hostile.length]] });
    const input = {
      figure: { ...figure, caption: hostile },
      paper: { ...paper, abstract: hostile, title: hostile },
      image: null,
    };
    expect(await extractive().caption(input, { signal }).catch((error: Error) => error.name)).toBeTruthy();
  },
  10_000,
); // prettier-ignore

test("a short caption is told apart by the paper's title", async () => {
  expect(await captionOf({ caption: "Residuals" }, paper)).toBe(
    "Residuals. From “Transiting planets of quiet stars”.",
  );
});
