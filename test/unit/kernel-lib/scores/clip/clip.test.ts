import { mkdir, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  clip,
  clipScorer,
  type ClipDetail,
  type ClipSentencesDetail,
} from "../../../../../kernel-lib/src/scores/clip/clip.js";
import type { Embedder, TextVector } from "../../../../../kernel-lib/src/scores/clip/embedder.js";
import { localEmbedder } from "../../../../../kernel-lib/src/scores/clip/local.js";
import { scorerOf } from "../../../../../kernel-lib/src/scores/named.js";
import type { ScoreInput } from "../../../../../kernel-lib/src/scores/scorer.js";
import { bundleModelProgram, MODELS } from "../../../../support/model-program.js";
import { figureWith, paper } from "../../captions/papers.js";
import { freshFolder } from "../../../../support/fresh-folder.js";

const signal = new AbortController().signal;
const READ = 8;

/** Reads eight words; the vector of a text tells how many of them are "good", that of a picture points there. */
class Words implements Embedder {
  readonly id = "words@1";
  readonly concurrency = 2;
  readonly device = "test";
  readonly asked: string[] = [];
  readonly pictures: string[] = [];
  identify = () => Promise.resolve();
  ready = () => Promise.resolve();
  close = () => Promise.resolve();
  image(path: string): Promise<Float32Array> {
    this.pictures.push(path);
    return Promise.resolve(Float32Array.of(1, 0));
  }
  texts(texts: readonly string[]): Promise<TextVector[]> {
    this.asked.push(...texts);
    return Promise.resolve(
      texts.map((text) => {
        const words = text.match(/[\p{L}\d]+/gu) ?? [];
        const seen = words.slice(0, READ);
        const share = seen.filter((word) => /good/i.test(word)).length / Math.max(1, seen.length);
        const vector = Float32Array.of(share, Math.sqrt(1 - share * share));
        return { vector, tokens: words.length, cut: words.length - seen.length };
      }),
    );
  }
}

const inputOf = (text: string, over: Partial<ScoreInput> = {}): ScoreInput => ({
  figure: { ...figureWith({ caption: text }), sha256: "aa" },
  paper,
  image: "/dataset/a.png",
  figure_text: null,
  caption: "raw",
  text,
  ...over,
});

async function scoresOf(text: string, embedder = new Words()) {
  const { scores, embeddings } = await clipScorer(embedder).score(inputOf(text), { signal });
  const [whole, sentences, best] = scores;
  return {
    values: scores.map(({ value }) => value),
    truncated: scores.map(({ truncated }) => truncated),
    whole: JSON.parse(whole!.detail!) as ClipDetail,
    sentences: (JSON.parse(sentences!.detail!) as ClipSentencesDetail).sentences,
    best: (JSON.parse(best!.detail!) as ClipSentencesDetail).sentences,
    ...{ scores, embeddings, embedder },
  };
}

