import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { openLab, type Lab } from "../../../../kernel-lib/src/lab/lab.js";
import { scoredDataset, type ScoredPair } from "../../../support/synthetic/scored.js";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { afterAll } from "vitest";

let printed = "";
beforeEach(() => {
  printed = "";
  vi.spyOn(process.stdout, "write").mockImplementation((text) => ((printed += String(text)), true));
});
afterEach(() => {
  vi.restoreAllMocks();
});

/** Old and new values of figures 1, 2, …: changes of +4, −3, +1, 0. */
const VALUES = [
  [1, 5],
  [6, 3],
  [4, 5],
  [2, 2],
] as const;

let folder: string;
let lab: Lab;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "figloom-test-"));
  const pairs = VALUES.map(([from, to], i): ScoredPair => ({
    ...{ figure_id: `p1#fig${i + 1}`, paper_id: "p1", discipline: "Physics", from, to },
  }));
  await scoredDataset(join(folder, "d"), {
    pairs,
    scores: ({ from, to }, caption) =>
      ["clip", "pppl", "support"].map((metric) => ({ metric, value: caption === "raw" ? from : to })),
  });
  lab = await openLab(join(folder, "d"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const numbers = (found: readonly { figure_id: string }[]) =>
  found.map(({ figure_id }) => Number(figure_id.at(-1)));

describe("outliers", () => {
  it("by value are the least where more is better, and the greatest where less is", async () => {
    expect(numbers(await lab.outliers("clip", { caption: "raw" }))).toEqual([1, 4, 3, 2]);
    expect(numbers(await lab.outliers("clip", { caption: "raw", order: "best", count: 2 }))).toEqual([2, 3]);
    expect(numbers(await lab.outliers("pppl", { caption: "raw", count: 1 }))).toEqual([2]);
    // Of the only new caption, unless told otherwise.
    expect(await lab.outliers("clip", { count: 1 })).toEqual([
      { figure_id: "p1#fig4", paper_id: "p1", from: null, value: 2 },
    ]);
    expect(printed).toContain("clip: worst new");
  });

  it("by change follow the better direction, or go either way", async () => {
    const compare = ["raw", "new"] as const;
    expect(numbers(await lab.outliers("clip", { compare, count: 1 }))).toEqual([2]);
    expect(numbers(await lab.outliers("pppl", { compare, count: 1 }))).toEqual([1]);
    const changed = await lab.outliers("clip", { order: "most-changed", count: 2 });
    expect(changed).toEqual([
      { figure_id: "p1#fig1", paper_id: "p1", from: 1, value: 5 },
      { figure_id: "p1#fig2", paper_id: "p1", from: 6, value: 3 },
    ]);
    expect(String(changed)).toContain("p1#fig1: 1 → 5 (+4)");
    expect(printed.indexOf("p1#fig1")).toBeGreaterThan(-1);
  });

  it("are those that a condition leaves", async () => {
    expect(
      numbers(await lab.outliers("clip", { where: "ordinal > 0 -- not the first", caption: "raw" })),
    ).toEqual([4, 3, 2]);
  });

  it("are refused where they would mean nothing", async () => {
    await expect(lab.outliers("support", { compare: ["raw", "new"] })).rejects.toThrow("different evidence");
    await expect(lab.outliers("none")).rejects.toThrow("measured were: clip, pppl, support");
    await expect(lab.outliers("clip", { caption: "old" })).rejects.toThrow('There are no captions "old"');
    await expect(lab.outliers("clip", { count: 0 })).rejects.toThrow("from 1 to 500");
  });
});
