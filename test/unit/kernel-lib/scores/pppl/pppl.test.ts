import { setMaxListeners } from "node:events";
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { scorerOf } from "../../../../../kernel-lib/src/scores/named.js";
import { ppplScorer, type PpplDetail } from "../../../../../kernel-lib/src/scores/pppl/pppl.js";
import type { Scorer } from "../../../../../kernel-lib/src/scores/scorer.js";
import { bundleModelProgram, MODELS } from "../../../../support/model-program.js";
import { figureWith, paper } from "../../captions/papers.js";

/** What the reference in Python gives. */
interface Case {
  text: string;
  raw: string;
  ids: number[];
  words: number[];
  original: number[];
  within_word_l2r: number[];
  pppl: number | null;
  "pppl-l2r": number | null;
  "pppl-matched": number | null;
}
const cases = JSON.parse(readFileSync(join(MODELS, "bert/expected.json"), "utf8")) as Case[];
const beyondOneWindow = cases.find(({ ids }) => ids.length > 62)!;

const signal = new AbortController().signal;
setMaxListeners(0, signal);
let cache: string;
let scorer: Scorer;
beforeAll(async () => {
  cache = await mkdtemp(join(tmpdir(), "figloom-pppl-"));
  process.env["FIGLOOM_CACHE"] = cache;
  scorer = ppplScorer(join(MODELS, "bert"), { program: await bundleModelProgram("pppl"), threads: 1 });
  await scorer.ready!({ signal, folder: "/dataset" });
});
afterAll(async () => {
  await scorer.close!();
  await rm(cache, { recursive: true, force: true });
});

async function scoresOf(text: string, raw: string, caption = "extractive") {
  const figure = figureWith({ caption: raw });
  const input = { figure, paper, image: null, figure_text: null, caption, text };
  const { scores } = await scorer.score(input, { signal });
  return Object.fromEntries(
    scores.map((score) => [score.metric, { ...score, ...(JSON.parse(score.detail!) as PpplDetail) }]),
  );
}

const within = (value: number | null, expected: number | null) => {
  if (expected === null) expect(value).toBeNull();
  else expect(Math.abs(value! / expected - 1)).toBeLessThan(1e-3);
};

describe("pseudo-perplexity", () => {
  test("is the reference's under both schemes and at matched length, all asked for at the same time", async () => {
    const made = await Promise.all(cases.map(({ text, raw }) => scoresOf(text, raw)));
    for (const [i, expected] of cases.entries()) {
      const scores = made[i]!;
      expect(Object.keys(scores)).toEqual(["pppl", "pppl-l2r", "pppl-matched"]);
      expect(scores["pppl"]).toMatchObject({
        tokens: expected.ids.length,
        words: new Set(expected.words).size,
        truncated: 0,
        device: "cpu",
      });
      for (const metric of ["pppl", "pppl-l2r", "pppl-matched"] as const)
        within(scores[metric]!.value, expected[metric]);
    }
  });

  test("tells the logarithm, the scheme, and how many tokens the vocabulary could not spell", async () => {
    const { pppl, "pppl-l2r": l2r } = await scoresOf("Magnetism of Δλ in 東京.", "Stars");
    expect(pppl).toMatchObject({ scheme: "original", tokens: 8, words: 7, unknown: 3, windows: 1 });
    expect(l2r!.scheme).toBe("within_word_l2r");
    expect(pppl!.log10).toBeCloseTo(Math.log10(pppl!.value!), 10);
    expect(pppl!.mean_log_probability).toBeCloseTo(-Math.log(pppl!.value!), 10);
    expect(l2r!.value).not.toBe(pppl!.value);
  });

  test("reads a text beyond the model's limit through windows and says so", async () => {
    const { text, raw, ids } = beyondOneWindow;
    expect((await scoresOf(text, raw))["pppl"]).toMatchObject({ windows: ids.length - 61, truncated: 0 });
  });

  test("is null with a reason where there is nothing to judge or to compare with", async () => {
    const empty = await scoresOf(" \n", "Stars");
    expect(empty["pppl"]).toMatchObject({ value: null, log10: null, reason: "the caption has no tokens" });
    expect(empty["pppl-l2r"]!.value).toBeNull();
    const noRaw = await scoresOf("Stars", "");
    expect(noRaw["pppl"]!.value).toBeGreaterThan(1);
    expect(noRaw["pppl-matched"]).toMatchObject({ value: null, reason: "the raw caption has no tokens" });
    const shorter = await scoresOf("Stars", "Spectra of stars");
    expect(shorter["pppl-matched"]).toMatchObject({ value: null, tokens: 1, raw_tokens: 3 });
    expect(shorter["pppl-matched"]!.reason).toContain("fewer tokens than the raw one");
    const longWord = await scoresOf("Thermodynamics of stars", "a");
    expect(longWord["pppl-matched"]).toMatchObject({ value: null, raw_tokens: 1 });
    expect(longWord["pppl-matched"]!.reason).toContain("first word");
  });

  test("at matched length is that of whole words, and for the raw caption the same as without", async () => {
    const raw = await scoresOf("Measured spectra of stars.", "Measured spectra of stars.", "raw");
    expect(raw["pppl-matched"]!.value).toBe(raw["pppl"]!.value);
    const { "pppl-matched": cut } = await scoresOf("Spectra of magnetism in stars", "mean energy of");
    expect(cut).toMatchObject({ tokens: 2, words: 2, raw_tokens: 3 });
  });

  test("reads 8,192 characters and tells the share beyond", async () => {
    const { pppl } = await scoresOf(" ".repeat(8190) + "a b" + " ".repeat(8191), "a");
    expect(pppl).toMatchObject({ tokens: 1, truncated: 0.5 });
  });

  test("names its model with revision and digest, and can be made anew from its specification", async () => {
    expect(scorer.id).toMatch(/^bert@local sha256:[0-9a-f]{12}$/);
    const anew = scorerOf(scorer.spec!);
    await anew.identify!({ signal });
    expect(anew.id).toBe(scorer.id);
    expect(anew.model).toEqual({ name: join(MODELS, "bert"), kind: "masked-lm" });
    expect(scorerOf({ kind: "pppl", options: { model: "bert", as: "pppl-bert" } })).toMatchObject({
      metric: "pppl-bert",
      also: ["pppl-bert-l2r", "pppl-bert-matched"],
      spec: { kind: "pppl", options: { model: "bert", as: "pppl-bert" } },
    });
  });

  test("stops when it is told to", async () => {
    const controller = new AbortController();
    const figure = figureWith({ caption: "Stars" });
    const asked = scorer.score(
      { figure, paper, image: null, figure_text: null, caption: "raw", text: beyondOneWindow.text },
      { signal: controller.signal },
    );
    controller.abort(new Error("enough"));
    await expect(asked).rejects.toThrow("enough");
    expect((await scoresOf("Stars", "Stars"))["pppl"]!.value).toBeGreaterThan(1);
  });
});
