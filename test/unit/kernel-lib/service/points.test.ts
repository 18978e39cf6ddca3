import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { look } from "../../../../kernel-lib/src/maps/look.js";
import { makeMap } from "../../../../kernel-lib/src/maps/make.js";
import { DatasetService } from "../../../../kernel-lib/src/service/dataset-service.js";
import type { DatasetEvents, DatasetMethods } from "../../../../kernel-lib/src/views/dataset-service.js";
import { bytesOf, floatsOf, NO_CLASS } from "../../../../kernel-lib/src/views/map.js";
import { EVERYTHING } from "../../../../kernel-lib/src/views/query.js";
import { inProcessLink, type InProcessLink } from "../../../support/in-process-link.js";
import { synthesize } from "../../../support/synthetic/dataset.js";

const FIGURES = 23;
const rows = { query: EVERYTHING, source: "map" };
const bySize = { ...rows, x: "figure.width", y: "figure.height" };
let folder: string;
let link: InProcessLink<DatasetMethods, DatasetEvents>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "figloom-points-"));
  await synthesize(folder, { figures: FIGURES });
  await makeMap(folder, {
    features: look,
    signal: new AbortController().signal,
    onProgress: () => undefined,
  });
  link = inProcessLink((emit) => DatasetService.of(folder).desk(emit));
});
afterAll(() => rm(folder, { recursive: true, force: true }));
beforeEach(async () => void (await link.ask("clearSelection", {})));

const selectedOf = async () => {
  const { count, bits } = await link.ask("selectedPoints", rows);
  const bytes = bytesOf(bits);
  return Array.from({ length: count }, (_, i) => i).filter((i) => (bytes[i >> 3]! >> (i & 7)) & 1);
};

describe("points of a map", () => {
  test("are the rows' values in their order, whatever the query sorts by", async () => {
    const points = await link.ask("points", { ...bySize, colour: null });
    const xy = floatsOf(points.xy);
    expect(points).toMatchObject({ count: FIGURES, total: FIGURES, stride: 1, colours: [], rest: null });
    // Sizes as the synthetic dataset makes them.
    expect([xy[0], xy[1], xy[8], xy[9]]).toEqual([96, 96, 96 + 4 * 37, 96 + 4 * 53]);
    const sorted = {
      ...EVERYTHING,
      sort: { column: "figure.width", descending: true },
      group: "paper" as const,
    };
    const again = await link.ask("points", { ...bySize, query: sorted, colour: null });
    expect(again.xy).toBe(points.xy);
    expect([...bytesOf(points.colour)]).toEqual(new Array(FIGURES).fill(NO_CLASS));
  });

  test("are only those that the condition picks", async () => {
    const query = { ...EVERYTHING, where: "paper_id = 'paper-000001'" };
    expect((await link.ask("points", { ...bySize, query, colour: null })).count).toBe(5);
  });

  test("lie where a kept layout has them", async () => {
    const asked = { ...rows, x: "map.look.x", y: "map.look.y", colour: null };
    const xy = floatsOf((await link.ask("points", asked)).xy);
    expect(xy.every(Number.isFinite)).toBe(true);
    expect(new Set(xy).size).toBeGreaterThan(FIGURES);
  });

  test("have colours of a category, the commonest first, and one for all others", async () => {
    const few = await link.ask("points", { ...bySize, colour: "figure.kind" });
    expect(few).toMatchObject({ colours: ["latex"], scale: "category", rest: null });
    const many = await link.ask("points", { ...bySize, colour: "figure.width" });
    expect(many.scale).toBe("number");
    const papers = await link.ask("points", { ...bySize, colour: "paper.paper_id" });
    expect(papers.colours).toEqual([0, 1, 2, 3, 4].map((i) => `paper-00000${i}`));
    expect([...bytesOf(papers.colour)].slice(3, 7)).toEqual([0, 0, 1, 1]);
  });

  test("have colours of a number in bins that are named", async () => {
    const points = await link.ask("points", { ...bySize, colour: "figure.width" });
    const widths = floatsOf(points.xy).filter((_, i) => i % 2 === 0);
    const borders = points.colours.slice(1).map((name) => Number(/^[\d.]+/.exec(name)![0]));
    expect(points.colours[0]).toBe(`below ${borders[0]}`);
    [...bytesOf(points.colour)].forEach((bin, i) =>
      expect(borders.filter((border) => widths[i]! >= border)).toHaveLength(bin),
    );
  });

  test("know what the others' selection leaves, and not what their own does", async () => {
    expect(await selectedOf()).toHaveLength(FIGURES);
    const clause = { kind: "range", column: "figure.width", from: 0, to: 97 } as const;
    await link.ask("select", { source: "histogram", label: "narrow", clause });
    expect(await selectedOf()).toEqual([0]);
    await link.ask("select", { source: "map", label: "mine", clause: { ...clause, to: 1 } });
    expect(await selectedOf()).toEqual([0]);
  });

  test("an outline selects the figures inside for the other views", async () => {
    const corners: [number, number][] = [
      [90, 90],
      [140, 90],
      [140, 160],
      [90, 160],
    ];
    const clause = { kind: "polygon" as const, x: "figure.width", y: "figure.height", corners };
    await link.ask("select", { source: "map", label: "drawn around", clause });
    const xy = floatsOf((await link.ask("points", { ...bySize, colour: null })).xy);
    const inside = Array.from({ length: FIGURES }, (_, i) => i).filter(
      (i) => xy[2 * i]! > 90 && xy[2 * i]! < 140 && xy[2 * i + 1]! > 90 && xy[2 * i + 1]! < 160,
    );
    expect(inside.length).toBeGreaterThan(1);
    expect((await link.ask("rows", { query: EVERYTHING, source: "gallery" })).total).toBe(inside.length);
  });

  test("are figures", async () => {
    const tile = await link.ask("pointFigure", { ...rows, point: 6 });
    expect(tile).toMatchObject({ figure_id: "paper-000001#fig2", paper_id: "paper-000001" });
    expect(await link.ask("pointFigure", { ...rows, point: 500 })).toBeNull();
  });

  test("of columns that there are not, or that are no numbers of points, are refused", async () => {
    const asked = { ...bySize, x: "figure.weight", colour: null };
    await expect(link.ask("points", asked)).rejects.toMatchObject({ kind: "configuration" });
    await expect(link.ask("pointFigure", { ...rows, point: -1 })).rejects.toThrow("cannot be asked");
    await expect(link.ask("points", { ...bySize, x: "figure.kind", colour: null })).rejects.toThrow(
      "no number",
    );
  });
});
