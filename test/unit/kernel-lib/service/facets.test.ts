import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { Reviews } from "../../../../kernel-lib/src/dataset/reviews/reviews.js";
import { listRuns, type RunInfo } from "../../../../kernel-lib/src/dataset/runs.js";
import { Dataset } from "../../../../kernel-lib/src/dataset/store.js";
import type { Clause } from "../../../../kernel-lib/src/views/query.js";
import { freshFolder } from "../../../support/fresh-folder.js";
import { sampleFigure, samplePaper } from "../dataset/samples.js";
import { asked, lookAt } from "./samples.js";

const FIGURES = ["p1#fig1", "p1#fig2", "p2#fig1", "p2#fig2", "p3#fig1"] as const;
const [A, B, C, D, E] = FIGURES;

let folder: string;
let page: ReturnType<typeof lookAt>;
beforeEach(async () => {
  const dataset = await Dataset.openOrCreate(join(await freshFolder(), "d"));
  folder = dataset.folder;
  await dataset.write({ stage: "ingest", stage_version: 1 }, async ({ append }) => {
    for (const [paper_id, discipline, figures] of [
      ["p1", "Astronomy", 2],
      ["p2", "Physics", 2],
      ["p3", null, 1],
    ] as const)
      await append({
        key: paper_id,
        paper: samplePaper(paper_id, { discipline }),
        figures: Array.from({ length: figures }, (_, i) => sampleFigure(paper_id, i)),
      });
  });
  page = lookAt(folder);
});

const facets = (column: string, query = {}, source = "test") =>
  page.ask("facets", { ...asked(query, source), column });
const idsFor = async (clause: Clause) => {
  await page.ask("select", { source: "chips", label: "chosen", clause });
  return page.ask("ids", { ...asked(), from: 0, count: 100 });
};

/** What a check says of figures; `D` was not found fault with. */
async function judge(): Promise<void> {
  const [{ run: figure_run }] = (await listRuns(folder)) as [RunInfo];
  const dataset = await Dataset.open(folder);
  await dataset.write({ stage: "judge", stage_version: 1 }, async ({ append }) => {
    for (const [figure_id, flags] of [
      [A, ["small", "blank, or nearly"]],
      [B, ["small"]],
      [D, []],
    ] as const)
      await append({
        key: figure_id,
        judgement: {
          figure_id,
          figure_run,
          language: "en",
          marks: flags.map((flag) => ({ flag, reason: "", value: null, limit: null, of: null })),
        },
      });
  });
}

test("a category is counted among the rows of a query, most frequent first and none last", async () => {
  expect(await facets("figure.discipline")).toEqual([
    { value: "Astronomy", count: 2 },
    { value: "Physics", count: 2 },
    { value: null, count: 1 },
  ]);
  expect(await facets("figure.discipline", { where: "ordinal = 0" })).toEqual([
    { value: "Astronomy", count: 1 },
    { value: "Physics", count: 1 },
    { value: null, count: 1 },
  ]);
  expect(await facets("figure.discipline", { floats: "table" })).toEqual([]);
});

test("a selection narrows the counts of the others, and not those of its own view", async () => {
  await idsFor({ kind: "values", column: "figure.discipline", values: ["Physics", null] });
  expect(await facets("paper.paper_id")).toEqual([
    { value: "p2", count: 2 },
    { value: "p3", count: 1 },
  ]);
  expect(await facets("paper.paper_id", {}, "chips")).toHaveLength(3);
});

test("each tag counts for itself, whatever stands in it, and a clause finds figures that have it among others", async () => {
  const reviews = await Reviews.open(folder);
  await reviews.review([A, B], { addTags: ["blurred, dark", "it's odd"] });
  await reviews.review([B, C], { addTags: ["dark"] });
  expect(await facets("review.tags")).toEqual([
    { value: "blurred, dark", count: 2 },
    { value: "dark", count: 2 },
    { value: "it's odd", count: 2 },
    { value: null, count: 2 },
  ]);
  expect(await idsFor({ kind: "values", column: "review.tags", values: ["dark"] })).toEqual([B, C]);
  expect(await idsFor({ kind: "values", column: "review.tags", values: ["it's odd", null] })).toEqual([
    A,
    B,
    D,
    E,
  ]);
  const tiles = await page.ask("tiles", { ...asked(), from: 0, count: 9 });
  expect(tiles.map(({ tags }) => tags)).toEqual([
    ["blurred, dark", "it's odd"],
    ["blurred, dark", "dark", "it's odd"],
    [],
    [],
  ]);
});

test("tags are counted anew after a figure got one", async () => {
  expect(await facets("review.tags")).toEqual([{ value: null, count: 5 }]);
  await page.ask("review", { figure_ids: [C], addTags: ["good"] });
  expect(await facets("review.tags")).toEqual([
    { value: null, count: 4 },
    { value: "good", count: 1 },
  ]);
  expect(await idsFor({ kind: "values", column: "review.tags", values: ["good"] })).toEqual([C]);
});

test("each flag counts for itself, and tiles have them apart", async () => {
  await judge();
  expect(await facets("figure.flags")).toEqual([
    { value: null, count: 3 },
    { value: "small", count: 2 },
    { value: "blank, or nearly", count: 1 },
  ]);
  const tiles = await page.ask("tiles", { ...asked(), from: 0, count: 2 });
  expect(tiles.map(({ flags }) => flags)).toEqual([["small", "blank, or nearly"], ["small"]]);
});

test("a sort by a category has figures without a value last, either way", async () => {
  const sorted = (descending: boolean) =>
    page.ask("ids", { ...asked({ sort: { column: "figure.discipline", descending } }), from: 0, count: 9 });
  expect(await sorted(false)).toEqual([A, B, C, D, E]);
  expect(await sorted(true)).toEqual([C, D, A, B, E]);
});
