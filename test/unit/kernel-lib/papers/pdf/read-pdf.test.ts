import { expect, describe, it } from "vitest";
import { readPdf } from "../../../../../kernel-lib/src/papers/pdf/read-pdf.js";
import { box, chart, pdfArchive, pdfOf, prose, text, upwards, type PdfPage } from "./writer.js";

const read = async (pages: readonly PdfPage[]) => readPdf(pdfArchive(pdfOf(pages)));
const figuresOf = async (...contents: string[]) =>
  (await read(contents.map((content) => ({ content })))).figures;
/** Two pages of nothing but text, so that it is known what running text looks like. */
const plain = { content: prose(72, 80, 468, 50) };

/** Whether a box is the one wanted but for three points at each edge. */
function expectBox(found: readonly number[] | null, wanted: readonly number[]): void {
  expect(found).toHaveLength(4);
  for (const [i, edge] of wanted.entries())
    expect(Math.abs(found![i]! - edge), `edge ${i} of ${found}`).toBeLessThan(3);
}

describe("a figure", () => {
  it("is the drawing above its caption, with its labels and without the text around it", async () => {
    const [figure, ...more] = await figuresOf(
      prose(72, 80, 468, 10) +
        chart(150, 220, 300, 200) +
        text(72, 440, "Figure 1: Loads by hour and what they carry down", {}) +
        prose(72, 480, 468, 20),
    );
    expect(more).toEqual([]);
    expect([figure!.figure_id, figure!.number, figure!.caption, figure!.kind]).toEqual([
      "paper#fig1",
      "1",
      "Loads by hour and what they carry down",
      "pdf",
    ]);
    expect(figure!.provenance.page).toBe(1);
    expectBox(figure!.provenance.bbox, [170, 240, 450, 416]);
    expect(figure!.confidence).toBeGreaterThan(0.8);
  });

  it("has a caption of several lines, which ends where the text begins", async () => {
    const caption =
      text(72, 340, "Figure 2. The long way of the sand from the mountains to the sea as we measured", {
        size: 8,
      }) +
      text(72, 350, "it over two years, with the stones left out of the sums and counted on their own", {
        size: 8,
      }) +
      text(72, 360, "as small ones.", { size: 8 });
    const [figure] = await figuresOf(chart(150, 100, 300, 220) + caption + prose(72, 390, 468, 20));
    expect(figure!.caption).toMatch(/^The long way .* as we measured it over .* as small ones\.$/);
  });

  it("is not begun by a sentence that speaks of it", async () => {
    const [figure, ...more] = await figuresOf(
      prose(72, 80, 468, 3) +
        text(72, 116, "Figure 1 shows that the sand goes down to the plain and that the water slows") +
        text(72, 128, "there. Figure 1. The next sentence begins with a figure as this one does too") +
        prose(72, 140, 468, 5) +
        chart(150, 240, 300, 200) +
        text(72, 460, "Figure 1. What the river carries.", {}) +
        prose(72, 500, 468, 10),
    );
    expect(more).toEqual([]);
    expect(figure!.caption).toBe("What the river carries.");
  });

  it("of the supplement has the number that its readers give it", async () => {
    const figures = await figuresOf(
      prose(72, 80, 468, 10) +
        chart(150, 220, 300, 200) +
        text(72, 440, "Supplementary Figure 1: Loads by hour and what they carry") +
        prose(72, 480, 468, 20),
    );
    expect(figures.map(({ number }) => number)).toEqual(["S1"]);
  });

  it("stands beside another one, each over its own caption", async () => {
    const figures = await figuresOf(
      chart(72, 80, 210, 150) +
        chart(320, 80, 210, 150) +
        text(100, 250, "Figure 1: In spring") +
        text(350, 250, "Figure 2: In autumn") +
        prose(72, 290, 468, 30),
    );
    expect(figures.map(({ number, caption }) => [number, caption])).toEqual([
      ["1", "In spring"],
      ["2", "In autumn"],
    ]);
    expectBox(figures[0]!.provenance.bbox, [92, 90, 282, 226]);
    expectBox(figures[1]!.provenance.bbox, [340, 90, 530, 226]);
  });

  it("stays in its column where there are two", async () => {
    const figures = await figuresOf(
      prose(60, 80, 234, 50) +
        prose(320, 80, 234, 10) +
        chart(330, 210, 200, 150) +
        text(320, 380, "Fig. 1. What goes down", { size: 9 }) +
        prose(320, 410, 234, 22),
    );
    expect(figures).toHaveLength(1);
    expectBox(figures[0]!.provenance.bbox, [350, 220, 530, 356]);
  });

  it("may stand below its caption, where the paper's others do", async () => {
    const page = (number: number) => ({
      content:
        prose(72, 80, 468, 5) +
        text(72, 160, `Figure ${number}: Loads of the river in one year`, { bold: true }) +
        chart(150, 175, 300, 150) +
        prose(72, 350, 468, 20),
    });
    const { figures } = await read([page(1), page(2), page(3)]);
    for (const figure of figures) expectBox(figure.provenance.bbox, [170, 185, 450, 321]);
  });

  it("is drawn in to its ink where the drawing has white parts", async () => {
    const white = `1 g 100 300 400 300 re f 0 g\n`;
    const [figure] = await figuresOf(
      white + box(200, 250, 200, 150) + text(72, 520, "Figure 1: A block") + prose(72, 560, 468, 15),
    );
    expectBox(figure!.provenance.bbox, [200, 250, 400, 400]);
  });

  it("may fill the page before its caption", async () => {
    const { figures } = await read([
      plain,
      { content: chart(72, 80, 468, 600) },
      {
        content:
          text(72, 80, "Figure 1: The whole year, hour by hour", { bold: true }) + prose(72, 120, 468, 40),
      },
    ]);
    expect(figures[0]!.provenance.page).toBe(2);
    expectBox(figures[0]!.provenance.bbox, [92, 180, 540, 676]);
  });

  it("is kept with the reason where there is no picture to its caption", async () => {
    const { figures, pictures } = await read([
      { content: prose(72, 80, 468, 10) + text(72, 240, "Figure 1: It is gone") + prose(72, 280, 468, 30) },
    ]);
    expect(figures[0]!.image_missing).toMatch(/found near the caption/);
    expect(pictures.size).toBe(0);
  });

  it("that goes on on the next page is one, and what is left out of it is said", async () => {
    const page = (caption: string) => ({
      content: chart(150, 80, 300, 150) + text(72, 250, caption) + prose(72, 290, 468, 30),
    });
    const { figures, warnings } = await read([
      page("Figure 1: Loads of sand"),
      page("Figure 1: Loads of sand (continued)"),
      page("Figure 2: Loads of stones"),
    ]);
    expect(figures.map(({ number, provenance }) => [number, provenance.page])).toEqual([
      ["1", 1],
      ["2", 3],
    ]);
    expect(warnings).toEqual([expect.stringContaining("Figure 1 goes on on page 2")]);
  });

  it("stays clear of text that runs around it", async () => {
    const [figure] = await figuresOf(
      prose(72, 80, 468, 10) +
        prose(72, 200, 220, 20) +
        chart(310, 200, 220, 180) +
        text(330, 400, "Figure 1: In the margin") +
        prose(72, 440, 468, 20),
    );
    expectBox(figure!.provenance.bbox, [330, 216, 530, 376]);
  });

  it("has the panels whose letters stand in it, each with its words", async () => {
    const [figure] = await figuresOf(
      chart(72, 80, 210, 150) +
        chart(320, 80, 210, 150) +
        text(130, 245, "(a) In spring", { size: 9 }) +
        text(380, 245, "(b) In autumn", { size: 9 }) +
        text(72, 275, "Figure 1: Loads of sand in two seasons of the year") +
        prose(72, 310, 468, 30),
    );
    expect(figure!.panels.map(({ panel_id, caption, row }) => [panel_id, caption, row])).toEqual([
      ["paper#fig1a", "In spring", 0],
      ["paper#fig1b", "In autumn", 0],
    ]);
  });

  it("has the panels that its caption tells apart", async () => {
    const [figure] = await figuresOf(
      chart(150, 80, 300, 150) +
        text(72, 250, "Figure 1: (a) Loads of sand; (b) loads of stones.") +
        prose(72, 290, 468, 30),
    );
    expect(figure!.panels.map(({ number, caption }) => [number, caption])).toEqual([
      ["a", "Loads of sand"],
      ["b", "loads of stones."],
    ]);
  });
});

