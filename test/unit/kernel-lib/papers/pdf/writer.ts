/** Small PDFs made on the spot. Lengths are points from the top left of a page of 612 × 792; letters are 0.6 em wide. */
import type { Archive } from "../../../../../kernel-lib/src/papers/archive/archive.js";
import { archiveOf } from "../../figures/graphics.js";

export interface PdfPage {
  /** What is drawn, as {@link text}, {@link prose} and {@link box} give it. */
  content: string;
  /** More entries of the page, such as `/Rotate 90`. */
  entries?: string;
}

const HEIGHT = 792;

export interface TextStyle {
  size?: number;
  bold?: boolean;
}

/** One line of text whose base line is at `y`. */
export function text(
  x: number,
  y: number,
  words: string,
  { size = 10, bold = false }: TextStyle = {},
): string {
  const escaped = words.replace(/[\\()]/g, "\\$&");
  return `BT /${bold ? "B" : "F"} ${size} Tf 1 0 0 1 ${x} ${HEIGHT - y} Tm (${escaped}) Tj ET\n`;
}

/** The same turned so that it runs up the page. */
export function upwards(x: number, y: number, words: string, size = 10): string {
  return `BT /F ${size} Tf 0 1 -1 0 ${x} ${HEIGHT - y} Tm (${words}) Tj ET\n`;
}

const WORDS = "the river carries sand and small stones down to a wide plain where water slows".split(" ");

/** Lines of running text that all end at one edge, 12 points apart; the first base line is at `y`. */
export function prose(x: number, y: number, width: number, lines: number, size = 10): string {
  const letters = Math.floor(width / (size * 0.6));
  let [drawn, at] = ["", 0];
  for (let i = 0; i < lines; i++) {
    let line = "";
    while (line.length < letters) line += `${WORDS[at++ % WORDS.length]} `;
    line = line.slice(0, letters);
    if (line.endsWith(" ")) line = `${line.slice(0, -1)}s`;
    drawn += text(x, y + i * size * 1.2, line, { size });
  }
  return drawn;
}

/** A filled rectangle; `grey` from 0, black, to 1. */
export function box(x: number, y: number, width: number, height: number, grey = 0.4): string {
  return `${grey} g ${x} ${HEIGHT - y - height} ${width} ${height} re f 0 g\n`;
}

/** Bars over an axis with a label: a drawing of many parts. */
export function chart(x: number, y: number, width: number, height: number): string {
  const bars = [0.3, 0.8, 0.5, 0.6].map((part, i) =>
    box(x + 20 + (i * (width - 20)) / 4, y + height * (1 - part) - 20, (width - 20) / 6, height * part),
  );
  return (
    bars.join("") +
    box(x + 20, y + height - 20, width - 20, 1) +
    text(x + width / 2, y + height - 6, "time", { size: 8 })
  );
}

export function pdfOf(pages: readonly PdfPage[], trailer = ""): Buffer {
  const objects = [
    "<</Type/Catalog/Pages 2 0 R>>",
    `<</Type/Pages/Count ${pages.length}/Kids[${pages.map((_, i) => `${5 + 2 * i} 0 R`).join(" ")}]>>`,
    "<</Type/Font/Subtype/Type1/BaseFont/Courier>>",
    "<</Type/Font/Subtype/Type1/BaseFont/Courier-Bold>>",
    ...pages.flatMap(({ content, entries = "" }, i) => [
      `<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 ${HEIGHT}]/Resources<</Font<</F 3 0 R/B 4 0 R>>>>/Contents ${6 + 2 * i} 0 R${entries}>>`,
      `<</Length ${content.length}>>stream\n${content}\nendstream`,
    ]),
  ];
  let file = "%PDF-1.4\n";
  const offsets = objects.map((object, i) => {
    const offset = file.length;
    file += `${i + 1} 0 obj\n${object}\nendobj\n`;
    return offset;
  });
  const start = file.length;
  const rows = offsets.map((offset) => `${String(offset).padStart(10, "0")} 00000 n \n`);
  const count = objects.length + 1;
  file += `xref\n0 ${count}\n0000000000 65535 f \n${rows.join("")}trailer<</Size ${count}/Root 1 0 R${trailer}>>\nstartxref\n${start}\n%%EOF\n`;
  return Buffer.from(file, "latin1");
}

/** The PDF as `openArchive` holds it. */
export function pdfArchive(bytes: Buffer): Archive {
  return { ...archiveOf({ "paper.pdf": bytes }), source: "paper.pdf", form: "pdf" };
}
