import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { reading } from "../../../../kernel-lib/src/dataset/query.js";
import { Dataset } from "../../../../kernel-lib/src/dataset/store.js";
import type { Features } from "../../../../kernel-lib/src/maps/features.js";
import { look } from "../../../../kernel-lib/src/maps/look.js";
import { makeMap } from "../../../../kernel-lib/src/maps/make.js";
import { mapNames, readRecord, recordText } from "../../../../kernel-lib/src/dataset/maps.js";
import { vectorFeatures } from "../../../../kernel-lib/src/maps/vectors.js";
import { sampleScore } from "../dataset/samples.js";
import { synthesize } from "../../../support/synthetic/dataset.js";

const signal = new AbortController().signal;
const quiet = { signal, onProgress: () => undefined };
let folder: string;

/** Numbers made of the id, in four groups by its last digit; counts how often it was asked. */
function planted(version = 1): Features & { asked: string[] } {
  const asked: string[] = [];
  return {
    name: "planted",
    version,
    description: "numbers made for a test",
    dimensions: 6,
    asked,
    async of(_folder, { figure_id }) {
      asked.push(figure_id);
      const digits = [...figure_id].map((letter) => letter.charCodeAt(0));
      if (digits.at(-1) === 53) return null;
      return Float32Array.from({ length: 6 }, (_, i) => digits.at(-1 - i)! + 5 * (digits.at(-1)! % 4));
    },
  };
}

interface Row {
  figure_id: string;
  x: number | null;
  y: number | null;
}
const placesOf = (name: string) =>
  reading(folder, (reader) =>
    reader.all<Row>("SELECT figure_id, x, y FROM maps WHERE map = $1 ORDER BY figure_id", [name]),
  );

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "figloom-maps-"));
  await synthesize(folder, { figures: 40 });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("a map of a dataset", () => {
  test("is made once, found again, and made anew when the features change", async () => {
    const features = planted();
    const first = await makeMap(folder, { features, ...quiet });
    expect(first.record).toMatchObject({ name: "planted", method: "umap", fitted: 32, without: 8, seed: 1 });
    expect(first.placed).toBe(32);
    expect(features.asked).toHaveLength(40);
    const places = await placesOf("planted");
    expect(places).toHaveLength(40);
    expect(places.filter(({ x }) => x === null)).toHaveLength(8);
    expect(recordText(first.record)).toContain("UMAP of 32 figures, seed 1");

    const again = await makeMap(folder, { features, ...quiet });
    expect(again).toEqual({ record: first.record, placed: 0 });
    expect(features.asked).toHaveLength(40);

    const other = await makeMap(folder, { features: planted(2), ...quiet });
    expect(other.record.made).not.toBe(first.record.made);
    expect(await placesOf("planted")).toEqual(places);
  });

  test("by another method or seed stands beside it", async () => {
    const { record } = await makeMap(folder, { features: planted(), method: "pca", seed: 3, ...quiet });
    expect(record).toMatchObject({ name: "planted-pca-s3", method: "pca" });
    expect(record.variance).toBeGreaterThan(0.5);
    expect(await mapNames(folder)).toContain("planted-pca-s3");
  });

  test("takes new figures in and leaves the others where they are", async () => {
    const features: Features = { ...planted(), name: "growing" };
    const lay = (method: "umap" | "pca") => makeMap(folder, { features, method, ...quiet });
    await lay("umap");
    await lay("pca");
    const [umap, pca] = [await placesOf("growing-umap"), await placesOf("growing-pca")];
    // The same dataset with five papers more: those that were there come again as other runs.
    await synthesize(folder, { figures: 5, seed: 9 });
    const { record, placed } = await lay("umap");
    expect(record.placed).toBe(placed);
    expect(placed).toBe(4);
    const now = await placesOf("growing-umap");
    expect(now).toHaveLength(40);
    expect(now.filter(({ figure_id }) => !figure_id.startsWith("paper-000000"))).toEqual(
      umap.filter(({ figure_id }) => !figure_id.startsWith("paper-000000")),
    );
    await lay("pca");
    const projected = await placesOf("growing-pca");
    projected.forEach(({ x }, i) => {
      if (x !== null) expect(x).toBeCloseTo(pca[i]!.x!, 4);
      else expect(pca[i]!.x).toBeNull();
    });
  });

  test("by look needs no check and no model", async () => {
    const { record } = await makeMap(folder, { features: look, ...quiet });
    const places = await placesOf("look");
    const withPictures = places.filter(({ x }) => x !== null).length;
    expect(record.fitted).toBe(withPictures);
    expect(record.fitted + record.without).toBe(40);
  });

  test("whose record is broken is made anew", async () => {
    const features = planted();
    const file = join(folder, "maps", "planted.json");
    const kept = await readRecord(folder, "planted");
    await writeFile(file, (await readFile(file, "utf8")).slice(0, 40));
    expect(await readRecord(folder, "planted")).toBeNull();
    const { record } = await makeMap(folder, { features, ...quiet });
    expect(record.made).not.toBe(kept!.made);
    expect(record.method).toBe(kept!.method);
  });

  test("says what to do where nothing can be laid out, and which names and seeds are none", async () => {
    const nothing: Features = { ...planted(), name: "nothing", of: async () => null };
    await expect(makeMap(folder, { features: nothing, ...quiet })).rejects.toThrow(
      /No figure of .* has nothing/,
    );
    await expect(makeMap(folder, { features: nothing, seed: 0.5, ...quiet })).rejects.toThrow("whole number");
    await expect(makeMap(folder, { features: { ...nothing, name: "../x" }, ...quiet })).rejects.toThrow(
      "cannot name a map",
    );
  });

  test("ends when it is told to, and leaves no half map", async () => {
    const controller = new AbortController();
    const features: Features = { ...planted(), name: "cut" };
    const work = makeMap(folder, {
      features,
      signal: controller.signal,
      onProgress: ({ done }) => {
        if (done === 10) controller.abort();
      },
    });
    await expect(work).rejects.toThrow(/abort/i);
    expect(await mapNames(folder)).not.toContain("cut");
  });
});

