import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { reading } from "../../../../kernel-lib/src/dataset/query.js";
import type { Embedding, Score } from "../../../../kernel-lib/src/model.js";
import { MODELS } from "../../../support/model-program.js";
import { bundleCommand, run } from "./bundle.js";
import { writePapers } from "./papers.js";

let command: string;
let folder: string;
let dataset: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "figloom-clip-"));
  dataset = join(folder, "dataset");
  command = await bundleCommand();
  await writePapers(join(folder, "papers"), 2);
  expect(await run(command, ["ingest", join(folder, "papers"), "--out", dataset])).toMatchObject({ code: 0 });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const score = (model: string) => run(command, ["score", dataset, "--metrics", "clip", "--clip", model]);

test("captions are compared with their pictures, and the vectors are kept", async () => {
  expect(await score(join(MODELS, "clip"))).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/clip: 5 captions measured, 0 quarantined/) as string,
  });
  const { scores, embeddings } = await reading(dataset, async (reader) => ({
    scores: await reader.all<Score>("SELECT * FROM scores"),
    embeddings: await reader.all<Embedding>("SELECT * FROM embeddings"),
  }));
  expect(scores).toHaveLength(15);
  for (const { metric, value, scorer, truncated } of scores) {
    expect(metric).toMatch(/^clip(-sentences|-best)?$/);
    expect(Math.abs(value!)).toBeLessThan(1);
    expect(scorer).toMatch(/^clip@local sha256:/);
    expect(truncated).toBe(0);
  }
  // Some of the pictures are the same.
  expect(embeddings.filter(({ caption }) => caption === null)).toHaveLength(5);
  expect(embeddings.filter(({ caption }) => caption === "raw")).toHaveLength(5);
  for (const { vector, model } of embeddings) {
    expect(Math.hypot(...vector)).toBeCloseTo(1, 5);
    expect(model).toBe(scores[0]!.scorer);
  }
});

test("what was measured is not measured again", async () => {
  expect(await score(join(MODELS, "clip"))).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/clip: 0 captions measured \(and 5 before\)/) as string,
  });
});

test("another model is not mixed in", async () => {
  expect(await score(join(MODELS, "siglip"))).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("would mix its own with them") as string,
  });
});

test("a folder that holds no model stops before work starts", async () => {
  expect(await score(folder)).toMatchObject({ code: 2, stderr: expect.stringContaining(folder) as string });
});
