import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { safeName } from "../../../../kernel-lib/src/dataset/files.js";
import { imagePath, thumbPath } from "../../../../kernel-lib/src/dataset/images.js";
import { VERSION } from "../../../../kernel-lib/src/version.js";

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

it("the version is the package's", () => {
  const file = join(import.meta.dirname, "../../../../kernel-lib/package.json");
  const manifest = JSON.parse(readFileSync(file, "utf8")) as { version: string };
  expect(VERSION).toBe(manifest.version);
});
