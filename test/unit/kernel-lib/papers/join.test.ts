import { expect, test } from "vitest";
import type { Figure } from "../../../../kernel-lib/src/model.js";
import { placesInPdf } from "../../../../kernel-lib/src/papers/join.js";
import type { PictureSource, Reading } from "../../../../kernel-lib/src/papers/reading.js";

const SOUND = "The orbits of both bodies as seen from above";
const LIGHT = "Brightness of the source against the time in days";
const MASS = "Masses that follow from the fits of all spectra";

let counted = 0;
const figure = (number: string | null, caption: string, float: Figure["float"] = "figure") =>
  ({ figure_id: `p#${++counted}`, float, number, caption, confidence: 0.9 }) as Figure;

/** A PDF with these figures, each on a page of its own. */
function pdfOf(...figures: Figure[]): Reading {
  const pictures = new Map<string, PictureSource[]>(
    figures.map(({ figure_id }, i) => [
      figure_id,
      [{ from: "pdf", file: "p.pdf", page: i + 1, bbox: [0, 0, 9, 9] }],
    ]),
  );
  return { paper: { paper_id: "p" } as Reading["paper"], figures, warnings: [], pictures };
}

/** Page of each figure's place, `null` where it has none. */
function pages(figures: Figure[], pdf: Reading) {
  const places = placesInPdf(figures, pdf);
  return figures.map(({ figure_id }) => places.get(figure_id)?.source.page ?? null);
}

test("figures are found by their captions, and a missing one leaves a hole", () => {
  const pdf = pdfOf(figure("1", SOUND), figure("3", MASS));
  expect(pages([figure("1", SOUND), figure("2", LIGHT), figure("3", MASS)], pdf)).toEqual([1, null, 2]);
});

test("captions need not be the same word for word", () => {
  const pdf = pdfOf(figure("1", `${SOUND.replace("bodies", "bod- ies")}, with a tail`), figure("2", LIGHT));
  expect(pages([figure("1", SOUND), figure("2", LIGHT)], pdf)).toEqual([1, 2]);
});

test("other numbers do not matter where the captions are the same", () => {
  expect(
    pages([figure("A.1", SOUND), figure(null, LIGHT)], pdfOf(figure("7", SOUND), figure("8", LIGHT))),
  ).toEqual([1, 2]);
});

test("equal captions are told apart by number and order", () => {
  const pdf = pdfOf(figure("1", LIGHT), figure("2", LIGHT), figure("3", LIGHT));
  expect(pages([figure("1", LIGHT), figure("2", LIGHT), figure("3", LIGHT)], pdf)).toEqual([1, 2, 3]);
  expect(pages([figure("2", LIGHT), figure("3", LIGHT)], pdf)).toEqual([2, 3]);
});

test("figures that the PDF shows in another order than they are numbered are found", () => {
  const pdf = pdfOf(figure("3", MASS), figure("1", SOUND), figure("2", LIGHT));
  expect(pages([figure("1", SOUND), figure("2", LIGHT), figure("3", MASS)], pdf)).toEqual([2, 3, 1]);
});

test("a figure without a caption is told by its number", () => {
  expect(pages([figure("1", SOUND), figure("2", "")], pdfOf(figure("1", SOUND), figure("2", "")))).toEqual([
    1, 2,
  ]);
});

test("tables and figures do not mix", () => {
  const pdf = pdfOf(figure("1", SOUND, "table"), figure("1", SOUND));
  expect(pages([figure("1", SOUND), figure("1", SOUND, "table")], pdf)).toEqual([2, 1]);
});

test("nothing is taken from another paper's PDF", () => {
  const pdf = pdfOf(figure("1", "Prices of houses in four towns by year"), figure("2", ""));
  expect(pages([figure("1", SOUND), figure("2", "")], pdf)).toEqual([null, null]);
});

test("a figure that the PDF shows no region of has no place", () => {
  const pdf = pdfOf(figure("1", SOUND));
  pdf.pictures.clear();
  expect(pages([figure("1", SOUND)], pdf)).toEqual([null]);
});
