import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { DISCIPLINES } from "../../../kernel-lib/src/model.js";
import { openArchive } from "../../../kernel-lib/src/papers/archive/open.js";
import { disciplineOf } from "../../../kernel-lib/src/papers/disciplines.js";
import { readLatex } from "../../../kernel-lib/src/papers/latex/index.js";
import { listSources } from "../../../kernel-lib/src/papers/sources.js";

const FOLDER = join(dirname(fileURLToPath(import.meta.url)), "../../../notebooks/papers");
const NAMES = readdirSync(FOLDER)
  .filter((name) => name.endsWith(".tar.gz"))
  .sort();

interface Metadata {
  id: string;
  title: string;
  abstract: string;
  categories: string;
  license: string;
}

const METADATA = readFileSync(join(FOLDER, "metadata.jsonl"), "utf8")
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line) as Metadata);

const open = (name: string) => openArchive(join(FOLDER, name));

describe("the sample papers", () => {
  it("are small enough to live in the repository", () => {
    const bytes = NAMES.reduce((sum, name) => sum + statSync(join(FOLDER, name)).size, 0);
    expect(bytes).toBeLessThan(6 * 1024 * 1024);
  });

  it("are all that a reader of the folder finds in it", async () => {
    const { sources, skipped } = await listSources([FOLDER]);
    expect(sources.map(({ path }) => path)).toEqual(NAMES.map((name) => join(FOLDER, name)));
    expect(skipped).toEqual([]);
  });

  it("cover each discipline once", () => {
    const disciplines = METADATA.map(({ categories }) => disciplineOf(categories.split(" ")));
    expect([...disciplines].sort()).toEqual([...DISCIPLINES].sort());
  });

  it("have a line of metadata each, without the author's macros", () => {
    expect(METADATA.map(({ id }) => `${id}.tar.gz`)).toEqual(NAMES);
    for (const { title, abstract, license } of METADATA) {
      expect(title).toMatch(/^[^\\<>]{20,}$/);
      expect(abstract).toMatch(/^[^<>]{200,}$/);
      expect(license).toBe("http://creativecommons.org/licenses/by/4.0/");
    }
  });

  it("bring figures in all the formats that authors use", async () => {
    const archives = await Promise.all(NAMES.map(open));
    const endings = new Set(archives.flatMap(({ paths }) => paths.map((path) => extname(path))));
    expect(endings).toEqual(new Set([".tex", ".bbl", ".pdf", ".png", ".jpg", ".eps", ".svg"]));
  });
});

describe.each(NAMES)("%s", (name) => {
  it("is one document, with three figures or more and every number filled in", async () => {
    const archive = await open(name);
    expect(archive.refused).toEqual([]);
    for (const path of archive.paths) expect(path).toMatch(/^[\w-]+(\/[\w-]+)*\.\w+$/);
    const sources = archive.paths
      .filter((path) => path.endsWith(".tex"))
      .map((path) => archive.read(path)!.toString("utf8"));
    expect(sources.filter((text) => text.includes("\\documentclass"))).toHaveLength(1);
    const all = sources.join("\n");
    expect(all.match(/\\begin\{(?:figure\*?|wrapfigure)\}/g)!.length).toBeGreaterThanOrEqual(3);
    expect(all).not.toMatch(/<<|>>|\bnan\b/);
  });

  it("has a caption, a picture and a paragraph that mentions it for every figure", async () => {
    const { figures } = readLatex(await open(name));
    for (const figure of figures.filter(({ float }) => float === "figure")) {
      expect(figure.caption, figure.figure_id).not.toBe("");
      expect(figure.number, figure.figure_id).toMatch(/^[AS]?\d$/);
      expect(figure.graphics.length, figure.figure_id).toBeGreaterThan(0);
      expect(figure.contexts.length, figure.figure_id).toBeGreaterThan(0);
    }
  });
});
