import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { Dataset } from "../../../../kernel-lib/src/dataset/store.js";
import { freshFolder } from "../../../support/fresh-folder.js";
import { sampleFigure, samplePaper } from "../dataset/samples.js";
import { lookAt } from "./samples.js";

let folder: string;
beforeEach(async () => {
  folder = join(await freshFolder(), "d");
  await ingest({ p2: ["aa", "bb", null], p1: ["cc", "aa", "dd"], p3: ["bb"] });
  const dataset = await Dataset.open(folder);
  await dataset.write({ stage: "compare", stage_version: 1 }, async ({ append }) => {
    for (const [first, second, likeness] of [
      ["aa", "cc", 0.9],
      ["aa", "dd", 0.95],
      ["bb", "cc", 0.8],
    ] as const)
      await append({ key: first + second, likeness: { first, second, likeness } });
  });
});

/** Papers whose pictures have these hashes. */
async function ingest(papers: Record<string, (string | null)[]>): Promise<void> {
  const dataset = await Dataset.openOrCreate(folder);
  await dataset.write({ stage: "ingest", stage_version: 1 }, async ({ append }) => {
    for (const [paper_id, hashes] of Object.entries(papers))
      await append({
        key: `${paper_id} ${hashes.join()}`,
        paper: samplePaper(paper_id),
        figures: hashes.map((sha256, i) => sampleFigure(paper_id, i, { sha256 })),
      });
  });
}

const duplicatesOf = async (figure_id: string) =>
  (await lookAt(folder).ask("duplicates", { figure_id })).map((tile) => tile.figure_id);

test("exact copies come first, then near ones, the likest first", async () => {
  expect(await duplicatesOf("p2#fig1")).toEqual(["p1#fig2", "p1#fig3", "p1#fig1"]);
  expect(await duplicatesOf("p1#fig1")).toEqual(["p1#fig2", "p2#fig1", "p2#fig2", "p3#fig1"]);
});

test("figures without a picture, and such as there are not, have none", async () => {
  expect(await duplicatesOf("p2#fig3")).toEqual([]);
  expect(await duplicatesOf("p9#fig1")).toEqual([]);
});

test("pictures that a paper had before it was read again are no copies", async () => {
  await ingest({ p1: ["ee", "ff", "bb"] });
  expect(await duplicatesOf("p2#fig1")).toEqual([]);
  expect(await duplicatesOf("p3#fig1")).toEqual(["p1#fig3", "p2#fig2"]);
});
