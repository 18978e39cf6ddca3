import { describe, expect, it } from "vitest";
import { parsePaperName } from "../../../../kernel-lib/src/fetch/identifiers.js";
import { arxivIdOf, paperIdOf } from "../../../../kernel-lib/src/papers/identifiers.js";

describe("a paper's name", () => {
  it.each([
    ["1703.09824", "1703.09824", null, "1703.09824"],
    ["1703.09824v2", "1703.09824", 2, "1703.09824v2"],
    ["0704.0001", "0704.0001", null, "0704.0001"],
    ["arXiv:2107.00144", "2107.00144", null, "2107.00144"],
    [" https://arxiv.org/abs/1703.09824v12 ", "1703.09824", 12, "1703.09824v12"],
    ["https://arxiv.org/pdf/1703.09824v1.pdf", "1703.09824", 1, "1703.09824v1"],
    ["http://export.arxiv.org/e-print/hep-th/9901001", "hep-th/9901001", null, "hep-th9901001"],
    ["https://www.arxiv.org/abs/1703.09824?context=cs", "1703.09824", null, "1703.09824"],
    ["https://doi.org/10.48550/arXiv.1703.09824", "1703.09824", null, "1703.09824"],
    ["hep-th/9901001v3", "hep-th/9901001", 3, "hep-th9901001v3"],
    ["hep-th9901001", "hep-th/9901001", null, "hep-th9901001"],
    ["math.GT/0309136", "math/0309136", null, "math0309136"],
    ["cond-mat.mes-hall/0309136", "cond-mat/0309136", null, "cond-mat0309136"],
  ])("of arXiv is read: %s", (text, id, version, paper_id) => {
    expect(parsePaperName(text)).toEqual({ from: "arxiv", id, version, paper_id });
    expect(paperIdOf(`${paper_id}.tar.gz`)).toBe(paper_id);
    expect(arxivIdOf(`${paper_id}.tar.gz`)).toBe(id);
  });

  it.each([
    ["PMC3531190", null],
    ["pmc3531190.2", 2],
    ["https://pmc.ncbi.nlm.nih.gov/articles/PMC3531190/", null],
    ["https://www.ncbi.nlm.nih.gov/pmc/articles/PMC3531190/?report=reader", null],
  ])("of PubMed Central is read: %s", (text, version) => {
    expect(parsePaperName(text)).toEqual({ from: "pmc", id: "PMC3531190", version, paper_id: "PMC3531190" });
  });

  it.each([
    "",
    "1713.00001",
    "1703.0982",
    "1412.00001",
    "0703.0001",
    "../etc/passwd",
    "https://example.org/1703.09824",
    "1703.09824v0",
    "hep-th/99010012",
    "PMC",
  ])("that is none is refused: %s", (text) => expect(() => parsePaperName(text)).toThrow(/names no paper/));
});
