import { readFile } from "node:fs/promises";
import { within } from "../disk/files.js";
import { errorText, ItemError } from "../errors.js";
import type { Likeness } from "../model.js";
import type { CandidatePair } from "../quality/candidates.js";
import { likeness, LIKENESS_VERSION } from "../quality/likeness.js";
import { decodeSketch, trimmed, type Sketch } from "../quality/sketch.js";
import type { Stage } from "./stage.js";

/** Pictures kept decoded, some 2 MB each: the pairs of one picture follow each other. */
const KEPT = 24;

/** Compares two pictures of a dataset, each read from disk once as long as its pairs come together. */
export function compareStage<In extends Omit<CandidatePair, "total">>(folder: string): Stage<In, Likeness> {
  const kept = new Map<string, Promise<Sketch>>();
  const sketch = (sha256: string, path: string): Promise<Sketch> => {
    const known = kept.get(sha256) ?? readSketch(folder, path);
    kept.delete(sha256);
    kept.set(sha256, known);
    if (kept.size > KEPT) kept.delete(kept.keys().next().value!);
    return known;
  };
  return {
    name: "compare",
    version: LIKENESS_VERSION,
    key: ({ first_path, second_path }) => `${first_path} ${second_path}`,
    async run({ first, second, first_path, second_path }) {
      const [one, other] = await Promise.all([sketch(first, first_path), sketch(second, second_path)]);
      return { first, second, likeness: await likeness(one, other) };
    },
  };
}

async function readSketch(folder: string, path: string): Promise<Sketch> {
  try {
    const file = within(folder, path);
    if (file === null) throw new Error("its path leads out of the dataset");
    return trimmed(await decodeSketch(await readFile(file)));
  } catch (error) {
    throw new ItemError({
      reason: "picture-unreadable",
      message: `${path} could be read a moment ago and cannot be read now: ${errorText(error)}.`,
      wayOut: "Restore the file or ingest its paper again, then check again.",
      cause: error,
    });
  }
}
