/** The reading of one picture, in the process that holds Tesseract. */
import type { TextLine } from "../../model.js";
import type { Grey } from "../components.js";
import { separate } from "./separate.js";
import { linesOf, merged, type Quarter, type Row } from "./words.js";

/** Recognises upright text on a picture. */
export type Recognise = (picture: Grey) => Promise<Row[]>;

/**
 * The lines of a picture, in its pixels: first what is upright, once the drawing is taken away, then what is left in
 * columns, turned so that text that runs upwards is upright, and what is still left then, downwards.
 */
export async function readPicture(given: Grey, recognise: Recognise): Promise<TextLine[]> {
  const picture = onLight(given);
  const read = async (sheet: Grey, angle: Quarter) =>
    linesOf(await recognise(turned(sheet, angle)), angle, picture);
  const separated = separate(picture);
  const upright = await read(separated?.letters ?? picture, 0);
  if (!separated?.columns) return merged(upright, []);
  const upwards = await read(separated.columns, 270);
  const rest = without(separated.columns, upwards);
  const downwards = rest ? await read(rest, 90) : [];
  return merged(upright, merged(upwards, downwards));
}

/** Confidence of a line that need not be read the other way round. */
const SURE = 0.8;
/** Pixels of ink that there is at least in a word. */
const WORD_INK = 100;
const INK = 160;

/** A sheet without the lines that were surely read; `null` where nothing else is on it. */
function without(sheet: Grey, lines: readonly TextLine[]): Grey | null {
  const { width, height } = sheet;
  const data = sheet.data.slice();
  for (const { box, confidence } of lines) {
    if (!box || (confidence ?? 0) < SURE) continue;
    const [left, right] = [Math.max(0, Math.floor(box[0])), Math.min(width, Math.ceil(box[2]))];
    for (let y = Math.max(0, Math.floor(box[1])); y < Math.min(height, Math.ceil(box[3])); y++)
      data.fill(255, y * width + left, y * width + right);
  }
  let ink = 0;
  for (const level of data) if (level < INK) ink++;
  return ink >= WORD_INK ? { width, height, data } : null;
}

/** Mean grey below which a picture is taken for a dark one with light text. */
const DARK = 110;

/** Dark ink on light ground. */
function onLight(picture: Grey): Grey {
  const { data } = picture;
  let sum = 0;
  for (const level of data) sum += level;
  return sum >= DARK * data.length ? picture : { ...picture, data: data.map((level) => 255 - level) };
}

/** The picture turned so that text at `angle` is upright. */
function turned(picture: Grey, angle: Quarter): Grey {
  if (angle === 0) return picture;
  const { width, height, data } = picture;
  const pixels = new Uint8Array(data.length);
  for (let y = 0, from = 0; y < height; y++)
    for (let x = 0; x < width; x++, from++)
      pixels[angle === 270 ? x * height + (height - 1 - y) : (width - 1 - x) * height + y] = data[from]!;
  return { width: height, height: width, data: pixels };
}
