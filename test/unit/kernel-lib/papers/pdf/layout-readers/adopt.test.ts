import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openArchive } from "../../../../../../kernel-lib/src/papers/archive/open.js";
import type { LayoutRegion } from "../../../../../../kernel-lib/src/papers/pdf/layout-readers/region.js";
import { readPdf } from "../../../../../../kernel-lib/src/papers/pdf/read-pdf.js";
import { box, chart, pdfArchive, pdfOf, prose, text, type PdfPage } from "../writer.js";

type Edges = readonly [number, number, number, number];
const SIZE = [612, 792, 612, 792];
const shares = (edges: Edges, size = SIZE) =>
  edges.map((edge, i) => edge / size[i]!) as unknown as LayoutRegion["box"];
const region = (body: Edges, caption?: Edges, kind: LayoutRegion["kind"] = "figure"): LayoutRegion => ({
  kind,
  page: 1,
  box: shares(body),
  captions: caption ? [shares(caption)] : [],
});

const read = (pages: readonly PdfPage[], regions: LayoutRegion[]) =>
  readPdf(pdfArchive(pdfOf(pages)), { layout: { reader: "mineru", regions } });
const figuresOf = async (content: string, ...regions: LayoutRegion[]) =>
  (await read([{ content }], regions)).figures;

function expectBox(found: readonly number[] | null, wanted: readonly number[]): void {
  expect(found).toHaveLength(4);
  for (const [i, edge] of wanted.entries())
    expect(Math.abs(found![i]! - edge), `edge ${i} of ${found}`).toBeLessThan(3);
}

/** Two drawings side by side, the right one far off, and a caption. */
const PAIR =
  prose(72, 80, 468, 8) +
  box(90, 220, 120, 100) +
  box(400, 220, 120, 100) +
  text(72, 350, "Figure 1: What the river carries in spring and in the autumn", {}) +
  prose(72, 400, 468, 20);
const CAPTION: Edges = [72, 340, 440, 353];
const LEFT: Edges = [90, 220, 210, 320];
const RIGHT: Edges = [400, 220, 520, 320];

describe("a figure of which another reader says where it stands", () => {
  it("has that region, and its caption from the PDF", async () => {
    const [figure, ...more] = await figuresOf(PAIR, region(RIGHT, CAPTION));
    expect(more).toEqual([]);
    expectBox(figure!.provenance.bbox, RIGHT);
    expect(figure!.caption).toBe("What the river carries in spring and in the autumn");
  });

  it("says who said so", async () => {
    const said = await read([{ content: PAIR }], [region(RIGHT, CAPTION)]);
    expect(said.pictures.get("paper#fig1")).toMatchObject([{ from: "pdf", layoutReader: "mineru" }]);
    const own = await read([{ content: PAIR }], []);
    expect(own.pictures.get("paper#fig1")![0]).not.toHaveProperty("layoutReader");
  });

  it("is the surer the more both readers agree", async () => {
    const [same] = await figuresOf(PAIR, region([90, 220, 520, 320], CAPTION));
    const [part] = await figuresOf(PAIR, region(RIGHT, CAPTION));
    expect(same!.confidence!).toBeGreaterThan(part!.confidence!);
    expect(part!.confidence!).toBeGreaterThan(0);
  });

  it("is put together again where it was split into panels and only one has the caption", async () => {
    const [figure] = await figuresOf(PAIR, region(LEFT), region(RIGHT, CAPTION));
    expectBox(figure!.provenance.bbox, [90, 220, 520, 320]);
  });

  it("is put together again where panels have captions of their own, and rows", async () => {
    const rows = [200, 330, 460].map((y) => [70, 180, 290].map((x): Edges => [x, y, x + 90, y + 100]));
    const marks = rows.flat().map(([x, , , y1]) => text(x + 10, y1 + 14, "(a) calm", { size: 8 }));
    const page =
      prose(72, 80, 468, 8) +
      rows
        .flat()
        .map(([x, y]) => box(x, y, 90, 100))
        .join("") +
      marks.join("") +
      text(72, 600, "Figure 2: Nine days of one river", {}) +
      prose(72, 640, 468, 8);
    const caption: Edges = [72, 590, 270, 603];
    const regions = rows
      .flat()
      .map((body, i) => region(body, i === 7 ? caption : [body[0], body[3] + 4, body[2], body[3] + 16]));
    const [figure] = await figuresOf(page, ...regions);
    expectBox(figure!.provenance.bbox, [70, 200, 380, 560]);
  });

  it("takes no panels from beyond text or another caption", async () => {
    const page =
      prose(72, 80, 468, 4) +
      box(150, 140, 300, 90) +
      text(72, 250, "Figure 1: What the river carries in spring", {}) +
      box(150, 275, 300, 90) +
      text(72, 385, "Figure 2: What the river carries in the autumn", {}) +
      prose(72, 410, 468, 3) +
      box(150, 455, 300, 90) +
      prose(72, 560, 468, 10);
    const figures = await figuresOf(
      page,
      region([150, 140, 450, 230], [72, 240, 330, 253]),
      region([150, 275, 450, 365], [72, 375, 350, 388]),
      region([150, 455, 450, 545]),
    );
    expectBox(figures[0]!.provenance.bbox, [150, 140, 450, 230]);
    expectBox(figures[1]!.provenance.bbox, [150, 275, 450, 365]);
  });

  it("is found also where the other reader has missed its caption", async () => {
    const reading = await read([{ content: PAIR }], [region(LEFT), region(RIGHT)]);
    expectBox(reading.figures[0]!.provenance.bbox, [90, 220, 520, 320]);
    expect(reading.pictures.get("paper#fig1")).toMatchObject([{ layoutReader: "mineru" }]);
  });

  it("has no caption in it where the region is drawn round both", async () => {
    const [figure] = await figuresOf(PAIR, region([80, 210, 530, 356], CAPTION));
    expectBox(figure!.provenance.bbox, [90, 220, 520, 320]);
  });

  it("keeps the words that the region cuts off", async () => {
    const page = chart(150, 220, 300, 200) + text(72, 440, "Figure 1: Loads by hour of the day", {});
    const [whole] = await figuresOf(page + prose(72, 480, 468, 20));
    const [figure] = await figuresOf(
      page + prose(72, 480, 468, 20),
      region([172, 242, 448, 410], [72, 430, 280, 443]),
    );
    expectBox(figure!.provenance.bbox, whole!.provenance.bbox!);
  });

  it("is where it is when the page is shown turned", async () => {
    const turned = { content: PAIR, entries: "/Rotate 180" };
    const upsideDown = ([x0, y0, x1, y1]: Edges): Edges => [612 - x1, 792 - y1, 612 - x0, 792 - y0];
    const { figures } = await read([turned], [region(upsideDown(RIGHT), upsideDown(CAPTION))]);
    expectBox(figures[0]!.provenance.bbox, upsideDown(RIGHT));
  });
});

