import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { synthesize } from "../../../support/synthetic/dataset.js";
import { asked, lookAt, writeScores } from "./samples.js";

let folder: string;
let link: ReturnType<typeof lookAt>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "figloom-views-"));
  await synthesize(folder, { figures: 20 });
  link = lookAt(folder);
  const [one, two] = await link.ask("ids", { ...asked(), from: 0, count: 2 });
  await writeScores(folder, "clip", { [one!]: 0.2, [two!]: 0.6 });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test("a page without an output gets a histogram of a metric, of lengths and of a column", async () => {
  const view = await link.ask("histogramView", { metric: "clip" });
  expect(view.series.map(({ name, n }) => [name, n])).toEqual([["raw", 2]]);
  expect(view.live?.dataset).toBe(folder);
  expect((await link.ask("histogramView", { metric: "length" })).series[0]!.n).toBe(20);
  expect((await link.ask("histogramView", { metric: "figure.width" })).series[0]!.n).toBe(20);
  await expect(link.ask("histogramView", { metric: "nonsense" })).rejects.toThrow("nonsense");
});

test("a page without an output gets a map by columns", async () => {
  const columns = { x: "figure.width", y: "length.raw", colour: null };
  const view = await link.ask("mapView", columns);
  expect([view.placed, view.without]).toEqual([20, 0]);
  expect(view.x.label).toBe("width (pixels)");
  expect(view.live?.dataset).toBe(folder);
});

test("columns that are none are refused, whatever file they may name", async () => {
  for (const name of ["../../secret", "look", "<script>"])
    await expect(
      link.ask("mapView", { x: `map.${name}.x`, y: `map.${name}.y`, colour: null }),
    ).rejects.toMatchObject({ kind: "configuration" });
});
