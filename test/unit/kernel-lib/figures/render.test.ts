import { createHash } from "node:crypto";
import { execFileSync } from "node:child_process";
import { createServer } from "node:http";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ItemError } from "../../../../kernel-lib/src/errors.js";
import type { RenderLimits } from "../../../../kernel-lib/src/figures/limits.js";
import { renderFigure } from "../../../../kernel-lib/src/figures/render.js";
import { hugePng, png } from "../../../fixtures/hostile-archives.js";
import { archiveOf, eps, pdf, svg } from "./graphics.js";

type Files = Parameters<typeof archiveOf>[0];
type Colour = [number, number, number];
const RED: Colour = [255, 0, 0];
const BLUE: Colour = [0, 0, 255];
const WHITE: Colour = [255, 255, 255];

const render = (
  files: Files,
  rows = [Object.keys(files)],
  limits: Partial<RenderLimits> = {},
  signal?: AbortSignal,
) => renderFigure({ archive: archiveOf(files), source: { from: "graphics", rows }, limits, signal });

async function problem(...request: Parameters<typeof render>): Promise<ItemError> {
  const error = await render(...request).then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(error).toBeInstanceOf(ItemError);
  return error as ItemError;
}

/** The colour at a place given by shares of width and height. */
async function colourAt(picture: Buffer, x: number, y: number): Promise<Colour> {
  const { data, info } = await sharp(picture).raw().toBuffer({ resolveWithObject: true });
  expect(info.channels).toBe(3);
  const offset = (Math.floor(y * info.height) * info.width + Math.floor(x * info.width)) * 3;
  return [...data.subarray(offset, offset + 3)] as Colour;
}

