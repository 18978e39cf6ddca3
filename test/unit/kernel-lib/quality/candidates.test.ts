import { createHash } from "node:crypto";
import { join } from "node:path";
import { expect, it } from "vitest";
import { Dataset } from "../../../../kernel-lib/src/dataset/store.js";
import { candidatePairs } from "../../../../kernel-lib/src/quality/candidates.js";
import { freshFolder } from "../../../support/fresh-folder.js";
import { collected, sampleEntry, sampleFigure } from "../dataset/samples.js";

/** 144 bits that hang on a name. */
const bitsOf = (name: string): bigint =>
  BigInt(`0x${createHash("sha256").update(name).digest("hex").slice(0, 36)}`);
const hex = (bits: bigint): string => bits.toString(16).padStart(36, "0");

/** A dataset whose pictures have these signatures, and the pairs that are found in it, as figure numbers. */
async function pairsAmong(signatures: bigint[]): Promise<[number, number][]> {
  const dataset = await Dataset.openOrCreate(join(await freshFolder(), "d"));
  const shaOf = (i: number) => createHash("sha256").update(`picture ${i}`).digest("hex");
  await dataset.write({ stage: "ingest", stage_version: 1 }, async (writer) => {
    const figures = signatures.map((_, i) =>
      sampleFigure("p1", i, { sha256: shaOf(i), image_path: `images/${i}.png` }),
    );
    await writer.append({ ...sampleEntry("p1", 0), figures });
  });
  await dataset.write({ stage: "measure", stage_version: 1 }, async (writer) => {
    await Promise.all(
      signatures.map((bits, i) =>
        writer.append({
          key: String(i),
          measurement: {
            figure_id: `p1#fig${i + 1}`,
            figure_run: "000001-ingest",
            image_bytes: 1,
            image_problem: null,
            entropy: 1,
            colours: 2,
            content: 0.1,
            signature: hex(bits),
            words: 1,
            prose: 1,
            commands: 0,
            language: null,
          },
        }),
      ),
    );
  });
  const reader = await dataset.read();
  try {
    const pairs = await collected(candidatePairs(reader));
    for (const { total } of pairs) expect(total).toBe(pairs.length);
    const number = new Map(signatures.map((_, i) => [shaOf(i), i]));
    return pairs.map(({ first, second }) => {
      expect(first < second).toBe(true);
      const [a, b] = [number.get(first)!, number.get(second)!];
      return a < b ? [a, b] : [b, a];
    });
  } finally {
    reader.close();
  }
}

it("pairs pictures whose signatures differ in few bits, and no others", async () => {
  const originals = Array.from({ length: 40 }, (_, i) => bitsOf(`original ${i}`));
  // Eight bits of 144, some among those that the tables go by.
  const copies = originals.map((bits, i) =>
    [3, 21, 47, 60, 90, 101, 110, 130].reduce(
      (all, bit) => all ^ (1n << BigInt(((bit + i) % 143) + 1)),
      bits,
    ),
  );
  const pairs = await pairsAmong([...originals, ...copies]);
  expect(pairs.sort(([a], [b]) => a - b)).toEqual(originals.map((_, i) => [i, i + 40]));
});

it("compares each of a crowd that looks the same with some only", async () => {
  const crowd = Array.from({ length: 400 }, () => bitsOf("template"));
  const pairs = await pairsAmong(crowd);
  expect(pairs.length).toBeLessThanOrEqual(400 * 8);
  // All but the first meet one that comes before them.
  expect(new Set(pairs.map(([, later]) => later)).size).toBe(399);
});

it("finds nothing where there is nothing to compare", async () => {
  expect(await pairsAmong([])).toEqual([]);
  expect(await pairsAmong([bitsOf("one")])).toEqual([]);
});
