import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { startKernel } from "../../../support/tslab-kernel.js";

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
