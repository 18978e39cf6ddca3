import type { PictureText, TextLine } from "../model.js";

/** A line that has a place. */
type Placed = TextLine & { box: NonNullable<TextLine["box"]> };

/**
 * Lines as one reads them off a picture: upright ones row by row, each from the left, then turned ones from left to right;
 * those without a box last, as they came.
 */
export function inReadingOrder(lines: readonly TextLine[]): TextLine[] {
  const placed = lines.filter((line): line is Placed => line.box !== null);
  const upright = placed.filter(isUpright).sort((a, b) => middle(a) - middle(b));
  const turned = placed.filter((line) => !isUpright(line)).sort((a, b) => a.box[0] - b.box[0]);
  const rows: Placed[][] = [];
  for (const line of upright) {
    const row = rows.at(-1);
    if (row && isBeside(row[0]!, line)) row.push(line);
    else rows.push([line]);
  }
  return [
    ...rows.flatMap((row) => row.sort((a, b) => a.box[0] - b.box[0])),
    ...turned,
    ...lines.filter(({ box }) => box === null),
  ];
}

/** What is kept of a picture's text; a drawing of more is made of letters, or hostile. */
const MAX_LINES = 500;
const MAX_CHARACTERS = 10_000;

/** The text of a picture's lines, of 500 lines and 10,000 characters at most. */
export function textOf(lines: readonly TextLine[]): Pick<PictureText, "text" | "lines"> {
  let characters = 0;
  const kept = lines.slice(0, MAX_LINES).filter(({ text }) => (characters += text.length) <= MAX_CHARACTERS);
  return { text: kept.map(({ text }) => text).join("\n"), lines: kept };
}

const isUpright = ({ angle }: TextLine): boolean => angle < 45 || angle >= 315;

const middle = ({ box }: Placed): number => (box[1] + box[3]) / 2;

/** Whether a line's middle is in the other's height. */
const isBeside = ({ box }: Placed, line: Placed): boolean => middle(line) <= box[3] && middle(line) >= box[1];
