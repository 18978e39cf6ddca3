import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ppocr } from "../../../../../kernel-lib/src/ocr/ppocr/ppocr.js";
import type { PixelReader } from "../../../../../kernel-lib/src/ocr/reader.js";
import { added, characterErrors, errorRate } from "../../../../bench/ocr/character-errors.js";
import { bundlePrograms } from "../../../../support/bundle-programs.js";
import { plot } from "../plot.js";

const { signal } = new AbortController();
let reader: PixelReader;

beforeAll(async () => {
  const folder = await bundlePrograms("ppocr", { model: "kernel-lib/src/models/onnx/program.ts" });
  reader = ppocr({ program: join(folder, "model.cjs"), threads: 1 });
  await reader.ready!({ signal, folder });
});
afterAll(() => reader.close());

/** The plot at half its size, which is enough. */
async function smallPlot() {
  const { png, known } = await plot();
  const { width } = await sharp(png).metadata();
  const half = ([x0, y0, x1, y1]: readonly [number, number, number, number]) =>
    [x0 / 2, y0 / 2, x1 / 2, y1 / 2] as const;
  const picture = await sharp(png)
    .resize({ width: Math.round(width / 2) })
    .png()
    .toBuffer();
  return { picture, known: known.map((line) => ({ ...line, box: line.box && half(line.box) })) };
}

describe("PP-OCR, with PaddleOCR's own weights", { timeout: 120_000 }, () => {
  it("names the models by their package, its version and their bytes", () => {
    expect(reader.id).toMatch(/^ppocr @gutenye\/ocr-models@1\.\d+\.\d+ sha256:[0-9a-f]{12}$/);
  });

  it("reads a plot's text, upright and upwards, where it stands", async () => {
    const { picture, known } = await smallPlot();
    const lines = await reader.read(picture, { signal });
    const { upright, upwards: up, nowhere } = characterErrors(known, lines);
    expect(upright.characters).toBeGreaterThan(70);
    expect(errorRate(upright)).toBeLessThan(0.05);
    expect(errorRate(up)).toBeLessThan(0.1);
    expect(added([upright, up, nowhere]).edits).toBeLessThan(6);
    expect(lines.find(({ angle }) => angle === 270)?.text).toContain("Flux density");
  });

  it("reads light and slanted text, and says how it stands", async () => {
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="320" height="240"><rect width="320" height="240" fill="#123"/>
      <text transform="translate(60 200) rotate(-35)" font-size="26" fill="#fff">Absorption 42</text></svg>`;
    const [line, ...others] = await reader.read(await sharp(Buffer.from(svg)).png().toBuffer(), { signal });
    expect(others).toEqual([]);
    expect(line!.text.replace(" ", "")).toBe("Absorption42");
    expect(Math.abs(line!.angle - 325)).toBeLessThan(4);
    expect(line!.confidence).toBeGreaterThan(0.8);
  });

  it("finds nothing where there is nothing, and says so of what is no picture", async () => {
    const blank = sharp({ create: { width: 60, height: 40, channels: 4, background: "#0000" } });
    expect(await reader.read(await blank.png().toBuffer(), { signal })).toEqual([]);
    await expect(reader.read(Buffer.from("no picture"), { signal })).rejects.toMatchObject({
      reason: "picture-unreadable",
    });
  });

  it("is refused before work starts where the model is not there, with the way to it", async () => {
    await expect(ppocr({ model: "ppocr-v9" }).identify!({ signal })).rejects.toMatchObject({
      name: "ConfigurationError",
      message: expect.stringMatching(/"ppocr-v9" is not on this machine\. .*ppocr-v4/) as string,
    });
  });
});
