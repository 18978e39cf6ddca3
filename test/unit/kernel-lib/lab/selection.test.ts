import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { openLab, type Lab } from "../../../../kernel-lib/src/lab/lab.js";
import { kernelState } from "../../../../kernel-lib/src/kernel/state.js";
import { gainRef } from "../../../../kernel-lib/src/views/diff-query.js";
import { GALLERY_MIME, type GalleryView } from "../../../../kernel-lib/src/views/protocol.js";
import type { Clause } from "../../../../kernel-lib/src/views/query.js";
import { synthesize } from "../../../support/synthetic/dataset.js";
import { lookAt, writeScores } from "../service/samples.js";

let folder: string;
let ids: string[];
let lab: Lab;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "figloom-selection-"));
  ids = (await synthesize(folder, { figures: 12 })).map(({ figure_id }) => figure_id);
  await writeScores(folder, "support", Object.fromEntries(ids.map((id, i) => [id, i / 10])));
  lab = await openLab(folder);
});
afterAll(() => rm(folder, { recursive: true, force: true }));
beforeEach(() => lab.clearSelection());

/** What a cell's views have shown. */
const shown: GalleryView[] = [];
beforeEach(() => {
  shown.length = 0;
  kernelState.newest = {
    signal: new AbortController().signal,
    listen: () => undefined,
    write: () => undefined,
    publish: (_type, content) => {
      const { data } = content as { data: Record<string, GalleryView> };
      if (data[GALLERY_MIME]) shown.push(data[GALLERY_MIME]);
    },
  };
});
afterEach(() => {
  kernelState.newest = undefined;
});

const select = (source: string, label: string, clause: Clause) =>
  lookAt(folder).ask("select", { source, label, clause });

const idsOf = async (where: string) => (await lab.figures({ where })).map(({ figure_id }) => figure_id);

test("where nothing is selected, the selection is every figure", async () => {
  const selection = await lab.selection();
  expect(selection).toMatchObject({ where: "true", figures: 12, parts: [] });
  expect(await idsOf(selection.where)).toHaveLength(12);
});

test("a selection is a condition that other verbs take", async () => {
  await select("plot", "support 0.2 to 0.8", {
    kind: "range",
    column: "score.support@raw",
    from: 0.2,
    to: 0.8,
  });
  await select("chips", "Physics", {
    kind: "values",
    column: "figure.discipline",
    values: ["Physics", null],
  });
  lab.select(ids.slice(4));
  const selection = await lab.selection();
  expect(selection.figures).toBe(5);
  expect(selection.parts).toHaveLength(3);
  expect(`${selection}`).toBe("5 figures (support 0.2 to 0.8 and Physics and 8 figures of a cell)");
  expect(await idsOf(selection.where)).toEqual(ids.slice(4, 9));
});

test("a polygon picks the same figures in the views and as a condition", async () => {
  const corners: [number, number][] = [
    [0.15, 0],
    [0.85, 0],
    [0.85, 400],
    [0.5, 100],
    [0.15, 400],
  ];
  await select("map", "drawn around", {
    kind: "polygon",
    x: "score.support@raw",
    y: "figure.height",
    corners,
  });
  const { where, figures } = await lab.selection();
  expect(figures).toBeGreaterThan(0);
  expect(figures).toBeLessThan(7);
  expect(await idsOf(where)).toHaveLength(figures);
});

test("the ends of a range are met in single precision, as the views have them", async () => {
  const ends = [0.3, 0.7].map(Math.fround) as [number, number];
  for (const [from, to] of [ends, [0.3, 0.7]]) {
    const clause = { kind: "range", column: "score.support@raw", from: from!, to: to! } as const;
    await select("plot", "support 0.3 to 0.7", clause);
    const { where, figures } = await lab.selection();
    expect(figures).toBe(5);
    expect(await idsOf(where)).toEqual(ids.slice(3, 8));
  }
});

test("a range of gains is a condition, too", async () => {
  await writeScores(folder, "support", Object.fromEntries(ids.map((id, i) => [id, 0.2 + i / 5])), "short");
  const clause = { kind: "range", column: gainRef("support", "raw", "short"), from: 0.7, to: 5 } as const;
  await select("gains", "rises by 0.7 or more", clause);
  const { where, figures } = await lab.selection();
  expect(figures).toBe(7);
  expect(await idsOf(where)).toEqual(ids.slice(5));
});

test("tags are told apart whatever stands in them", async () => {
  await lab.review([ids[1]!, ids[2]!], { addTags: ["dark, blurred", "it's odd"] });
  await lab.review([ids[3]!], { addTags: ["dark"] });
  for (const [values, found] of [
    [["dark"], [ids[3]]],
    [["dark, blurred"], [ids[1], ids[2]]],
    [["it's odd", "dark"], ids.slice(1, 4)],
    [[null], [ids[0], ...ids.slice(4)]],
  ] as [(string | null)[], string[]][]) {
    await select("chips", "tags", { kind: "values", column: "review.tags", values });
    const { where, figures } = await lab.selection();
    expect(await idsOf(where)).toEqual(found);
    expect(figures).toBe(found.length);
  }
});

test("a gallery sorts by a metric, and its output says what it was made from", async () => {
  await lab.gallery({ where: "width > 0", sort: { by: "support", descending: true }, limit: 2 });
  const [view] = shown;
  expect(view!.total).toBe(12);
  expect(view!.cards.map(({ figure_id }) => figure_id)).toEqual([ids[11], ids[10]]);
  expect(view!.live).toMatchObject({
    dataset: folder,
    query: { where: "width > 0", sort: { column: "score.support@raw", descending: true }, floats: "figure" },
  });
  await expect(lab.gallery({ sort: "beauty" })).rejects.toThrow(/"beauty".*score\.support@raw/);
});

test("figures are shown by their ids, whatever is selected", async () => {
  lab.select([ids[0]!]);
  await lab.figure(ids[3]!);
  expect(shown[0]!.cards.map(({ figure_id }) => figure_id)).toEqual([ids[3]]);
  expect(shown[0]!.live!.query.linked).toBe(false);
});
