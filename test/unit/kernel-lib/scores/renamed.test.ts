import { expect, test } from "vitest";
import { renamed } from "../../../../kernel-lib/src/scores/renamed.js";
import type { ScoreInput, Scorer } from "../../../../kernel-lib/src/scores/scorer.js";
import { sampleScore } from "../dataset/samples.js";

/** Knows its model only after it looked for it. */
class Likeness implements Scorer {
  readonly metric = "clip";
  readonly also = ["clip-best"];
  readonly version = 3;
  readonly spec = { kind: "clip", options: { model: "large" } };
  #id = "not known yet";

  get id(): string {
    return this.#id;
  }
  async identify(): Promise<void> {
    this.#id = "clip large@1";
  }
  async score({ figure }: ScoreInput) {
    const of = (metric: string) => sampleScore(figure.figure_id, { metric });
    return { scores: [of("clip"), of("clip-best")], embeddings: [] };
  }
}

const { signal } = new AbortController();
const input = { figure: { figure_id: "p1#fig1" } } as ScoreInput;

test("all of a scorer's metrics get the new name, and so does what makes it anew", async () => {
  const scorer = renamed(new Likeness(), "clip-l14");
  expect([scorer.metric, scorer.also]).toEqual(["clip-l14", ["clip-l14-best"]]);
  expect(scorer.spec).toEqual({ kind: "clip", options: { model: "large", as: "clip-l14" } });
  const { scores, embeddings } = await scorer.score(input, { signal });
  expect(scores.map(({ metric }) => metric)).toEqual(["clip-l14", "clip-l14-best"]);
  expect(embeddings).toEqual([]);
});

test("what the scorer learns later is known under the new name, too", async () => {
  const scorer = renamed(new Likeness(), "clip-l14");
  await scorer.identify!({});
  expect([scorer.id, scorer.version]).toEqual(["clip large@1", 3]);
});

test("without another name it is the scorer itself", () => {
  const scorer = new Likeness();
  expect(renamed(scorer, undefined)).toBe(scorer);
  expect(renamed(scorer, "clip")).toBe(scorer);
});
