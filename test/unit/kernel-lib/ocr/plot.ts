import { renderFigure } from "../../../../kernel-lib/src/figures/render.js";
import { box, pdfArchive, pdfOf, text, upwards } from "../papers/pdf/writer.js";

/** A plot whose text is known from its PDF: axes and bars, titles, tick labels. */
export async function plot() {
  const ticks = ["0.25", "12.5", "300", "4000"];
  const content = [
    box(150, 200, 2, 300, 0),
    box(150, 500, 350, 2, 0),
    ...[60, 120, 200, 260].map((height, i) => box(180 + i * 80, 500 - height, 40, height)),
    ...ticks.map((label, i) => text(185 + i * 80, 518, label)),
    ...ticks.map((label, i) => text(118, 460 - i * 70, label)),
    text(230, 540, "Time since launch (days)", { size: 14 }),
    upwards(100, 440, "Flux density [mJy]", 14),
    text(230, 180, "Light curve of the second run", { size: 14, bold: true }),
  ].join("");
  const source = { from: "pdf", file: "paper.pdf", page: 1, bbox: [80, 160, 520, 560] } as const;
  const { png, text: known } = await renderFigure({ archive: pdfArchive(pdfOf([{ content }])), source });
  return { png, known: known! };
}
