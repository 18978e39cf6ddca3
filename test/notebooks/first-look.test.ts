import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { run } from "../../notebooks/setup/run-program.mjs";
import { type Cell, errorsIn, executed, textOf } from "./executed.js";

interface Row {
  paper_id: string;
  figure_id: string;
  discipline: string;
  float: string;
  graphics: string[];
  image_path: string | null;
}

describe("01-first-look.ipynb, run without a browser", () => {
  let folder: string;
  let cells: Cell[];
  let html: string;
  let ghostscript: boolean;

  beforeAll(async () => {
    ({ folder, cells, html } = await executed("01-first-look.ipynb"));
    ghostscript = (await run("gs", ["--version"])).code === 0;
  });

  test("every cell runs, numbered in order, without an error", () => {
    expect(cells.map(({ execution_count }) => execution_count)).toEqual(cells.map((_, i) => i + 1));
    expect(errorsIn(cells)).toEqual([]);
  });

  test("a verb that has shown its progress does not show its result once more", () => {
    const ingested = cells.find(({ source }) => source.join("").includes("lab.ingest("));
    expect(ingested?.outputs.map(({ output_type }) => output_type)).toEqual(["display_data"]);
    expect([ingested?.outputs[0]?.data?.["text/plain"]].flat().join("")).toMatch(/^9 papers, 45 figures/);
  });

  test("each view has its own MIME type, an HTML twin and a text twin", () => {
    const bundles = cells.flatMap(({ outputs }) => outputs.map(({ data }) => Object.keys(data ?? {})));
    for (const view of ["run", "gallery", "diff", "histogram", "map"]) {
      const bundle = bundles.find((types) => types.includes(`application/vnd.figloom.${view}.v1+json`));
      expect(bundle, view).toEqual(expect.arrayContaining(["text/html", "text/plain"]));
    }
  });

  test("what is chosen goes to the next cell, is tagged, and found by its tag", () => {
    const [, chosen] = /^(\d+) figures? \(\1 figures of a cell\)\n/.exec(textOf(cells, "lab.select("))!;
    expect(Number(chosen)).toBeGreaterThan(5);
    expect(textOf(cells, "lab.review(")).toMatch(
      new RegExp(`^Tagged ${chosen} figures.*\n.*Captions that say little · ${chosen} figures`, "is"),
    );
  });

  test("the HTML copy stands alone: pictures inside, nothing fetched from elsewhere for the views", () => {
    expect(html.match(/src="data:image\/webp;base64,/g)?.length).toBeGreaterThan(20);
    expect(html).toMatch(/<svg[^>]*figloom|figloom[\s\S]*<svg/);
  });

  test("the dataset is on disk, with a figure for every one of the nine papers", () => {
    const data = join(folder, "data", "first-look");
    expect(existsSync(join(data, "dataset.json"))).toBe(true);
    const rows = readFileSync(join(data, "figures.jsonl"), "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Row);
    expect(new Set(rows.map(({ paper_id }) => paper_id)).size).toBe(9);
    expect(new Set(rows.map(({ discipline }) => discipline)).size).toBe(9);
    const figures = rows.filter(({ float }) => float === "figure");
    const drawable = figures.filter(
      ({ graphics }) => ghostscript || !graphics.some((path) => path.endsWith(".eps")),
    );
    expect(drawable.length).toBeGreaterThan(40);
    for (const { figure_id, image_path } of drawable)
      expect(image_path && existsSync(join(data, image_path)), figure_id).toBe(true);
  });
});
