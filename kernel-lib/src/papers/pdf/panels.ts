/** The lettered parts of a figure, by the letters that stand in it or in its caption. */
import { contains, height, sharedX, width } from "./boxes.js";
import { mainRun } from "./layout.js";
import type { Box, Line } from "./page.js";

export interface PdfPanel {
  /** As printed, without brackets: `a`. */
  letter: string;
  /** Its own caption below or beside its letter, else what the figure's caption says of it; may be empty. */
  caption: string;
  /** From 0, as the letters stand in the figure. */
  row: number;
}

interface Mark {
  letter: string;
  line: Line;
  /** What follows on the letter. */
  text: string;
}

/** The panels where they are clearly there: two letters and more from `a` on, each once. */
export function readPanels(box: Box, lines: readonly Line[], caption: string): PdfPanel[] {
  const inside = lines.filter((line) => contains(box, line.box, 3));
  const said = captionsOf(caption);
  const marks =
    lettered(inside, /^\(([a-z])\)\s*(.*)$/i) ?? lettered(inside.filter(isBare), /^([a-z])[).]?()$/i);
  if (marks)
    return inRows(marks).map(({ mark, row }) => ({
      letter: mark.letter,
      caption: subcaption(mark, inside) || (said.get(mark.letter.toLowerCase()) ?? ""),
      row,
    }));
  return [...said].map(([letter, text]) => ({ letter, caption: text, row: 0 }));
}

/** A letter that stands alone, set as panel letters are. */
const isBare = (line: Line) =>
  line.angle === 0 && line.text.length <= 2 && (mainRun(line).bold || mainRun(line).size >= 9);

/** Lines that begin with a letter, one for each letter from `a` on; `undefined` where there are no two. */
function lettered(lines: readonly Line[], pattern: RegExp): Mark[] | undefined {
  const marks = new Map<string, Mark>();
  for (const line of lines) {
    const match = pattern.exec(line.text.trim());
    if (!match) continue;
    const letter = match[1]!;
    const key = letter.toLowerCase();
    if (!marks.has(key)) marks.set(key, { letter, line, text: match[2]!.trim() });
  }
  const found: Mark[] = [];
  for (let code = 97; marks.has(String.fromCharCode(code)); code++)
    found.push(marks.get(String.fromCharCode(code))!);
  return found.length >= 2 && found.length >= marks.size * 0.7 ? found : undefined;
}

function inRows(marks: readonly Mark[]): { mark: Mark; row: number }[] {
  const tops = [...new Set(marks.map(({ line }) => line.box[1]))].sort((a, b) => a - b);
  const rows: number[] = [];
  for (const top of tops) if (rows.length === 0 || top - rows.at(-1)! > 12) rows.push(top);
  return marks.map((mark) => ({ mark, row: rows.findLastIndex((top) => mark.line.box[1] >= top - 0.1) }));
}

/** The words behind a letter, and the lines below them that go on. */
function subcaption({ line, text }: Mark, lines: readonly Line[]): string {
  if (!text) return "";
  const words = [text];
  let last = line;
  for (;;) {
    const next = lines.find(
      (other) =>
        other.box[1] > last.box[1] + 2 &&
        other.box[1] - last.box[3] < height(last.box) * 0.6 &&
        Math.abs(mainRun(other).size - mainRun(line).size) < 0.3 &&
        sharedX(other.box, line.box) > Math.min(width(other.box), width(line.box)) * 0.6 &&
        !/^\([a-z]\)/i.test(other.text),
    );
    if (!next) return words.join(" ");
    words.push(next.text);
    last = next;
  }
}

/** What a caption says behind `(a)`, `(b)`, … or `a)`, `b)`; empty where these do not come in their order. */
function captionsOf(caption: string): Map<string, string> {
  const marks = [...caption.matchAll(/(?:^|[\s.;,:])\(?([a-z])\)[:.,]?(?=\s)/gi)];
  const found: { letter: string; from: number; at: number }[] = [];
  for (const mark of marks) {
    const letter = mark[1]!.toLowerCase();
    if (letter.charCodeAt(0) === 97 + found.length)
      found.push({ letter, at: mark.index, from: mark.index + mark[0].length });
  }
  if (found.length < 2) return new Map();
  return new Map(
    found.map(({ letter, from }, i) => [
      letter,
      caption
        .slice(from, found[i + 1]?.at ?? caption.length)
        .trim()
        .replace(/[;,]$|\s(?:and)$/, "")
        .trim(),
    ]),
  );
}
