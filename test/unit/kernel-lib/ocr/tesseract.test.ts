import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PixelReader } from "../../../../kernel-lib/src/ocr/reader.js";
import { tesseract } from "../../../../kernel-lib/src/ocr/tesseract/tesseract.js";
import { added, characterErrors, errorRate } from "../../../bench/ocr/character-errors.js";
import { bundlePrograms } from "../../../support/bundle-programs.js";
import { plot } from "./plot.js";

const signal = new AbortController().signal;
let program: string;
let reader: PixelReader;

beforeAll(async () => {
  const folder = await bundlePrograms("ocr", { ocr: "kernel-lib/src/ocr/tesseract/program.ts" });
  program = join(folder, "ocr.cjs");
  reader = tesseract({ jobs: 1, program });
});
afterAll(() => reader.close());

describe("Tesseract", { timeout: 120_000 }, () => {
  it("reads a plot's text, upright and upwards, where it stands", async () => {
    const { png, known } = await plot();
    const lines = await reader.read(png, { signal });
    const { upright, upwards: up, nowhere } = characterErrors(known, lines);
    expect(upright.characters).toBeGreaterThan(70);
    expect(up.characters).toBe(16);
    expect(errorRate(upright)).toBeLessThan(0.1);
    expect(errorRate(up)).toBeLessThan(0.2);
    expect(added([upright, up, nowhere]).edits).toBeLessThan(20);
    expect(lines.find(({ angle }) => angle === 270)?.text).toContain("Flux");
  });

  it("reads light text on dark ground", async () => {
    const { png, known } = await plot();
    const dark = await sharp(png).negate().png().toBuffer();
    const { upright } = characterErrors(known, await reader.read(dark, { signal }));
    expect(errorRate(upright)).toBeLessThan(0.1);
  });

  it("finds nothing where there is nothing, and says so of what is no picture", async () => {
    const blank = sharp({ create: { width: 60, height: 40, channels: 4, background: "#0000" } });
    expect(await reader.read(await blank.png().toBuffer(), { signal })).toEqual([]);
    await expect(reader.read(Buffer.from("no picture"), { signal })).rejects.toMatchObject({
      reason: "picture-unreadable",
    });
  });

  it("gives up what takes too long", async () => {
    const hasty = tesseract({ jobs: 1, seconds: 0.001, program });
    const { png } = await plot();
    await expect(hasty.read(png, { signal })).rejects.toMatchObject({ reason: "picture-too-slow" });
    await hasty.close();
  });

  it("stops at once when the work is cancelled", async () => {
    const cancel = new AbortController();
    const { png } = await plot();
    const reading = reader.read(png, { signal: cancel.signal });
    cancel.abort();
    await expect(reading).rejects.toBe(cancel.signal.reason);
  });
});
