import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { prepare, ROOT, type Workplace } from "../../fuzz/build.js";
import { reproduce, type Campaign } from "../../fuzz/harness.js";
import { pdfOf } from "../../fuzz/pdf.js";

let workplace: Workplace;
let campaign: Campaign;
beforeAll(async () => {
  workplace = await prepare();
  const { program, scratch } = workplace;
  campaign = {
    reader: "pdf",
    inputs: 0,
    seed: 1,
    program,
    root: ROOT,
    corpus: false,
    scratch,
    limitSeconds: 120,
  };
});
afterAll(() => workplace.remove());

const PAGE = `BT /F1 12 Tf 72 200 Td (Figure 1. Growth of the cells.) Tj ET 72 300 200 200 re S`;

describe("inputs that fuzzing found", { timeout: 600_000 }, () => {
  it("a figure on a page of 400 million square points is read within the memory of any other", async () => {
    expect(await reproduce(campaign, [pdfOf([PAGE], "0 0 20000 20000")])).toEqual(["read"]);
  });

  it("drawings that reach far over the end of every page are cut off there", async () => {
    const text = (line: string) =>
      `BT /F1 6 Tf 1 1 Td (${line}) Tj 0 -6 Td (and on it goes, word by word.) Tj ET`;
    const far = `131 40 1000000000 319 0.001 323 cm 427 265 m -1000000000 -1000000000 l S /X1 Do`;
    const page = `${text("Table 1. Sizes.")} 294 265 m 1 238 l S ${far} ${text("1")} 393 1 m 670 334 l S`;
    expect(await reproduce(campaign, [pdfOf([page], "-100 -100 20000 20000")])).toEqual(["read"]);
  });

  it("PDFium goes on behind files that are broken and pages that cannot be read", async () => {
    const broken = Buffer.from("%PDF-1.7\nnothing");
    const missing = Buffer.from(
      pdfOf([PAGE]).toString("latin1").replace("/Type /Page /Parent", "/Type /Gone /Parent"),
      "latin1",
    );
    const files = Array.from({ length: 60 }, (_, i) => (i % 2 ? broken : missing));
    const results = await reproduce(campaign, [...files, pdfOf([PAGE])]);
    expect(results.at(-1)).toBe("read");
    expect(results[1]).toBe("pdf-broken");
  });
});