const hasGhostscript = (() => {
  try {
    execFileSync("gs", ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
})();

describe("a rendered figure", () => {
  it("carries its size, hashes and a small thumbnail", async () => {
    const figure = await render({ "a.pdf": pdf() });
    expect([figure.width, figure.height]).toEqual([1600, 800]);
    expect(figure.sha256).toBe(createHash("sha256").update(figure.png).digest("hex"));
    expect(figure.phash).toMatch(/^[0-9a-f]{16}$/);
    const thumb = await sharp(figure.thumb).metadata();
    expect([thumb.format, thumb.width, thumb.height]).toEqual(["webp", 320, 160]);
  });

  it("is the same to the byte when it is made again", async () => {
    const files = {
      "a.pdf": pdf(),
      "b.png": png(300, 200),
      "c.svg": svg('<circle cx="50" cy="50" r="40"/>'),
    };
    const rows = [["a.pdf", "b.png"], ["c.svg"]];
    const [first, second] = [await render(files, rows), await render(files, rows)];
    expect(first.png.equals(second.png)).toBe(true);
    expect(first.thumb.equals(second.thumb)).toBe(true);
  });
});

describe("a PDF", () => {
  it("is drawn by its crop box, on white", async () => {
    const { png: whole } = await render({ "a.pdf": pdf() });
    expect(await colourAt(whole, 0.25, 0.5)).toEqual(RED);
    expect(await colourAt(whole, 0.75, 0.5)).toEqual(BLUE);
    const cropped = await render({ "a.pdf": pdf("/CropBox[100 0 200 100]") });
    expect(cropped.width).toBe(cropped.height);
    expect(await colourAt(cropped.png, 0.25, 0.5)).toEqual(BLUE);
    expect(await colourAt((await render({ "a.pdf": pdf("", "") })).png, 0.5, 0.5)).toEqual(WHITE);
  });

  it("is turned as its page says", async () => {
    const turned = await render({ "a.pdf": pdf("/Rotate 90") });
    expect([turned.width, turned.height]).toEqual([800, 1600]);
    expect(await colourAt(turned.png, 0.5, 0.25)).toEqual(RED);
  });

  it("of a tiny page is not blown up without end", async () => {
    const tiny = await render({ "a.pdf": pdf("/CropBox[0 0 36 18]") });
    expect([tiny.width, tiny.height]).toEqual([300, 150]);
  });

  it("that is broken is reported by name, and the next one is drawn", async () => {
    const broken = await problem({ "figs/broken.pdf": "%PDF-1.4 and nothing more" });
    expect(broken.reason).toBe("image-corrupt");
    expect(broken.message).toContain("figs/broken.pdf of paper.tar.gz");
    expect((await render({ "a.pdf": pdf() })).width).toBe(1600);
  });

  it("that takes too long is stopped, and the next one is drawn", async () => {
    const endless = "q 0.0001 0 0 0.0001 0 0 cm 0 0 1000000 1000000 re 0 0 9 9 re W n /x sh Q ".repeat(
      1_500_000,
    );
    const slow = await problem({ "slow.pdf": pdf("", endless) }, undefined, { graphicSeconds: 0.05 });
    expect(slow.reason).toBe("image-too-slow");
    expect((await render({ "a.pdf": pdf() })).width).toBe(1600);
  });

  it("is drawn for several callers at once", async () => {
    const figures = await Promise.all([1, 2, 3, 4].map(() => render({ "a.pdf": pdf() })));
    expect(new Set(figures.map(({ sha256 }) => sha256)).size).toBe(1);
  });
});

describe.skipIf(!hasGhostscript && !process.env.CI)("PostScript", () => {
  it("is drawn by its bounding box, wherever on the page that lies", async () => {
    const figure = await render({ "a.eps": eps() });
    expect([figure.width, figure.height]).toEqual([1600, 800]);
    expect(await colourAt(figure.png, 0.05, 0.05)).toEqual(RED);
    expect(await colourAt(figure.png, 0.95, 0.95)).toEqual(BLUE);
  });

  it("may have its box at the end, or a preview beside it", async () => {
    const atEnd = eps()
      .replace("100 300 300 400", "(atend)")
      .replace("%%EOF", "%%BoundingBox: 100 300 300 400\n%%EOF");
    expect((await render({ "a.eps": atEnd })).sha256).toBe((await render({ "a.eps": eps() })).sha256);
    const header = Buffer.alloc(30);
    header.writeUInt32BE(0xc5d0d3c6, 0);
    header.writeUInt32LE(30, 4);
    header.writeUInt32LE(eps().length, 8);
    const dos = Buffer.concat([header, Buffer.from(eps()), Buffer.from("II*\0 preview")]);
    expect((await render({ "a.eps": dos })).sha256).toBe((await render({ "a.eps": eps() })).sha256);
  });

  it("may print without spoiling the picture", async () => {
    expect((await render({ "a.eps": eps("(some words) print flush") })).width).toBe(1600);
  });

  it.each([
    ["read a file", "(FILE) (r) file 100 string readstring pop pop"],
    ["overwrite a file", "(FILE) (w) file (x) writestring"],
    ["write a file", "(FILE.new) (w) file (x) writestring"],
    ["delete a file", "(FILE) deletefile"],
    ["run a program", "(%pipe%touch FILE.new) (w) file closefile"],
  ])("may not %s, not even among the temporary files", async (_what, body) => {
    const folder = mkdtempSync(join(tmpdir(), "figloom-eps-"));
    const file = join(folder, "notes.txt");
    writeFileSync(file, "private");
    try {
      const error = await problem({ "evil.eps": eps(body.replaceAll("FILE", file)) });
      expect(error.reason).toBe("image-corrupt");
      expect(error.message).toContain("evil.eps");
      expect(error.message).not.toContain("private");
      expect(readdirSync(folder)).toEqual(["notes.txt"]);
      expect(readFileSync(file, "utf8")).toBe("private");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("leaves no temporary files behind", async () => {
    const before = process.env.TMPDIR;
    const folder = mkdtempSync(join(tmpdir(), "figloom-tmp-"));
    process.env.TMPDIR = folder;
    try {
      await render({ "a.eps": eps() });
      await problem({ "loop.eps": eps("{} loop") }, undefined, { graphicSeconds: 0.2 });
      expect(readdirSync(folder)).toEqual([]);
    } finally {
      if (before === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = before;
      rmSync(folder, { recursive: true });
    }
  });

  it("that loops for ever is stopped", async () => {
    const error = await problem({ "loop.eps": eps("{} loop") }, undefined, { graphicSeconds: 0.5 });
    expect(error.reason).toBe("image-too-slow");
  });

  it.each([
    ["prints", "{(%stdout) (w) file 60000 string writestring} loop"],
    ["shows pages", "{showpage} loop"],
  ])("that %s without end is stopped", async (_what, body) => {
    const error = await problem({ "endless.eps": eps(body) }, undefined, { graphicSeconds: 2 });
    expect(["image-corrupt", "image-too-slow"]).toContain(error.reason);
    expect(error.message.length).toBeLessThan(1000);
  });

  it("cannot make the page larger than its box", async () => {
    const figure = await render({
      "a.eps": eps().replace("%%EndComments", "<</PageSize [90000 90000]>> setpagedevice"),
    });
    expect([figure.width, figure.height]).toEqual([1600, 800]);
  });
});

describe("PostScript without Ghostscript", () => {
  const path = process.env.PATH;
  afterAll(() => void (process.env.PATH = path));

  it("is reported with the package to install", async () => {
    process.env.PATH = join(tmpdir(), "no-such-folder");
    const error = await problem({ "a.eps": eps() });
    process.env.PATH = path;
    expect(error.reason).toBe("ghostscript-missing");
    expect(error.message).toContain("a.eps");
    expect(error.wayOut).toContain("apt install ghostscript");
  });
});

describe("an SVG", () => {
  it("is drawn large", async () => {
    const figure = await render({ "a.svg": svg('<rect width="100" height="100" fill="red"/>') });
    expect([figure.width, figure.height]).toEqual([1600, 800]);
    expect(await colourAt(figure.png, 0.25, 0.5)).toEqual(RED);
    expect(await colourAt(figure.png, 0.75, 0.5)).toEqual(WHITE);
  });

  it("may name its public document type, as plotting programs write it", async () => {
    const type =
      '<?xml version="1.0"?><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">';
    expect((await render({ "a.svg": svg("", type) })).width).toBe(1600);
  });

  it("may not declare entities", async () => {
    const entities = '<!DOCTYPE svg [<!ENTITY a "b"><!ENTITY c "&a;&a;">]>';
    const error = await problem({ "a.svg": svg("<text>&c;</text>", entities) });
    expect(error.reason).toBe("image-corrupt");
    expect(error.message).toContain("entities");
  });

  it("that keeps its drawer busy without end is stopped", async () => {
    const turbulence =
      '<feTurbulence baseFrequency="0.9" numOctaves="1000"/><feGaussianBlur stdDeviation="500"/>';
    const filter = `<filter id="f" x="-10" y="-10" width="30" height="30">${turbulence.repeat(50)}</filter>`;
    const drawing = svg(`${filter}${'<rect width="200" height="100" filter="url(#f)"/>'.repeat(100)}`);
    const error = await problem({ "busy.svg": drawing }, undefined, { graphicSeconds: 1 });
    expect(error.reason).toBe("image-too-slow");
  });

  it("that is broken is reported by name", async () => {
    const error = await problem({ "figs/bad.svg": svg("<g>") });
    expect(error.reason).toBe("image-corrupt");
    expect(error.message).toContain("figs/bad.svg");
  });

  it("loads nothing from outside", async () => {
    let asked = 0;
    const server = createServer((_request, response) => {
      asked++;
      response.end(png(10, 10));
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const folder = mkdtempSync(join(tmpdir(), "figloom-svg-"));
    const file = join(folder, "red.png");
    writeFileSync(file, png(10, 10, RED));
    const { port } = server.address() as AddressInfo;
    try {
      for (const href of [`file://${file}`, file, `http://127.0.0.1:${port}/red.png`]) {
        const image = svg(`<image href="${href}" xlink:href="${href}" width="200" height="100"/>`);
        expect(await colourAt((await render({ "a.svg": image })).png, 0.5, 0.5)).toEqual(WHITE);
      }
      expect(asked).toBe(0);
    } finally {
      server.close();
      rmSync(folder, { recursive: true });
    }
  });
});

describe("a raster image", () => {
  let photo: Buffer;
  beforeAll(async () => {
    photo = await sharp({ create: { width: 300, height: 200, channels: 3, background: "red" } })
      .composite([{ input: png(150, 200, BLUE), left: 150, top: 0 }])
      .png()
      .toBuffer();
  });

  it.each(["png", "jpeg", "gif", "webp", "tiff"] as const)(
    "may be a %s, whatever its name says",
    async (format) => {
      const figure = await render({ "figure.eps": await sharp(photo).toFormat(format).toBuffer() });
      expect([figure.width, figure.height]).toEqual([300, 200]);
      const [r, g, b] = await colourAt(figure.png, 0.25, 0.5);
      expect(r > 240 && g < 15 && b < 15).toBe(true);
    },
  );

  it("is scaled down to 2,400 pixels and never up", async () => {
    expect((await render({ "a.png": png(3000, 600) })).width).toBe(2400);
    expect((await render({ "a.png": png(2000, 600) })).width).toBe(2000);
    expect((await render({ "a.png": png(7, 5) })).width).toBe(7);
  });

  it("gets white for its transparent parts", async () => {
    const clear = await sharp({ create: { width: 9, height: 9, channels: 4, background: "#ff000000" } })
      .png()
      .toBuffer();
    expect(await colourAt((await render({ "a.png": clear })).png, 0.5, 0.5)).toEqual(WHITE);
  });

  it("is turned as its EXIF data says", async () => {
    const turned = await sharp(photo).withMetadata({ orientation: 6 }).jpeg().toBuffer();
    const figure = await render({ "a.jpg": turned });
    expect([figure.width, figure.height]).toEqual([200, 300]);
    const [r, , b] = await colourAt(figure.png, 0.5, 0.1);
    expect(r > 240 && b < 15).toBe(true);
  });

  it("comes out in sRGB where it was CMYK or grey with 16 bits", async () => {
    const cmyk = await sharp(photo).toColourspace("cmyk").jpeg().toBuffer();
    expect((await sharp(cmyk).metadata()).space).toBe("cmyk");
    const [r, , b] = await colourAt((await render({ "a.jpg": cmyk })).png, 0.25, 0.5);
    expect(r > b + 100).toBe(true);
    const grey = await sharp(photo).toColourspace("grey16").png().toBuffer();
    const [x, y, z] = await colourAt((await render({ "a.png": grey })).png, 0.25, 0.5);
    expect(x === y && y === z).toBe(true);
  });

  it("of 500 megapixels is turned away by its header", async () => {
    const error = await problem({ "figs/huge.png": hugePng() });
    expect(error.reason).toBe("image-too-large");
    expect(error.message).toContain("figs/huge.png");
    expect(error.message).toContain("25000 × 20000");
  });

  it.each([
    ["cut off", png(300, 300).subarray(0, 100), "image-corrupt"],
    ["without its data", hugePng().subarray(0, 20), "image-corrupt"],
    ["that is text", Buffer.from("no picture"), "image-not-recognised"],
    ["that is empty", Buffer.alloc(0), "image-not-recognised"],
  ])("%s is reported by name", async (_what, bytes, reason) => {
    const error = await problem({ "figs/bad.png": bytes });
    expect(error.reason).toBe(reason);
    expect(error.message).toContain("figs/bad.png of paper.tar.gz");
  });
});

describe("several graphics", () => {
  it("become one picture in the author's rows, with white between them", async () => {
    const files = {
      "a.png": png(100, 100, RED),
      "b.png": png(200, 200, BLUE),
      "c.png": png(100, 50, [0, 255, 0]),
    };
    const figure = await render(files, [["a.png", "b.png"], ["c.png"]]);
    expect(figure.width).toBe(200 + 6 + 200);
    expect(figure.height).toBe(200 + 6 + 50);
    expect(await colourAt(figure.png, 0.2, 0.4)).toEqual(RED);
    expect(await colourAt(figure.png, 0.8, 0.4)).toEqual(BLUE);
    expect(await colourAt(figure.png, 0.5, 0.4)).toEqual(WHITE);
    expect(await colourAt(figure.png, 0.5, 0.95)).toEqual([0, 255, 0]);
    expect(await colourAt(figure.png, 0.1, 0.95)).toEqual(WHITE);
  });

  it("keep within 2,400 pixels together", async () => {
    const figure = await render({ "a.pdf": pdf() }, [Array<string>(4).fill("a.pdf"), ["a.pdf"]]);
    expect(Math.max(figure.width, figure.height)).toBe(2400);
  });

  it("fail together when one is missing, and it is named", async () => {
    const error = await problem({ "a.png": png(10, 10) }, [["a.png", "gone.pdf"]]);
    expect(error.reason).toBe("image-missing");
    expect(error.message).toContain("gone.pdf");
  });

  it("may not be none, or too many", async () => {
    expect((await problem({}, [[]])).reason).toBe("figure-without-graphics");
    const many = [Array<string>(6).fill("a.png")];
    expect((await problem({ "a.png": png(10, 10) }, many, { graphics: 5 })).reason).toBe("figure-too-large");
  });
});

describe("cancelling", () => {
  it("throws the reason it was given, and no item error", async () => {
    const controller = new AbortController();
    controller.abort(new Error("the user said stop"));
    await expect(render({ "a.pdf": pdf() }, undefined, {}, controller.signal)).rejects.toThrow(
      "the user said stop",
    );
  });

  it.skipIf(!hasGhostscript && !process.env.CI)("stops Ghostscript", async () => {
    const controller = new AbortController();
    const drawing = render({ "loop.eps": eps("{} loop") }, undefined, {}, controller.signal);
    setTimeout(() => controller.abort(new Error("the user said stop")), 300);
    await expect(drawing).rejects.toThrow("the user said stop");
  });
});
