import sharp from "sharp";
import { expect, it } from "vitest";
import { renderFigure } from "../../../../../kernel-lib/src/figures/render.js";
import { box, pdfArchive, pdfOf } from "./writer.js";

const archive = pdfArchive(
  pdfOf([{ content: "" }, { content: `1 0 0 rg 100 592 50 100 re f 0 0 1 rg 150 592 50 100 re f` }]),
);
const source = (page: number, bbox: readonly [number, number, number, number]) =>
  ({ from: "pdf", file: "paper.pdf", page, bbox }) as const;

it("a figure's picture is its part of the page at 300 dpi", async () => {
  const { png, width, height } = await renderFigure({ archive, source: source(2, [100, 100, 200, 200]) });
  expect(width).toBeGreaterThanOrEqual(416);
  expect(width).toBeLessThanOrEqual(418);
  expect(Math.abs(width - height)).toBeLessThanOrEqual(1);
  const { data } = await sharp(png).raw().toBuffer({ resolveWithObject: true });
  const pixel = (x: number, y: number) => [...data.subarray((y * width + x) * 3, (y * width + x) * 3 + 3)];
  expect(pixel(100, 200)).toEqual([255, 0, 0]);
  expect(pixel(300, 200)).toEqual([0, 0, 255]);
});

it("a large one keeps to the limit on its long side", async () => {
  const { width } = await renderFigure({
    archive,
    source: source(2, [0, 0, 612, 400]),
    limits: { longSide: 600 },
  });
  expect(width).toBeLessThanOrEqual(601);
});

it("a page that is not there is named with its file", async () => {
  await expect(renderFigure({ archive, source: source(7, [0, 0, 100, 100]) })).rejects.toMatchObject({
    reason: "image-corrupt",
    message: expect.stringContaining("paper.pdf") as string,
  });
  // The next one is drawn all the same.
  const other = pdfArchive(pdfOf([{ content: box(0, 0, 100, 100) }]));
  const { width } = await renderFigure({ archive: other, source: source(1, [0, 0, 100, 100]) });
  expect(width).toBeGreaterThan(400);
});
