import { expect, it } from "vitest";
import { findFloats } from "../../../../../kernel-lib/src/papers/pdf/floats.js";
import { readLayout } from "../../../../../kernel-lib/src/papers/pdf/layout.js";
import type { Box, Line, Page } from "../../../../../kernel-lib/src/papers/pdf/page.js";
import { column, line, lineOf, page, run } from "./set-page.js";

const text = (x: number, top: number, width: number, count: number) =>
  column(
    Array.from({ length: count }, () => "the river carries sand and small stones to"),
    x,
    top,
    width,
  );

const drawn = (lines: Line[], paths: Box[], number = 1): Page => ({ ...page(lines, number), paths });
const plain = (number: number) => drawn(text(72, 80, 468, 45), [], number);
const found = (...pages: Page[]) => findFloats(readLayout(pages));

it("a caption ends at the gutter, however narrow that is", () => {
  const left = text(72, 400, 220, 25);
  const right = text(300, 80, 220, 50);
  const caption = line("Figure 1: What the river carries in the wet", 72, 368, { width: 220 });
  const rest = line("season of the year.", 72, 380);
  const [figure, ...more] = found(drawn([...left, ...right, caption, rest], [[90, 100, 280, 340]]));
  expect(more).toEqual([]);
  expect(figure!.caption.lines.map((each) => each.text)).toEqual([caption.text, rest.text]);
  expect(figure!.box).toEqual([90, 100, 280, 340]);
});

it("code that stands in the text right above a drawing is no part of it", () => {
  const code = [
    line("> stones <- read('river')", 72, 236, { font: "CMTT10" }),
    line("> plot(stones)", 72, 248, { font: "CMTT10" }),
  ];
  const caption = line("Figure 1: Stones by size", 220, 520);
  const [figure] = found(
    drawn([...text(72, 80, 468, 10), ...code, caption, ...text(72, 560, 468, 10)], [[120, 272, 490, 500]]),
    plain(2),
  );
  expect(figure!.box).toEqual([120, 272, 490, 500]);
});

it("the strokes of a legend beside a drawing are part of it", () => {
  const legend = line("spring", 400, 300, { size: 8, font: "Sans" });
  const stroke: Box = [432, 297, 460, 297.5];
  const caption = line("Figure 1: Stones by size", 220, 520);
  const [figure] = found(
    drawn([legend, caption, ...text(72, 560, 468, 10)], [[120, 258, 395, 500], stroke]),
    plain(2),
  );
  expect(figure!.box![2]).toBe(460);
});

it("a page is not turned for the labels of its drawing", () => {
  const labels = Array.from({ length: 20 }, (_, i) => {
    const label = line("right to leave the land", 100 + 18 * i, 300, { size: 8, font: "Sans" });
    return { ...label, angle: 270 as const, box: [100 + 18 * i, 100, 108 + 18 * i, 190] as Box };
  });
  const caption = line("Figure 1: The rights of those who live along the river and who named them", 100, 520);
  const [figure] = found(drawn([...labels, caption], [[100, 200, 470, 500]]), plain(2), plain(3));
  expect([figure!.number, figure!.caption.page.angle]).toEqual(["1", 0]);
  expect(figure!.box).toEqual([100, 100, 470, 500]);
});

it("figures that stand in columns come in the order of their numbers", () => {
  const captions = [
    line("Figure 1: In the spring", 72, 300),
    line("Figure 2: In the summer", 72, 600),
    line("Figure 3: In the autumn", 320, 250),
  ];
  const paths: Box[] = [
    [80, 100, 280, 280],
    [80, 400, 280, 580],
    [320, 100, 520, 230],
  ];
  const figures = found(drawn([...captions, ...text(320, 300, 220, 25)], paths));
  expect(figures.map(({ number }) => number)).toEqual(["1", "2", "3"]);
});

it("a caption is found behind the line number that is drawn with it", () => {
  const numbered = (lines: Line[], from: number) =>
    lines.map((each, i) => {
      const number = run(`${from + i} `, 45, each.box[3] - 2, { width: 15 });
      return lineOf([number, ...each.runs]);
    });
  const draft = (lines: Line[], paths: Box[], number: number) =>
    drawn(numbered(lines, number * 100), paths, number);
  const caption = line("Figure 1: Stones by size", 72, 320);
  const figures = found(
    draft([caption, ...text(72, 360, 468, 30)], [[90, 100, 280, 300]], 1),
    draft(text(72, 80, 468, 45), [], 2),
    draft(text(72, 80, 468, 45), [], 3),
  );
  expect(figures.map(({ number }) => number)).toEqual(["1"]);
  expect(figures[0]!.caption.lines[0]!.text).toBe(caption.text);
});

it("a watermark is no drawing", () => {
  const mark: Box = [150, 200, 460, 600];
  const marked = (lines: Line[], number: number) => drawn(lines, [mark], number);
  const [figure] = found(
    marked([line("Figure 1: Stones by size", 72, 500)], 1),
    ...[2, 3, 4, 5].map((number) => marked(text(72, 80, 468, 45), number)),
  );
  expect(figure!.box).toBeUndefined();
});
