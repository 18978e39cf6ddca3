/** Pages whose text runs up or down the page, as wide figures and tables are set: turned so that it is read upright. */
import type { Box, Line, Page } from "./page.js";

export type Angle = Line["angle"];

/** Letters of a line that is more than a label, and of a page to tell by how it is turned. */
const LINE = 15;
const PAGE = 60;

/** The angle that most of a page's text is set at; its long lines tell, for the labels of a drawing may run anywhere. */
export function readingAngle({ lines }: Page): Angle {
  const letters = new Map<Angle, number>([[0, 0]]);
  const longest = Math.max(0, ...lines.map(({ text }) => text.length));
  for (const { text, angle } of lines)
    if (text.length >= Math.max(LINE, longest / 3))
      letters.set(angle, (letters.get(angle) ?? 0) + text.length);
  const [[angle, most]] = [...letters].sort((a, b) => b[1] - a[1]) as [[Angle, number]];
  return most >= PAGE ? angle : 0;
}

/** The page turned back by `angle`, so that text at that angle is upright. */
export function turnedPage(page: Page, angle: Angle): Page {
  if (angle === 0) return page;
  const turn = (box: Box) => turnedBox(box, angle, page);
  const sideways = angle !== 180;
  return {
    number: page.number,
    width: sideways ? page.height : page.width,
    height: sideways ? page.width : page.height,
    images: page.images.map(turn),
    paths: page.paths.map(turn),
    lines: page.lines.map((line) => ({
      ...line,
      box: turn(line.box),
      angle: ((line.angle - angle + 360) % 360) as Angle,
      runs: line.runs.map((run) => ({ ...run, box: turn(run.box) })),
    })),
  };
}

/** A box of a page of that size, where it comes to lie when the page is turned counterclockwise by `angle`. */
export function turnedBox(
  [x0, y0, x1, y1]: Box,
  angle: Angle,
  { width, height }: Pick<Page, "width" | "height">,
): Box {
  switch (angle) {
    case 0:
      return [x0, y0, x1, y1];
    case 90:
      return [y0, width - x1, y1, width - x0];
    case 180:
      return [width - x1, height - y1, width - x0, height - y0];
    case 270:
      return [height - y1, x0, height - y0, x1];
  }
}
