import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { clipScorer } from "../../../../../kernel-lib/src/scores/clip/clip.js";
import type { Embedder } from "../../../../../kernel-lib/src/scores/clip/embedder.js";
import { localEmbedder } from "../../../../../kernel-lib/src/scores/clip/local.js";
import { bundleModelProgram, MODELS } from "../../../../support/model-program.js";
import { figureWith, paper } from "../../captions/papers.js";

/** What the reference gives, see test/fixtures/models/make-clip.py. */
interface Expected {
  pictures: Record<string, number[]>;
  texts: { text: string; tokens: number; vector: number[] }[];
  /** By picture, for each of the texts. */
  cosines: Record<string, number[]>;
}

const signal = new AbortController().signal;

describe.each([
  ["clip", 77 - 2],
  ["siglip", 64 - 1],
])("the tiny %s agrees with the reference", (model, read) => {
  const expected = JSON.parse(readFileSync(join(MODELS, model, "expected.json"), "utf8")) as Expected;
  let embedder: Embedder;

  beforeAll(async () => {
    const program = await bundleModelProgram(`parity-${model}`);
    embedder = localEmbedder(join(MODELS, model), { program, threads: 1 });
    await embedder.ready({ signal, folder: MODELS });
  });
  afterAll(() => embedder.close());

  test("in the pictures' vectors", async () => {
    for (const [name, vector] of Object.entries(expected.pictures))
      expect(farthest(await embedder.image(pictureOf(name), { signal }), vector), name).toBeLessThan(1e-5);
  });

  test("in the texts' vectors, their tokens and what is cut off", async () => {
    const made = await embedder.texts(
      expected.texts.map(({ text }) => text),
      { signal },
    );
    for (const [i, { text, tokens, vector }] of expected.texts.entries()) {
      expect(farthest(made[i]!.vector, vector), text).toBeLessThan(1e-5);
      expect(made[i]).toMatchObject({ tokens, cut: Math.max(0, tokens - read) });
    }
  });

  test("in the scores", async () => {
    const scorer = clipScorer(embedder);
    for (const [name, cosines] of Object.entries(expected.cosines))
      for (const [i, { text }] of expected.texts.entries()) {
        const figure = { ...figureWith({ caption: text }), sha256: name };
        const input = { figure, paper, image: pictureOf(name), figure_text: null, caption: "raw", text };
        const { scores } = await scorer.score(input, { signal });
        expect(Math.abs(scores[0]!.value! - cosines[i]!), `${name}: ${text}`).toBeLessThan(1e-5);
      }
  });

  test("whatever stands beside them in a batch", async () => {
    const texts = expected.texts.map(({ text }) => text);
    const together = await embedder.texts([...texts, ...texts.map((text) => `${text} and more`)], { signal });
    for (const [i, text] of texts.entries()) {
      const [alone] = await embedder.texts([text], { signal });
      expect(farthest(alone!.vector, together[i]!.vector)).toBeLessThan(1e-5);
    }
  });
});

const pictureOf = (name: string): string => join(MODELS, "pictures", `${name}.png`);

const farthest = (a: ArrayLike<number>, b: readonly number[] | Float32Array): number =>
  a.length === b.length ? Math.max(...Array.from(b, (value, i) => Math.abs(value - a[i]!))) : Infinity;
