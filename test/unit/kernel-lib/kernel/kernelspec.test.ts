import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, expect, test } from "vitest";
import { ConfigurationError } from "../../../../kernel-lib/src/errors.js";
import { installKernelSpec, kernelSpec } from "../../../../kernel-lib/src/kernel/kernelspec.js";
import { TSLAB } from "../../../support/tslab-kernel.js";

const prefix = mkdtempSync(join(tmpdir(), "figloom-prefix-"));
const preload = join(prefix, "preload.cjs");
writeFileSync(preload, "");
afterAll(() => rmSync(prefix, { recursive: true }));

test("the kernelspec starts tslab with the preload, by absolute paths", async () => {
  const folder = await installKernelSpec({ prefix }, { preload, tslab: TSLAB });
  expect(folder).toBe(join(prefix, "share", "jupyter", "kernels", "figloom"));
  expect(JSON.parse(readFileSync(join(folder, "kernel.json"), "utf8"))).toEqual({
    argv: [process.execPath, "--require", preload, TSLAB, "kernel", "--config-path", "{connection_file}"],
    display_name: "figloom (TypeScript)",
    language: "typescript",
    interrupt_mode: "signal",
  });
});

test("its logo is a picture of the sizes that Jupyter asks for", async () => {
  const folder = await installKernelSpec({ prefix }, { preload, tslab: TSLAB });
  for (const size of [32, 64]) {
    const picture = await sharp(join(folder, `logo-${size}x${size}.png`)).stats();
    expect(picture.entropy).toBeGreaterThan(1);
    expect(await sharp(join(folder, `logo-${size}x${size}.png`)).metadata()).toMatchObject({
      width: size,
      height: size,
    });
  }
});

test("a missing program is named before anything is written", () => {
  expect(() => kernelSpec({ preload: join(prefix, "nowhere.cjs"), tslab: TSLAB })).toThrow(
    ConfigurationError,
  );
  expect(() => kernelSpec({ preload: join(prefix, "nowhere.cjs"), tslab: TSLAB })).toThrow(/nowhere\.cjs/);
});

test("a place that cannot be written to is a configuration error", async () => {
  await expect(installKernelSpec({ prefix: preload }, { preload, tslab: TSLAB })).rejects.toThrow(
    ConfigurationError,
  );
});