describe("a map by the vectors of a metric", () => {
  const [near, far] = [
    [1, 0, 0, 0],
    [0, 0, 1, 0],
  ];

  /** Vectors in two places, by the last digit; of some figures none. */
  async function measure(scorer: string): Promise<void> {
    const dataset = await Dataset.open(folder);
    const ids = await reading(folder, (reader) =>
      reader.all<{ figure_id: string }>("SELECT figure_id FROM figures ORDER BY figure_id"),
    );
    await dataset.write({ stage: "score", stage_version: 1, shelf: "clip" }, async (writer) => {
      for (const { figure_id } of ids.slice(0, 30)) {
        const about = { metric: "clip", scorer, value: 0.3 };
        const vector = /[02468]$/.test(figure_id) ? near! : far!;
        await writer.append({
          key: `${scorer} ${figure_id}`,
          scores: [sampleScore(figure_id, about)],
          embeddings: [{ figure_id, caption: null, sha256: null, model: scorer, vector }],
        });
      }
    });
  }
  const features = (metric = "clip") => reading(folder, (reader) => vectorFeatures(reader, metric));

  test("says what makes them where there are none", async () => {
    await expect(features()).rejects.toThrow(
      'No picture has a vector of "clip": lab.score(["clip"]) makes them',
    );
  });

  test("has a place for each figure that was measured, alike ones side by side, and is another with another model", async () => {
    await measure("eye@1");
    const first = await makeMap(folder, { features: await features(), method: "pca", ...quiet });
    expect(first.record).toMatchObject({ fitted: 30, features: { name: "clip", dimensions: 4 } });
    expect(first.record.features.description).toBe("vectors of pictures by eye@1");
    const places = (await placesOf(first.record.name)).filter(({ x }) => x !== null);
    const sides = new Map(places.map(({ figure_id, x }) => [figure_id, Math.sign(x!)]));
    const sideOf = (pattern: RegExp) =>
      new Set([...sides].filter(([id]) => pattern.test(id)).map(([, side]) => side));
    const [even, odd] = [sideOf(/[02468]$/), sideOf(/[13579]$/)];
    expect([even.size, odd.size]).toEqual([1, 1]);
    expect([...even][0]).toBe(-[...odd][0]!);

    await measure("eye@2");
    const second = await makeMap(folder, { features: await features(), method: "pca", ...quiet });
    expect(second.record.made).not.toBe(first.record.made);
    expect(second.record.features.description).toBe("vectors of pictures by eye@2");
  });
});