describe("a caption", () => {
  test("has a cosine as a whole, the mean of its sentences' and the best", async () => {
    const text = "All good good good. Nothing of that here, sorry.";
    const { values, scores, whole, sentences, best, embeddings } = await scoresOf(text);
    expect(values[0]).toBeCloseTo(3 / 8);
    expect(values[1]).toBeCloseTo((3 / 4 + 0) / 2);
    expect(values[2]).toBeCloseTo(3 / 4);
    expect(scores.map(({ metric }) => metric)).toEqual(["clip", "clip-sentences", "clip-best"]);
    expect(scores[0]).toMatchObject({
      figure_id: "p#fig3",
      caption: "raw",
      scorer: "words@1",
      scorer_version: 1,
    });
    expect(whole).toEqual({ clipscore: 2.5 * values[0]!, tokens: 9, cut: 1, device: "test" });
    expect(sentences.map(({ span }) => text.slice(...span))).toEqual([
      "All good good good.",
      "Nothing of that here, sorry.",
    ]);
    expect(best).toEqual([sentences[0]]);
    const of = { figure_id: "p#fig3", model: "words@1" };
    expect(embeddings).toEqual([
      { ...of, caption: null, sha256: "aa", vector: [1, 0] },
      { ...of, caption: "raw", sha256: null, vector: [0.375, expect.closeTo(0.927, 3)] },
    ]);
  });

  test("that is longer than the model reads is told to be cut off, and is still judged whole by its sentences", async () => {
    const text = `${"Bad ".repeat(8).trim()}. ${"Good ".repeat(8).trim()}.`;
    const { values, truncated } = await scoresOf(text);
    expect(values).toEqual([0, 0.5, 1]);
    expect(truncated).toEqual([0.5, 0, 0]);
  });

  test("of one sentence is asked about once", async () => {
    const { values, embedder } = await scoresOf("One good sentence here.");
    expect(embedder.asked).toEqual(["One good sentence here."]);
    expect(new Set(values).size).toBe(1);
  });

  test("with a sentence that is longer than the model reads is cut between words into parts that fit", async () => {
    const text = `Short one. Then ${"bad ".repeat(9)}${"good ".repeat(9)}end.`;
    const { sentences } = await scoresOf(text);
    const parts = sentences.map(({ span }) => text.slice(...span));
    expect(parts[0]).toBe("Short one.");
    expect(parts.slice(1).join(" ")).toBe(text.slice("Short one. ".length));
    expect(parts.length).toBe(4);
    for (const part of parts) expect(part.split(" ").length).toBeLessThanOrEqual(READ);
  });

  test("of one endless word is cut somewhere, and not through a character of two halves", async () => {
    const text = "𝛼a".repeat(40);
    const characters: Embedder = new (class extends Words {
      override async texts(texts: readonly string[]): Promise<TextVector[]> {
        const made = await super.texts(texts);
        return made.map((one, i) => {
          const tokens = [...texts[i]!].length;
          return { ...one, tokens, cut: Math.max(0, tokens - READ) };
        });
      }
    })();
    const { sentences } = await scoresOf(text, characters as Words);
    const parts = sentences.map(({ span }) => text.slice(...span));
    expect(parts.join("")).toBe(text);
    expect(parts.every((part) => [...part].every((sign) => sign === "𝛼" || sign === "a"))).toBe(true);
    expect(parts.every((part) => [...part].length <= READ)).toBe(true);
  });

  test.each([
    ["without words", ""],
    ["of white space", "  \n"],
    ["of signs that the model passes over", "… — !"],
  ])("%s has no value", async (_name, text) => {
    const { values, truncated, embeddings } = await scoresOf(text);
    expect(values).toEqual([null, null, null]);
    expect(truncated).toEqual([0, 0, 0]);
    expect(embeddings).toHaveLength(1);
  });

  test("of absurd length is read up to a limit, and what is beyond counts as cut off", async () => {
    const { truncated } = await scoresOf("good ".repeat(20_000));
    expect(truncated[0]).toBeGreaterThan(0.999);
    expect(truncated[1]).toBeCloseTo(1 - 32_768 / 100_000);
  });
});

test("a picture is embedded once for all captions of its figure, and its vector given once", async () => {
  const embedder = new Words();
  const scorer = clipScorer(embedder);
  const made = await Promise.all(
    ["raw", "context", "terse"].map((caption) => scorer.score(inputOf("Good.", { caption }), { signal })),
  );
  expect(embedder.pictures).toEqual(["/dataset/a.png"]);
  expect(made.flatMap(({ embeddings }) => embeddings!.map(({ caption }) => caption))).toEqual([
    null,
    "raw",
    "context",
    "terse",
  ]);
});

test("every figure has a vector of its picture, also of one that another figure has too", async () => {
  const embedder = new Words();
  const scorer = clipScorer(embedder);
  const figures = ["p#fig1", "p#fig2"].map((figure_id) => ({ ...inputOf("Good.").figure, figure_id }));
  const made = await Promise.all(
    figures.map((figure) => scorer.score(inputOf("Good.", { figure }), { signal })),
  );
  expect(embedder.pictures).toHaveLength(1);
  expect(made.map(({ embeddings }) => embeddings!.map(({ caption }) => caption))).toEqual([
    [null, "raw"],
    [null, "raw"],
  ]);
});

