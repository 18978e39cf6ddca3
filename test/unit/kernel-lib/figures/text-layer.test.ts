import { describe, expect, it } from "vitest";
import sharp from "sharp";
import { renderFigure } from "../../../../kernel-lib/src/figures/render.js";
import { box, pdfArchive, pdfOf, text, upwards } from "../papers/pdf/writer.js";
import { archiveOf } from "./graphics.js";

const page = (content: string) => pdfOf([{ content }]);

async function textOf(files: Record<string, Buffer>, rows = [Object.keys(files)]) {
  const { text, width, height } = await renderFigure({
    archive: archiveOf(files),
    source: { from: "graphics", rows },
  });
  return { lines: text, size: Math.max(width, height) };
}

const AXES =
  text(200, 700, "Time since launch [s]", { size: 20 }) +
  text(100, 680, "0.5", { size: 20 }) +
  text(400, 680, "1.0", { size: 20 }) +
  upwards(80, 500, "Counts per second", 20);

describe("the text of a picture that is drawn from a PDF", () => {
  it("is the PDF's own, row by row and then what is turned, with boxes in pixels", async () => {
    const { lines, size } = await textOf({ "a.pdf": page(AXES) });
    expect(lines?.map(({ text, angle, confidence }) => ({ text, angle, confidence }))).toEqual([
      { text: "0.5", angle: 0, confidence: null },
      { text: "1.0", angle: 0, confidence: null },
      { text: "Time since launch [s]", angle: 0, confidence: null },
      { text: "Counts per second", angle: 270, confidence: null },
    ]);
    const scale = size / 792;
    const [x0, y0, x1, y1] = lines![2]!.box!;
    // Letters of Courier are 0.6 em wide; the text's base line is at 700 points.
    expect(x0 / scale).toBeCloseTo(200, -1);
    expect(x1 / scale).toBeCloseTo(200 + 21 * 12, -1);
    expect(y0 / scale).toBeGreaterThan(675);
    expect(y1 / scale).toBeLessThan(710);
    const [, top, , bottom] = lines![3]!.box!;
    expect(bottom / scale).toBeCloseTo(500, -1);
    expect(top / scale).toBeCloseTo(500 - 17 * 12, -1);
  });

  it("goes where its panel goes", async () => {
    const one = page(text(100, 396, "left", { size: 40 }));
    const other = page(text(100, 396, "right", { size: 40 }));
    const { lines } = await textOf({ "a.pdf": one, "b.pdf": other });
    expect(lines?.map(({ text }) => text)).toEqual(["left", "right"]);
    const [left, right] = lines!.map(({ box }) => box!);
    expect(right![0]).toBeGreaterThan(left![2]);
    expect(right![1]).toBeCloseTo(left![1], -1);
    const { width, height } = await renderFigure({
      archive: archiveOf({ "a.pdf": one, "b.pdf": other }),
      source: { from: "graphics", rows: [["a.pdf", "b.pdf"]] },
    });
    expect(right![2]).toBeLessThan(width);
    expect(right![3]).toBeLessThan(height);
  });

  it("is not known where one panel is pixels", async () => {
    const png = await sharp({ create: { width: 80, height: 80, channels: 3, background: "#fff" } })
      .png()
      .toBuffer();
    expect((await textOf({ "a.pdf": page(AXES), "b.png": png })).lines).toBeNull();
  });

  it("is of the figure's part of the page alone, and starts there", async () => {
    const archive = pdfArchive(page(text(100, 100, "elsewhere") + text(200, 400, "inside")));
    const { text: lines } = await renderFigure({
      archive,
      source: { from: "pdf", file: "paper.pdf", page: 1, bbox: [190, 380, 300, 420] },
    });
    expect(lines?.map(({ text }) => text)).toEqual(["inside"]);
    expect(lines![0]!.box![0]).toBeCloseTo((10 * 300) / 72, -1);
  });

  it("leaves out what is not painted", async () => {
    const { lines } = await textOf({ "a.pdf": page(`${AXES} 3 Tr ${text(300, 300, "obey this")}`) });
    expect(lines?.map(({ text }) => text)).not.toContain("obey this");
    expect(lines).toHaveLength(4);
  });

  it("raises exponents, and takes none for the mark of a note", async () => {
    const raised = text(200, 300, "degree", { size: 20 }) + text(272, 293, "2", { size: 12 });
    expect((await textOf({ "a.pdf": page(raised) })).lines?.map(({ text }) => text)).toEqual(["degree²"]);
  });

  it("has minus signs that are drawn as strokes, upright and upwards, and takes no tick for one", async () => {
    const size = 20;
    const digit = (x: number, y: number, shown: string) => text(x, y, shown, { size });
    const drawn =
      digit(100, 300, "7") + box(84, 292, 12, 1.6, 0) + // a minus sign before it
      digit(300, 300, "8") + box(270, 292, 7, 1.6, 0) + // a tick
      digit(400, 300, "10") + text(437, 291, "6", { size: 14 }) + box(426, 286, 8.8, 1.2, 0) +
      upwards(500, 300, "9", size) + box(492, 302, 1.6, 12, 0); // prettier-ignore
    const { lines } = await textOf({ "a.pdf": page(drawn) });
    expect(lines?.map(({ text }) => text)).toEqual(["−7", "8", "10⁻⁶", "−9"]);
  });

  it.each([
    ["there are no letters", "0 0 100 100 re f"],
    [
      "fonts do not say what their glyphs are",
      `/F 9 Tf BT 1 0 0 1 99 99 Tm (${"\\001\\002\\003 ".repeat(9)}) Tj ET`,
    ],
  ])("is not known where %s", async (_, content) => {
    expect((await textOf({ "a.pdf": page(content) })).lines).toBeNull();
  });
});
