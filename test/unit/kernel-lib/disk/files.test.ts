import { existsSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { clearPartials, safeName, writeFirst, writeWhole } from "../../../../kernel-lib/src/disk/files.js";
import {
  clearAbandoned,
  imagePath,
  thumbPath,
  writeImage,
} from "../../../../kernel-lib/src/dataset/images.js";
import { VERSION } from "../../../../kernel-lib/src/version.js";
import { freshFolder } from "../../../support/fresh-folder.js";

describe("a safe file name", () => {
  it("is what the id is, where that is safe", () => {
    expect(safeName("1703.09824")).toBe("1703.09824");
    expect(safeName("PMC7654321")).toBe("PMC7654321");
  });

  it("is never hidden, never leads out of its folder, and differs where ids differ, on every disk", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 300 }), fc.string({ maxLength: 300 }), (a, b) => {
        expect(safeName(a)).toMatch(/^(?!\.)[A-Za-z0-9._-]{1,100}$/);
        expect(safeName(a).toLowerCase() === safeName(b).toLowerCase()).toBe(a === b);
      }),
    );
    for (const id of ["Report", "PMC123", "x"]) {
      const ids = new Set([id, id.toLowerCase(), id.toUpperCase()]);
      const names = new Set([...ids].map((each) => safeName(each).toLowerCase()));
      expect(names.size).toBe(ids.size);
    }
    for (const id of ["", ".", "..", "../x", "a/../b", "x".repeat(101)])
      expect(safeName(id)).toMatch(/^(?!\.)[A-Za-z0-9._-]{1,100}$/);
  });
});

describe("a picture's path", () => {
  it("is sorted by source and month", () => {
    const paper = (paper_id: string, arxiv_id: string | null) => ({
      paper_id,
      arxiv_id,
      kind: "latex" as const,
    });
    expect(imagePath(paper("1703.09824", "1703.09824"), "1703.09824#fig3")).toBe(
      "images/arxiv/1703/1703.09824/fig3.png",
    );
    expect(imagePath(paper("hep-th9901001", "hep-th/9901001"), "hep-th9901001#fig1")).toBe(
      "images/arxiv/9901/hep-th9901001/fig1.png",
    );
    expect(imagePath(paper("report", null), "report#tab2")).toBe("images/latex/undated/report/tab2.png");
    expect(thumbPath("images/latex/undated/report/tab2.png")).toBe("thumbs/latex/undated/report/tab2.webp");
  });
});

describe("a file that is written whole", () => {
  it("is one of those that were written to its name at the same time, and nothing is left beside it", async () => {
    const folder = await freshFolder();
    const texts = Array.from({ length: 40 }, (_, at) => String(at).repeat(200_000));
    let isDone = false;
    const written = Promise.all(
      texts.map((text) => writeImage(folder, "images/a/b.png", Buffer.from(text))),
    ).then(() => (isDone = true));
    const read = () => readFileSync(join(folder, "images/a/b.png"), "utf8");
    while (!isDone) {
      if (existsSync(join(folder, "images/a/b.png"))) expect(texts.includes(read())).toBe(true);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await written;
    expect(readdirSync(join(folder, "images/a"))).toEqual(["b.png"]);
  });

  it("leaves nothing when it cannot be put in its place", async () => {
    const folder = await freshFolder();
    mkdirSync(join(folder, "x", "y"), { recursive: true });
    await expect(writeWhole(join(folder, "x"), "text")).rejects.toThrow();
    expect(readdirSync(folder)).toEqual(["x"]);
  });

  it("can be the first one's", async () => {
    const path = join(await freshFolder(), "x");
    const won = await Promise.all(Array.from({ length: 8 }, (_, at) => writeFirst(path, String(at))));
    expect(won.filter(Boolean)).toHaveLength(1);
    expect(readFileSync(path, "utf8")).toBe(String(won.indexOf(true)));
    await expect(writeFirst(join(path, "..", "gone", "x"), "")).rejects.toThrow("ENOENT");
    expect(readdirSync(join(path, ".."))).toEqual(["x"]);
  });

  it("is rid of what killed writers left beside it, and of no other's", async () => {
    const folder = await freshFolder();
    const names = ["run.json.partial", "run.json.0f0f.partial", "run.json", "run.jsonl.partial", "x.partial"];
    for (const name of names) writeFileSync(join(folder, name), "");
    await clearPartials(join(folder, "run.json"));
    expect(readdirSync(folder)).toEqual(["run.json", "run.jsonl.partial", "x.partial"]);
  });
});

it("pictures that killed writers left unfinished are removed when nobody can be at them any more", async () => {
  const folder = await freshFolder();
  const paper = { paper_id: "p", kind: "latex" as const, arxiv_id: null };
  const [old, young] = ["fig1.png.00.partial", "fig2.png.00.partial"];
  for (const shelf of ["images", "thumbs"]) {
    const place = join(folder, shelf, "latex/undated/p");
    mkdirSync(place, { recursive: true });
    for (const name of [old, young, "fig1.png"]) writeFileSync(join(place, name), "");
    for (const name of [old, "fig1.png"]) utimesSync(join(place, name), 1, 1);
  }
  await clearAbandoned(folder, paper);
  await clearAbandoned(folder, { ...paper, paper_id: "never seen" });
  for (const shelf of ["images", "thumbs"])
    expect(readdirSync(join(folder, shelf, "latex/undated/p"))).toEqual(["fig1.png", young]);
});

it("the version is the package's", () => {
  const file = join(import.meta.dirname, "../../../../kernel-lib/package.json");
  const manifest = JSON.parse(readFileSync(file, "utf8")) as { version: string };
  expect(VERSION).toBe(manifest.version);
});