test("a picture whose vector is kept is not embedded, nor its vector kept again", async () => {
  const embedder = new Words();
  const kept = { picture_vector: [0, 1] };
  const { scores, embeddings } = await clipScorer(embedder).score(inputOf("Good.", kept), { signal });
  expect([scores[0]!.value, embeddings!.map(({ caption }) => caption)]).toEqual([0, ["raw"]]);
  expect(embedder.pictures).toEqual([]);
  const longer = inputOf("Good.", { picture_vector: [0, 1, 0] });
  await expect(clipScorer(embedder).score(longer, { signal })).rejects.toMatchObject({
    reason: "vector-of-another-model",
  });
});

test("a figure without a picture is refused, with the reason", async () => {
  const figure = { ...figureWith({ caption: "A." }), image_missing: "the file is not in the source" };
  await expect(
    clipScorer(new Words()).score(inputOf("A.", { figure, image: null }), { signal }),
  ).rejects.toMatchObject({
    name: "ItemError",
    reason: "image-missing",
    message: expect.stringContaining("the file is not in the source") as string,
  });
});

describe("by name", () => {
  test("it takes a model and another name, and can be made anew of its specification", () => {
    const scorer = scorerOf({ kind: "clip", options: { model: "siglip-b16-224", as: "siglip" } });
    expect([scorer.metric, ...scorer.also!]).toEqual(["siglip", "siglip-sentences", "siglip-best"]);
    expect(scorerOf(scorer.spec!).spec).toEqual(scorer.spec);
  });

  test("it refuses options that it does not have", () => {
    expect(() => scorerOf({ kind: "clip", options: { modle: "x" } })).toThrow('"clip" has no option "modle"');
  });

  test("a model that is not there is told with the command that gets it", async () => {
    await expect(clip({ model: "clip-l14" }).identify!({})).rejects.toMatchObject({
      name: "ConfigurationError",
      message: expect.stringContaining("figloom models get clip-l14") as string,
    });
  });
});

describe("on this machine", () => {
  let embedder: Embedder;
  let program: string;
  beforeAll(async () => {
    program = await bundleModelProgram("clip");
    embedder = localEmbedder(join(MODELS, "clip"), { program, threads: 1 });
    await embedder.ready({ signal, folder: MODELS });
  });
  afterAll(() => embedder.close());

  test("a model goes by its name, revision and digest", () => {
    expect(embedder.id).toMatch(/^clip@local sha256:[0-9a-f]{12}$/);
    expect(embedder.device).toBe("cpu");
  });

  test("is ready for all who ask at the same time, with one look at the model, and again after it was closed", async () => {
    const own = localEmbedder(join(MODELS, "clip"), { program, threads: 1 });
    const warned: Error[] = [];
    const listen = (warning: Error) => warned.push(warning);
    process.on("warning", listen);
    const asked = Array.from({ length: 64 }, async (_, i) => {
      await own.ready({ signal, folder: MODELS });
      return own.texts([`text ${i}`, "and more"], { signal });
    });
    expect(await Promise.all(asked)).toHaveLength(64);
    await own.close();
    await own.ready({ signal, folder: MODELS });
    expect(await own.texts(["text"], { signal })).toHaveLength(1);
    await own.close();
    process.off("warning", listen);
    expect(warned).toEqual([]);
  });

  test("a picture that cannot be read fails alone", async () => {
    const folder = await freshFolder();
    await embedder.ready({ signal, folder });
    const broken = join(folder, "images", "broken.png");
    await mkdir(dirname(broken));
    await writeFile(broken, "\x89PNG and nothing more");
    await symlink(join(MODELS, "pictures/lines.png"), join(folder, "images", "outside.png"));
    await expect(embedder.image(broken, { signal })).rejects.toMatchObject({ reason: "picture-unreadable" });
    await expect(embedder.image(join(folder, "images", "outside.png"), { signal })).rejects.toMatchObject({
      reason: "image-outside",
    });
    await embedder.ready({ signal, folder: MODELS });
    expect(await embedder.image(join(MODELS, "pictures/lines.png"), { signal })).toHaveLength(24);
  });
});
