import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { startKernel } from "../../../support/tslab-kernel.js";
import { freshFolder } from "../../../support/fresh-folder.js";

const ROOT = join(import.meta.dirname, "..", "..", "..", "..");
const DIST = join(ROOT, "kernel-lib", "dist");
const built = existsSync(join(DIST, "preload.cjs")) && existsSync(join(DIST, "types", "index.d.ts"));

test.skipIf(!built)("a notebook completes, documents and type-checks the built package", async () => {
  const kernel = await startKernel({ cwd: join(ROOT, "notebooks"), preload: join(DIST, "preload.cjs") });
  try {
    expect(await kernel.complete(`import { openL } from "figloom"`, `import { openL`.length)).toEqual([
      "openLab",
    ]);
    expect((await kernel.execute(`import { openLab } from "figloom"`)).reply).toMatchObject({ status: "ok" });
    expect(await kernel.complete("openL")).toContain("openLab");
    expect(await kernel.inspect("openLab()", 3)).toMatch(/openLab\(path: string.*\n[^]*dataset/);
    const { reply } = await kernel.execute(`const lab: number = await openLab(7)`);
    expect(reply).toMatchObject({ status: "error", ename: "TypeScriptError" });
  } finally {
    await kernel.stop();
  }
});

test.skipIf(!built)("interrupting ends a condition that has no end, and the next cell runs", async () => {
  const kernel = await startKernel({ cwd: join(ROOT, "notebooks"), preload: join(DIST, "preload.cjs") });
  const folder = await freshFolder();
  try {
    const opened = `import { openLab } from "figloom";\nconst lab = await openLab(${JSON.stringify(join(folder, "lab"))});`;
    expect((await kernel.execute(opened)).reply).toMatchObject({ status: "ok" });
    const endless =
      "0 < (WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t) SELECT count(*) FROM t)";
    const asked = kernel.execute(
      `setTimeout(() => console.log("asking"), 300); await lab.figures(${JSON.stringify(endless)});`,
    );
    await expect
      .poll(() => kernel.published.some(({ content }) => String(content["text"]).includes("asking")), {
        timeout: 60_000,
      })
      .toBe(true);
    kernel.interrupt();
    expect((await asked).reply).toMatchObject({ status: "error" });
    expect((await kernel.execute("1 + 1")).reply).toMatchObject({ status: "ok" });
  } finally {
    await kernel.stop();
  }
});