describe("a page that is turned", () => {
  it("by its entry, is read as it is shown", async () => {
    const content =
      chart(100, 72, 300, 200) + text(72, 300, "Figure 1: A wide one") + prose(72, 340, 468, 20);
    const { figures } = await read([{ content, entries: "/Rotate 180" }, plain]);
    expectBox(figures[0]!.provenance.bbox, [612 - 400, 792 - 268, 612 - 120, 792 - 92]);
  });

  it("by its text, is read along the text", async () => {
    const sideways =
      box(100, 150, 250, 500) +
      upwards(400, 700, "Figure 1: A wide one that lies on its side, with words enough to tell") +
      upwards(412, 700, "how the page is to be held by the one who reads it");
    const { figures } = await read([plain, { content: sideways }]);
    expect(figures[0]!.caption).toMatch(/^A wide one .* who reads it$/);
    expectBox(figures[0]!.provenance.bbox, [100, 150, 350, 650]);
  });
});

describe("a table", () => {
  const row = (y: number) => ["sand", "12", "0.4"].map((cell, i) => text(150 + i * 110, y, cell)).join("");

  it("is what stands between its rules, below its caption", async () => {
    const rules = [112, 130, 190].map((y) => box(140, y, 330, 0.8, 0)).join("");
    const [table] = await figuresOf(
      text(150, 100, "Table 1: Loads and what they are made of") +
        rules +
        [125, 145, 165, 185].map(row).join("") +
        prose(72, 230, 468, 30),
    );
    expect([table!.figure_id, table!.float]).toEqual(["paper#tab1", "table"]);
    expectBox(table!.provenance.bbox, [140, 112, 470, 191]);
  });

  it("may hold lines of words as long as those of the text", async () => {
    const rules = [112, 200].map((y) => box(72, y, 468, 0.8, 0)).join("");
    const [table] = await figuresOf(
      text(72, 104, "Table 2: Words of those who were asked") +
        rules +
        prose(72, 125, 468, 6) +
        prose(72, 230, 468, 30),
    );
    expectBox(table!.provenance.bbox, [72, 112, 540, 201]);
  });
});

it("the contexts of a figure are the paragraphs that name it", async () => {
  const told = prose(72, 80, 468, 4) + text(72, 128, "as Figure 1 shows.");
  const figure = chart(150, 180, 300, 200) + text(72, 400, "Figure 1: Loads of the river");
  const begin =
    text(72, 60, "A river", { size: 18 }) + text(72, 90, "1 Introduction", { size: 14, bold: true });
  const first = { content: begin + prose(72, 120, 468, 40) };
  const { figures, paper } = await read([first, { content: told + figure + prose(72, 440, 468, 20) }]);
  expect(figures[0]!.contexts).toHaveLength(1);
  expect(figures[0]!.contexts[0]!.text).toMatch(/as Figure 1 shows\.$/);
  expect(paper.paragraphs.some(({ text }) => text.includes("Loads of the river"))).toBe(false);
});
