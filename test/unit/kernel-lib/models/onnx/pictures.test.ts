import { readdirSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { pictureSettings } from "../../../../../kernel-lib/src/models/onnx/picture-settings.js";
import { fill, seen } from "../../../../../kernel-lib/src/models/onnx/pictures.js";
import { MODELS } from "../../../../support/model-program.js";
import { freshFolder } from "../../../../support/fresh-folder.js";

const PICTURES = readdirSync(join(MODELS, "pictures")).map((file) => basename(file, ".png"));
const settingsOf = async (model: string): Promise<Record<string, unknown>> =>
  JSON.parse(await readFile(join(MODELS, model, "preprocessor_config.json"), "utf8")) as Record<
    string,
    unknown
  >;

describe.each(["clip", "siglip", "siglip-bilinear"])("a %s is shown what the reference shows it", (model) => {
  test.each(PICTURES)("of the picture %s", async (picture) => {
    const settings = pictureSettings(await settingsOf(model));
    const { data, width, height } = await seen(join(MODELS, "pictures", `${picture}.png`), settings);
    const expected = await sharp(join(MODELS, model, "pixels", `${picture}.png`))
      .toColourspace("srgb")
      .raw()
      .toBuffer();
    expect({ width, height, bytes: data.length }).toEqual({ width: 64, height: 64, bytes: expected.length });
    expect(Math.max(...data.map((byte, i) => Math.abs(byte - expected[i]!)))).toBeLessThanOrEqual(1);
  });
});

test("bytes are scaled and normalised channel by channel", async () => {
  const settings = pictureSettings(await settingsOf("clip"));
  const tensor = new Float32Array(6);
  fill(tensor, { data: Uint8Array.of(0, 128, 255, 255, 0, 1), width: 2, height: 1 }, settings);
  const [mean, deviation] = [
    [0.48145466, 0.4578275, 0.40821073],
    [0.26862954, 0.26130258, 0.27577711],
  ] as const;
  const normal = (byte: number, channel: number) => (byte / 255 - mean[channel]!) / deviation[channel]!;
  const expected = [normal(0, 0), normal(255, 0), normal(128, 1), normal(0, 1), normal(255, 2), normal(1, 2)];
  for (const [i, value] of expected.entries()) expect(tensor[i]).toBeCloseTo(value, 6);
});

describe("pictures that are refused", () => {
  const siglip = async () => pictureSettings(await settingsOf("clip"));

  test("one that is cut off", async () => {
    const whole = await readFile(join(MODELS, "pictures", "lines.png"));
    const file = join(await freshFolder(), "cut.png");
    await writeFile(file, whole.subarray(0, whole.length >> 1));
    await expect(seen(file, await siglip())).rejects.toThrow();
  });

  test("a line of pixels", async () => {
    const file = join(await freshFolder(), "line.png");
    await sharp({ create: { width: 3000, height: 1, channels: 3, background: "white" } }).toFile(file);
    await expect(seen(file, await siglip())).rejects.toThrow("a line rather than a picture");
  });

  test("one of more pixels than are decoded, by its header", async () => {
    const file = join(await freshFolder(), "huge.svg");
    await writeFile(file, `<svg xmlns="http://www.w3.org/2000/svg" width="20000" height="20000"/>`);
    await expect(seen(file, await siglip())).rejects.toThrow("pixel limit");
  });
});

describe("settings that are refused", () => {
  test.each([
    ["no size", {}, "size"],
    ["a filter that there is not", { size: 64, resample: 5 }, "resample"],
    ["no resizing", { size: 64, do_resize: false }, "do_resize"],
    ["pictures of any shape", { size: { shortest_edge: 64 } }, "every picture has another size"],
    [
      "a part larger than the whole",
      { size: { shortest_edge: 64 }, do_center_crop: true, crop_size: 80 },
      "larger",
    ],
    ["a size out of all proportion", { size: 100_000 }, "size"],
  ])("%s", (_name, settings, words) => {
    expect(() => pictureSettings(settings)).toThrow(words);
  });
});
