import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { synthesize } from "../../../support/synthetic/dataset.js";
import { asked, lookAt, writeScores } from "./samples.js";

let folder: string;
let ids: string[];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "figloom-rows-"));
  ids = (await synthesize(folder, { figures: 23 })).map(({ figure_id }) => figure_id);
  await writeScores(folder, "support", Object.fromEntries(ids.slice(0, 20).map((id, i) => [id, i / 20])));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test("a dataset says what it holds and which columns there are", async () => {
  const about = await lookAt(folder).ask("about", {});
  expect(about).toMatchObject({ figures: 23, tables: 0, papers: 5, captions: ["raw"], metrics: ["support"] });
  expect(about.columns).toContainEqual({
    ref: "score.support@raw",
    label: "support of raw captions",
    kind: "number",
  });
});

test("rows come in the papers' order, and any stretch of them can be asked for", async () => {
  const page = lookAt(folder);
  expect(await page.ask("rows", asked())).toEqual({ total: 23, groups: null });
  expect(await page.ask("ids", { ...asked(), from: 0, count: 100 })).toEqual(ids);
  const tiles = await page.ask("tiles", { ...asked(), from: 20, count: 60 });
  expect(tiles.map(({ figure_id }) => figure_id)).toEqual(ids.slice(20));
});

test("a query sorts, searches and chooses by condition", async () => {
  const page = lookAt(folder);
  const sorted = asked({ sort: { column: "score.support@raw", descending: true } });
  expect(await page.ask("ids", { ...sorted, from: 0, count: 3 })).toEqual([ids[19], ids[18], ids[17]]);
  expect(await page.ask("ids", { ...sorted, from: 19, count: 9 })).toEqual([ids[0], ...ids.slice(20)]);
  const chosen = asked({ where: "figure_id IN (SELECT figure_id FROM scores WHERE value < 0.1)" });
  expect(await page.ask("ids", { ...chosen, from: 0, count: 9 })).toEqual(ids.slice(0, 2));
  expect(await page.ask("locate", { ...sorted, figure_id: ids[19]! })).toBe(0);
  expect(await page.ask("locate", { ...chosen, figure_id: ids[19]! })).toBeNull();
});

test("a view is narrowed by what the others select, and not by its own clause", async () => {
  const [page, other] = [lookAt(folder), lookAt(folder)];
  const heard: unknown[] = [];
  other.on("selection", (parts) => heard.push(parts));
  await other.ask("rows", asked());
  const clause = { kind: "range", column: "score.support@raw", from: 0.2, to: 0.3 } as const;
  await page.ask("select", { source: "plot", label: "support 0.2 to 0.3", clause });
  expect(await other.ask("ids", { ...asked({}, "grid"), from: 0, count: 9 })).toEqual(ids.slice(4, 7));
  expect((await other.ask("rows", asked({}, "plot"))).total).toBe(23);
  expect((await other.ask("rows", asked({ linked: false }))).total).toBe(23);
  expect(heard).toHaveLength(1);
  await page.ask("clearSelection", {});
  expect((await other.ask("rows", asked())).total).toBe(23);
});