it("a figure of which the other reader says nothing stands where our own finds it", async () => {
  const [own] = await figuresOf(PAIR);
  const [figure] = await figuresOf(PAIR, region([0, 700, 50, 780], undefined, "table"));
  expect(figure).toEqual(own);
});

it.each<[string, Edges]>([
  ["nothing", [450, 700, 600, 780]],
  ["running text", [72, 410, 540, 500]],
  ["a speck", [100, 250, 104, 254]],
])("a region of %s is none, whatever caption it is given", async (_, body) => {
  const [own] = await figuresOf(PAIR);
  expect(await figuresOf(PAIR, region(body, CAPTION))).toEqual([own]);
});

it("regions on pages that are not there, and any number of them, change nothing", async () => {
  const [own] = await figuresOf(PAIR);
  const many = Array.from({ length: 5000 }, (_, i) => ({ ...region([0, 780, 9, 790]), page: (i % 9) - 3 }));
  expect(await figuresOf(PAIR, ...many)).toEqual([own]);
});

it("five figures of two columns are those of a reader that splits one and misses captions", async () => {
  const archive = await openArchive(
    join(import.meta.dirname, "../../../../../../notebooks/papers/bird-strikes.pdf"),
  );
  const own = await readPdf(archive);
  const boxOf = (number: string) =>
    own.figures.find((figure) => figure.number === number)!.provenance.bbox as unknown as Edges;
  const [x0, y0, x1, y1] = boxOf("1");
  const bodies: [Edges, Edges?][] = [
    [[x0, y0, 300, y1]],
    [
      [306, y0, x1, y1],
      [164, 235, 431, 244],
    ],
    [boxOf("2"), [166, 392, 429, 402]],
    [boxOf("3"), [100, 571, 246, 580]],
    [boxOf("4")],
    [boxOf("5"), [315, 679, 529, 688]],
  ];
  const regions = bodies.map(([body, caption]): LayoutRegion => {
    const of = (edges: Edges) => shares(edges, [595.276, 841.89, 595.276, 841.89]);
    return { kind: "figure", page: 2, box: of(body), captions: caption ? [of(caption)] : [] };
  });
  const { figures, pictures } = await readPdf(archive, { layout: { reader: "docling", regions } });
  for (const [i, figure] of figures.entries()) {
    const { provenance, confidence, ...rest } = own.figures[i]!;
    expect(figure).toMatchObject({ ...rest, confidence: expect.any(Number) as number });
    expectBox(figure.provenance.bbox, provenance.bbox!);
    expect(pictures.get(figure.figure_id)).toMatchObject([{ layoutReader: "docling" }]);
    expect(confidence).toBeGreaterThan(0.5);
  }
});
