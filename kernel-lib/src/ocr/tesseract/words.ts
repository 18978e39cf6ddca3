/** What Tesseract finds, put together to lines. */
import type { TextLine } from "../../model.js";
import { inReadingOrder } from "../../text/reading-order.js";

type Box = readonly [x0: number, y0: number, x1: number, y1: number];

/** A word as it was recognised: in a picture that was turned for it, its box there. */
export interface Word {
  text: string;
  box: Box;
  /** 0..1. */
  confidence: number;
}

/** Words on one base line, from the left. */
export type Row = readonly Word[];

/** Quarter turns clockwise that text stands at. */
export type Quarter = 0 | 90 | 270;

/** A word of less is a drawing's part that looks like one. */
const WORD_CONFIDENCE = 0.3;
/** Of lines: the shorter, the more easily a line comes out of nothing. */
const LINE_CONFIDENCE = 0.45;
const SHORT_CONFIDENCE = 0.6;
const SHORT = 2;
/** A gap as wide as this, in parts of the line's height, is between two lines: of tick labels for example. */
const LINE_GAP = 1.1;

/** Lines of the picture, in its pixels. */
export function linesOf(
  rows: readonly Row[],
  angle: Quarter,
  { width, height }: { width: number; height: number },
): TextLine[] {
  return rows.flatMap((row) =>
    apart(row.filter(({ confidence }) => confidence >= WORD_CONFIDENCE)).flatMap((words) => {
      const text = words
        .map(({ text }) => text)
        .join(" ")
        .trim();
      const letters = text.match(/[\p{L}\p{N}]/gu)?.length ?? 0;
      const confidence = meanConfidence(words);
      if (letters === 0 || confidence < (letters <= SHORT ? SHORT_CONFIDENCE : LINE_CONFIDENCE)) return [];
      const box = turnedBack(union(words.map((word) => word.box)), angle, { width, height });
      return [{ text, box, angle, confidence: Math.round(confidence * 1000) / 1000 }];
    }),
  );
}

function apart(row: Row): Word[][] {
  const groups: Word[][] = [];
  const tall = Math.max(...row.map(({ box }) => box[3] - box[1]));
  for (const word of row) {
    const before = groups.at(-1)?.at(-1);
    if (before && word.box[0] - before.box[2] <= LINE_GAP * tall) groups.at(-1)!.push(word);
    else groups.push([word]);
  }
  return groups;
}

function meanConfidence(words: readonly Word[]): number {
  let [sum, letters] = [0, 0];
  for (const { text, confidence } of words) {
    sum += confidence * text.length;
    letters += text.length;
  }
  return letters === 0 ? 0 : sum / letters;
}

/** A box in the picture that was turned so that text at `angle` is upright, where it is in the picture itself. */
function turnedBack(
  [x0, y0, x1, y1]: Box,
  angle: Quarter,
  { width, height }: { width: number; height: number },
): Box {
  switch (angle) {
    case 0:
      return [x0, y0, x1, y1];
    case 270:
      return [y0, height - x1, y1, height - x0];
    case 90:
      return [width - y1, x0, width - y0, x1];
  }
}

/** Share of the smaller box from which two lines read the same ink. */
const SAME_INK = 0.3;

/**
 * Lines that were read upright and turned, together: of those that read the same ink the ones stay that were read with
 * more confidence, weighted by letters.
 */
export function merged(upright: readonly TextLine[], turned: readonly TextLine[]): TextLine[] {
  const weight = ({ text, confidence }: TextLine) => (confidence ?? 0) * text.length;
  const better = turned.filter((line) => {
    const rivals = upright.filter((other) => overlap(line, other) > SAME_INK);
    return rivals.reduce((sum, rival) => sum + weight(rival), 0) < weight(line);
  });
  const rest = upright.filter((line) => !better.some((other) => overlap(line, other) > SAME_INK));
  return inReadingOrder([...rest, ...better]);
}

function overlap({ box: a }: TextLine, { box: b }: TextLine): number {
  if (!a || !b) return 0;
  const width = Math.min(a[2], b[2]) - Math.max(a[0], b[0]);
  const height = Math.min(a[3], b[3]) - Math.max(a[1], b[1]);
  if (width <= 0 || height <= 0) return 0;
  const area = ([x0, y0, x1, y1]: Box) => Math.max(1, (x1 - x0) * (y1 - y0));
  return (width * height) / Math.min(area(a), area(b));
}

const union = (boxes: readonly Box[]): Box => [
  Math.min(...boxes.map(([x0]) => x0)),
  Math.min(...boxes.map(([, y0]) => y0)),
  Math.max(...boxes.map(([, , x1]) => x1)),
  Math.max(...boxes.map(([, , , y1]) => y1)),
];
