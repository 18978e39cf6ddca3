import { createHash } from "node:crypto";
import { setMaxListeners } from "node:events";
import {
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  realpath,
  rm,
  symlink,
  truncate,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { crc32 } from "node:zlib";
import sharp from "sharp";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { fit, imageTokens } from "../../../../../../kernel-lib/src/captions/vllm/media/image-tokens.js";
import {
  Pictures,
  type GivenPicture,
  type PreparedPicture,
  type PrepareOptions,
} from "../../../../../../kernel-lib/src/captions/vllm/media/pictures.js";
import { plot } from "../../../quality/pictures.js";

const MEGAPIXEL = 1_048_576;
const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

let folder: string;
let pictures: Pictures;
beforeEach(async () => {
  // A name with all that a URL must not hold as it is.
  folder = join(await realpath(await mkdtemp(join(tmpdir(), "figloom-media-"))), "100 % für #1?");
  await mkdir(join(folder, "images"), { recursive: true });
  pictures = new Pictures();
});
afterEach(async () => {
  await pictures.close();
  await rm(dirname(folder), { recursive: true, force: true });
});

/** Puts a picture into the dataset; its record is right unless something else is said. */
async function stored(bytes: Buffer, record: Partial<GivenPicture> = {}): Promise<GivenPicture> {
  const path = join(folder, "images", `${sha256(bytes).slice(0, 12)}.png`);
  await writeFile(path, bytes);
  const { width, height } = await Promise.resolve()
    .then(() => sharp(bytes, { limitInputPixels: false }).metadata())
    .catch(() => ({ width: null, height: null }));
  return { path, sha256: sha256(bytes), width, height, ...record };
}

const prepare = (picture: GivenPicture, options: Partial<PrepareOptions> = {}) =>
  pictures.prepare(picture, {
    folder,
    max_pixels: MEGAPIXEL,
    signal: new AbortController().signal,
    ...options,
  });

/** The bytes that a server would get. */
async function sentBytes({ source }: PreparedPicture): Promise<Buffer> {
  if (source.kind === "file") return readFile(fileURLToPath(source.url));
  expect(source.prefix).toMatch(/^data:image\/(png|jpeg);base64,$/);
  return Buffer.from(source.base64.toString("latin1"), "base64");
}

const noise = (width: number, height: number) =>
  sharp({
    create: {
      width,
      height,
      channels: 3,
      background: "#888",
      noise: { type: "gaussian", mean: 128, sigma: 40 },
    },
  })
    .png()
    .toBuffer();

describe("a picture within the budget", () => {
  it("goes as it is, byte for byte, with its own hash", async () => {
    const bytes = await plot(1);
    const sent = await prepare(await stored(bytes));
    expect((await sentBytes(sent)).equals(bytes)).toBe(true);
    expect(sent).toMatchObject({ uuid: sha256(bytes), width: 900, height: 600, tokens: 28 * 19 });
  });

  it("is followed through a link that stays inside", async () => {
    const bytes = await plot(8);
    const picture = await stored(bytes);
    const link = join(folder, "images", "inside.png");
    await symlink(picture.path, link);
    const prepared = await prepare({ ...picture, path: link });
    expect((await sentBytes(prepared)).equals(bytes)).toBe(true);
    prepared.release();
  });

  it("goes by the path of the dataset's own file where servers share the disk, and holds no memory", async () => {
    const picture = await stored(await plot(2));
    const sent = await prepare(picture, { shared: true });
    expect(sent.source).toMatchObject({ kind: "file" });
    expect((sent.source as { url: string }).url).toMatch(/^file:\/\/\/[^ #?]*$/);
    expect(fileURLToPath((sent.source as { url: string }).url)).toBe(picture.path);
    expect(sent.bytes).toBe(0);
    expect(pictures.bytesInFlight).toBe(0);
    sent.release();
    expect(await readdir(join(folder, "images"))).toHaveLength(1);
    expect(await readdir(folder)).toEqual(["images"]);
  });

  it.each<[string, Partial<GivenPicture>]>([
    ["another hash", { sha256: "0".repeat(64) }],
    ["no hash", { sha256: null }],
    ["another size", { width: 640, height: 480 }],
    ["no size", { width: null, height: null }],
    ["a size that is none", { width: 0, height: -1 }],
  ])("is made anew where its record has %s", async (_, record) => {
    const sent = await prepare(await stored(await plot(3), record));
    const bytes = await sentBytes(sent);
    expect(sent).toMatchObject({ uuid: sha256(bytes), width: 896, height: 608 });
    expect(await sharp(bytes).metadata()).toMatchObject({ width: 896, height: 608 });
  });
});

describe("a picture beyond the budget", () => {
  it("gets the size that the server would give it, so that the server leaves it alone", async () => {
    const sent = await prepare(await stored(await plot(4, { width: 2400 })));
    const size = fit({ width: 2400, height: 1600, max_pixels: MEGAPIXEL });
    expect(sent).toMatchObject(size);
    const bytes = await sentBytes(sent);
    expect(await sharp(bytes).metadata()).toMatchObject({ format: "png", ...size });
    expect(fit({ ...size, max_pixels: MEGAPIXEL })).toEqual(size);
    expect(sent.tokens).toBe(imageTokens({ ...size, max_pixels: MEGAPIXEL }));
    expect(sent.uuid).toBe(sha256(bytes));
  });

  it("goes as JPEG where it is a photograph, as PNG where it is drawn", async () => {
    expect(
      await sharp(await sentBytes(await prepare(await stored(await noise(1400, 1200))))).metadata(),
    ).toMatchObject({
      format: "jpeg",
      chromaSubsampling: "4:4:4",
    });
    const drawn = await prepare(await stored(await plot(5, { width: 1800 })));
    expect(await sharp(await sentBytes(drawn)).metadata()).toMatchObject({ format: "png" });
  });

  it("lies below the dataset while it is needed, where servers share the disk", async () => {
    const picture = await stored(await plot(6, { width: 2400 }));
    const [one, other] = [await prepare(picture, { shared: true }), await prepare(picture, { shared: true })];
    expect(one.uuid).toBe(other.uuid);
    const path = fileURLToPath((one.source as { url: string }).url);
    expect(path.startsWith(join(folder, "media", `${process.pid}-`))).toBe(true);
    one.release();
    // Another figure's, or the same one's under another prompt, stays.
    expect(sha256(await sentBytes(other))).toBe(other.uuid);
    other.release();
    await expect.poll(() => readFile(path).catch(() => null)).toBeNull();
    await pictures.close();
    expect(await readdir(folder)).toEqual(["images"]);
  });

  it("is turned upright, its transparent parts are white, and its colours 8-bit sRGB", async () => {
    const red = { create: { width: 1600, height: 1200, channels: 4, background: "#ff000000" } } as const;
    const turned = await sharp(red).withMetadata({ orientation: 6 }).png().toBuffer();
    const sent = await prepare(await stored(turned));
    expect(sent.height).toBeGreaterThan(sent.width);
    const { channels } = await sharp(await sentBytes(sent)).stats();
    expect(channels.map(({ mean }) => mean)).toEqual([255, 255, 255]);
    const deep = await sharp(red).toColourspace("rgb16").png().toBuffer();
    expect(await sharp(await sentBytes(await prepare(await stored(deep)))).metadata()).toMatchObject({
      depth: "uchar",
      channels: 3,
    });
  });

  it("is enlarged, or put on white, where servers would refuse it", async () => {
    const dot = await sharp({ create: { width: 3, height: 5, channels: 3, background: "#123456" } })
      .png()
      .toBuffer();
    const { width, height } = await prepare(await stored(dot));
    expect([width % 32, height % 32, width * height >= 65_536]).toEqual([0, 0, true]);

    const strip = sharp({ create: { width: 9000, height: 30, channels: 3, background: "#000000" } });
    const sent = await prepare(await stored(await strip.png().toBuffer()));
    expect(sent.width / sent.height).toBeLessThanOrEqual(200);
    const { data, info } = await sharp(await sentBytes(sent))
      .raw()
      .toBuffer({ resolveWithObject: true });
    const column = Array.from(
      { length: info.height },
      (_, y) => data[(y * info.width + 100) * info.channels]!,
    );
    expect(Math.max(...column)).toBe(255);
    expect(Math.min(...column)).toBeLessThan(64);
  });
});

describe("a picture that cannot be sent", () => {
  const refused = async (picture: GivenPicture, reason: string, words: RegExp) => {
    const error: unknown = await prepare(picture).then(
      () => null,
      (thrown: unknown) => thrown,
    );
    expect(error).toMatchObject({
      name: "ItemError",
      reason,
      message: expect.stringMatching(words) as string,
    });
    expect((error as { message: string }).message).toContain(picture.path);
    expect((error as { wayOut: string }).wayOut).not.toBe("");
    expect(pictures.bytesInFlight).toBe(0);
  };
  const record = { sha256: null, width: null, height: null };

  it("is missing, empty or a folder", async () => {
    await refused({ path: join(folder, "images", "none.png"), ...record }, "image-missing", /is not there/);
    await refused(await stored(Buffer.alloc(0)), "image-empty", /is empty/);
    await refused({ path: join(folder, "images"), ...record }, "image-unreadable", /it is no file/);
  });

  it("lies outside of the dataset, by its path or by a link", async () => {
    const outside = join(dirname(folder), "secret.png");
    await writeFile(outside, await plot(7));
    await refused({ path: outside, ...record }, "image-outside", /leads out of the dataset/);
    await refused({ path: `${folder}/images/../../secret.png`, ...record }, "image-outside", /leads out/);
    await symlink(outside, join(folder, "images", "link.png"));
    await refused({ path: join(folder, "images", "link.png"), ...record }, "image-outside", /by a link/);
    await symlink(dirname(folder), join(folder, "images", "up"));
    await refused(
      { path: join(folder, "images", "up", "secret.png"), ...record },
      "image-outside",
      /by a link/,
    );
  });

  it("is no picture, or a broken one", async () => {
    await refused(
      await stored(Buffer.from("<svg xmlns='http://www.w3.org/2000/svg'/>")),
      "image-not-recognised",
      /PNG/,
    );
    await refused(await stored(Buffer.from("%PDF-1.7 …")), "image-not-recognised", /is no PNG/);
    const whole = await plot(8, { width: 2400 });
    await refused(await stored(whole.subarray(0, whole.length >> 1)), "image-corrupt", /cannot be decoded/);
    const swapped = Buffer.from(whole);
    swapped.fill(0x55, 5000, 6000);
    await refused(await stored(swapped), "image-corrupt", /cannot be decoded/);
  });

  it("has too many pixels, or too many bytes; neither is decoded or read", async () => {
    const bomb = Buffer.from(await plot(9));
    bomb.writeUInt32BE(60_000, 16);
    bomb.writeUInt32BE(60_000, 20);
    bomb.writeUInt32BE(crc32(bomb.subarray(12, 29)), 29);
    await refused(await stored(bomb), "image-too-large", /60000 × 60000 pixels, at most 178956970/);
    const sparse = join(folder, "images", "sparse.png");
    await writeFile(sparse, "");
    await truncate(sparse, 2 ** 40);
    await refused({ path: sparse, ...record }, "image-too-large", /1099511627776 bytes/);
  });

  it("wants a budget of pixels in range", async () => {
    const picture = await stored(await plot(10));
    for (const max_pixels of [0, NaN, 65_535, 2 ** 31])
      await expect(prepare(picture, { max_pixels })).rejects.toMatchObject({ name: "ConfigurationError" });
  });
});

describe("bytes in flight", () => {
  it("stay within the limit, for 2,000 pictures", async () => {
    const limit = 4_000_000;
    pictures = new Pictures({ maxBytesInFlight: limit });
    const given = await Promise.all([
      stored(await plot(11)),
      stored(await plot(12, { width: 1500 })),
      stored(await noise(300, 200)),
    ]);
    let most = 0;
    let held = 0;
    const look = () => (most = Math.max(most, pictures.bytesInFlight));
    const max_pixels = 262_144;
    await Promise.all(
      Array.from({ length: 2000 }, async (_, i) => {
        // Two of a hundred must be decoded, so that the test is not about how long that takes.
        const picture = given[i % 50 === 0 ? 1 : 2]!;
        const prepared = await prepare(picture, { max_pixels });
        held += prepared.bytes;
        expect(held).toBeLessThanOrEqual(limit);
        look();
        await new Promise((resolve) => setImmediate(resolve));
        look();
        held -= prepared.bytes;
        prepared.release();
        prepared.release();
        look();
      }),
    );
    expect(most).toBeLessThanOrEqual(limit);
    expect(most).toBeGreaterThan(limit / 4);
    expect(pictures.bytesInFlight).toBe(0);
  });

  it("a picture larger than the limit goes alone", async () => {
    pictures = new Pictures({ maxBytesInFlight: 1000 });
    const picture = await stored(await plot(13));
    const first = await prepare(picture);
    let second: PreparedPicture | null = null;
    const waiting = prepare(picture).then((prepared) => (second = prepared));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(second).toBeNull();
    first.release();
    await waiting;
    expect(pictures.bytesInFlight).toBe(second!.bytes);
  });

  it("a person's picture goes before those of a run", async () => {
    pictures = new Pictures({ maxBytesInFlight: 1000 });
    const picture = await stored(await plot(14));
    const first = await prepare(picture);
    const order: string[] = [];
    const others = ["run", "run", "person"].map(async (name) => {
      const prepared = await prepare(picture, { urgent: name === "person" });
      order.push(name);
      prepared.release();
    });
    await new Promise((resolve) => setTimeout(resolve, 50));
    first.release();
    await Promise.all(others);
    expect(order).toEqual(["person", "run", "run"]);
  });

  it("nothing stays held when work is cancelled while waiting, reading or decoding", async () => {
    pictures = new Pictures({ maxBytesInFlight: 20_000_000 });
    const picture = await stored(await plot(15, { width: 3000 }));
    const controller = new AbortController();
    setMaxListeners(0, controller.signal);
    const all = Array.from({ length: 30 }, () =>
      prepare(picture, { signal: controller.signal, shared: true }).then(
        (prepared) => prepared,
        (error: unknown) => error,
      ),
    );
    await Promise.race(all);
    controller.abort(new Error("enough"));
    const ended = await Promise.all(all);
    for (const one of ended) if (!(one instanceof Error)) (one as PreparedPicture).release();
    expect(ended.filter((one) => one instanceof Error).length).toBeGreaterThan(0);
    await expect.poll(() => pictures.bytesInFlight, { timeout: 20_000 }).toBe(0);
    const scratch = join(folder, "media", (await readdir(join(folder, "media")))[0]!);
    await expect.poll(() => readdir(scratch), { timeout: 20_000 }).toEqual(["process.json"]);
    await expect(prepare(picture, { signal: controller.signal })).rejects.toThrow("enough");
  });
});
