import { describe, expect, it } from "vitest";
import { ItemError } from "../../../../../kernel-lib/src/errors.js";
import type { PdfLimits } from "../../../../../kernel-lib/src/papers/pdf/limits.js";
import { readPdf } from "../../../../../kernel-lib/src/papers/pdf/read-pdf.js";
import { box, chart, pdfArchive, pdfOf, prose, text } from "./writer.js";

const page = { content: prose(72, 80, 468, 30) };
const locked = `/Encrypt<</Filter/Standard/V 1/R 2/P -4/O<${"11".repeat(32)}>/U<${"22".repeat(32)}>>>/ID[<00><00>]`;

async function problem(bytes: Buffer, limits: Partial<PdfLimits> = {}): Promise<ItemError> {
  const error = await readPdf(pdfArchive(bytes), { limits }).then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(error).toBeInstanceOf(ItemError);
  return error as ItemError;
}

describe("a PDF that gives no paper is named with the reason and the way out", () => {
  it.each<[string, Buffer, Partial<PdfLimits>]>([
    ["pdf-encrypted", pdfOf([page], locked), {}],
    ["pdf-broken", Buffer.from("%PDF-1.5\nnothing of a PDF\n"), {}],
    ["pdf-broken", pdfOf([page]).subarray(0, 40), {}],
    ["pdf-scanned", pdfOf([{ content: box(50, 50, 500, 700) }]), {}],
    ["pdf-empty", pdfOf([]), {}],
    ["pdf-too-long", pdfOf([page, page, page]), { pages: 2 }],
    ["pdf-too-large", pdfOf([page, page]), { parts: 1000 }],
    ["pdf-too-slow", pdfOf(Array(30).fill(page)), { seconds: 0.001 }],
  ])("%s", async (reason, bytes, limits) => {
    const error = await problem(bytes, limits);
    expect(error.reason).toBe(reason);
    expect(error.message).toContain("paper.pdf");
    expect(error.wayOut).not.toBe("");
  });
});

it("one broken page does not lose the others", async () => {
  const figure = {
    content: chart(150, 80, 300, 200) + text(72, 300, "Figure 1: Loads") + prose(72, 340, 468, 20),
  };
  const bytes = pdfOf([page, { ...page, entries: "/Type/Nothing" }, figure]);
  // The second page's object is overwritten with something else of the same length.
  const broken = Buffer.from(
    bytes.toString("latin1").replace("/Type/Page/Parent 2 0 R", "/Type/Pagx/Parent 9 0 R"),
    "latin1",
  );
  const { figures } = await readPdf(pdfArchive(broken));
  expect(figures.map(({ number }) => number)).toEqual(["1"]);
});

it("what is above the limits of a page is left out with a warning", async () => {
  const { warnings } = await readPdf(pdfArchive(pdfOf([page])), { limits: { glyphs: 500 } });
  expect(warnings).toEqual([expect.stringContaining("Page 1 holds more")]);
});

it("forms within forms without end are left", async () => {
  const form = pdfOf([{ content: `${prose(72, 80, 468, 20)}/X Do` }]).toString("latin1");
  const looping = form.replace("/Font<<", "/XObject<</X 6 0 R>>/Font<<");
  const { paper } = await readPdf(pdfArchive(Buffer.from(looping, "latin1")));
  expect(paper.paragraphs.length).toBeGreaterThan(0);
});

it("ends at once when it is cancelled", async () => {
  const signal = AbortSignal.abort(new Error("enough"));
  await expect(readPdf(pdfArchive(pdfOf([page])), { signal })).rejects.toThrow("enough");
});
