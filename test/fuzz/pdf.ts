import fc from "fast-check";

const TEXTS = [
  "Figure 1. Growth of the cells.", "Fig. 2 | Two panels", "FIGURE 3:", "Table 1. Sizes.", "Figure 1 shows it.", "as in Figs. 2-4 and 7", "Introduction", "1", "x", "", "(", "\\",
]; // prettier-ignore
const number = fc.oneof(fc.integer({ min: -50, max: 700 }), fc.constantFrom(0, 1e9, -1e9, 0.001, 1));

const operation: fc.Arbitrary<string> = fc.oneof(
  fc
    .tuple(fc.constantFrom(6, 9, 12, 40, 0, 5000), number, number, fc.constantFrom(...TEXTS))
    .map(
      ([size, x, y, text]) =>
        `BT /F1 ${size} Tf ${x} ${y} Td (${text.replace(/[\\()]/g, "\\$&")}) Tj 0 -${size} Td (and on it goes, word by word.) Tj ET`,
    ),
  fc.tuple(number, number, number, number, fc.constantFrom("S", "f", "B", "W n")).map((parts) => parts.join(" ").replace(/ (\D+)$/, " re $1")),
  fc.tuple(number, number, number, number).map(([a, b, c, d]) => `${a} ${b} m ${c} ${d} l S`),
  fc.tuple(number, number, number, number, number, number).map((matrix) => `${matrix.join(" ")} cm`),
  fc.constantFrom("q", "Q", "/X1 Do", "0 0 1 rg", "BI /W 2 /H 2 /BPC 8 /CS /G ID abcd EI", "]", "<<"),
); // prettier-ignore

/** A PDF whose pages hold text, boxes, lines and forms (one that draws itself, too) wherever it falls out. */
export const pdfSource: fc.Arbitrary<Buffer> = fc
  .tuple(
    fc.array(fc.array(operation, { maxLength: 30 }), { minLength: 1, maxLength: 3 }),
    fc.constantFrom("0 0 612 792", "0 0 1 1", "0 0 -612 792", "-100 -100 20000 20000", "0 0 0 0"),
    fc.constantFrom(0, 90, 45, -90),
  )
  .map(([pages, mediaBox, rotate]) =>
    pdfOf(
      pages.map((operations) => operations.join("\n")),
      mediaBox,
      rotate,
    ),
  );

/** A PDF of pages with these contents. Helvetica is `/F1`; `/X1` is a form that draws itself. */
export function pdfOf(pages: readonly string[], mediaBox = "0 0 612 792", rotate = 0): Buffer {
  const kids = pages.map((_, i) => `${5 + 2 * i} 0 R`).join(" ");
  const resources = "/Resources << /Font << /F1 3 0 R >> /XObject << /X1 4 0 R >> >>";
  return fileOf([
    "<< /Type /Catalog /Pages 2 0 R >>",
    `<< /Type /Pages /Count ${pages.length} /Kids [${kids}] /MediaBox [${mediaBox}] >>`,
    "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    stream(
      "/Type /XObject /Subtype /Form /BBox [0 0 100 100] /Resources << /XObject << /X1 4 0 R >> >>",
      "0 0 50 50 re f /X1 Do",
    ),
    ...pages.flatMap((content, i) => [
      `<< /Type /Page /Parent 2 0 R /Rotate ${rotate} /Contents ${6 + 2 * i} 0 R ${resources} >>`,
      stream("", content),
    ]),
  ]);
}

const stream = (entries: string, content: string) =>
  `<< ${entries} /Length ${content.length} >>\nstream\n${content}\nendstream`;

function fileOf(objects: readonly string[]): Buffer {
  let file = "%PDF-1.7\n";
  const offsets = objects.map((object, i) => {
    const offset = file.length;
    file += `${i + 1} 0 obj\n${object}\nendobj\n`;
    return offset;
  });
  const table = offsets.map((offset) => `${String(offset).padStart(10, "0")} 00000 n \n`).join("");
  const size = objects.length + 1;
  return Buffer.from(
    `${file}xref\n0 ${size}\n0000000000 65535 f \n${table}trailer\n<< /Size ${size} /Root 1 0 R >>\nstartxref\n${file.length}\n%%EOF\n`,
    "latin1",
  );
}

/** What mutations of PDFs put in. */
export const PDF_WORDS = [
  "obj", "endobj", "stream\n", "endstream", "xref", "trailer", "<<", ">>", "[", "]", "/Length 99999999", "/Kids [2 0 R]", "/Parent 2 0 R", "/Count -1", "/Filter /FlateDecode",
  "/Filter [/FlateDecode /FlateDecode]", "1 0 R", "(Figure 1. ", "startxref\n0", "/Encrypt 1 0 R", "0 0 99999 99999 re f", "/MediaBox [0 0 1e9 1e9]",
]; // prettier-ignore
