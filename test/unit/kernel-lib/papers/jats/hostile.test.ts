import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openArchive } from "../../../../../kernel-lib/src/papers/archive/open.js";
import { readSource } from "../../../../../kernel-lib/src/papers/read-paper.js";
import { archiveOf, article, fig, readArticle } from "./reading.js";

const LIMIT = 60_000;
const reasonOf = (run: () => unknown) => {
  try {
    run();
  } catch (error) {
    return (error as { reason?: string }).reason;
  }
  return "read";
};

describe("hostile XML", () => {
  it("an entity bomb does not grow", { timeout: LIMIT }, () => {
    const levels = Array.from({ length: 9 }, (_, i) => `<!ENTITY l${i + 1} "${`&l${i};`.repeat(10)}">`).join(
      "",
    );
    const subset = `[<!ENTITY l0 "lol">${levels}<!ENTITY file SYSTEM "file:///etc/hostname">]>`;
    const xml = article(fig("f", "Figure 1", "<p>&l0; &l9; &file;</p>")).replace(
      `"a.dtd">`,
      `"a.dtd" ${subset}`,
    );
    const { figures, warnings } = readArticle(xml);
    expect(figures[0]!.caption).toBe("lol &l9; &file;");
    expect(warnings.join()).toContain("l9, file");
  });

  it.each([
    ["10 MB of nesting", article("<sec>".repeat(2_000_000)), "xml-too-large"],
    ["a million elements", article("<p/>".repeat(1_000_001)), "xml-too-large"],
    ["an article that is cut off", article("<p>x</p>").slice(0, -20), "xml-broken"],
    ["crossed tags", article("<p><b></p></b>"), "xml-broken"],
    ["a comment without end", article("<!-- ".repeat(500_000)), "xml-broken"],
    ["two roots", `${article("")}<article/>`, "xml-broken"],
    ["another kind of document", `<book><front/></book>`, "latex-no-document"],
  ])("%s is refused", { timeout: LIMIT }, (_, xml, reason) => {
    expect(reasonOf(() => readArticle(xml))).toBe(reason);
  });

  it("a picture with 50,000 alternatives ends", { timeout: LIMIT }, () => {
    const graphics = `<alternatives>${`<graphic xlink:href="a"/>`.repeat(50_000)}</alternatives>`;
    expect(readArticle(article(`<fig id="f">${graphics}</fig>`)).figures[0]!.image_missing).toContain(": a.");
  });

  it.each([
    ["figures that go on with none", (i: number) => fig(`f${i}`, `Figure ${i} (continued)`)],
    ["pictures that are not there", (i: number) => fig(`f${i}`, `Figure ${i}`, "", `x-${i}-1`)],
    ["names of entities that nobody knows", (i: number) => `&e${i};&none;&none;`],
  ])("twenty thousand %s, all in one line, end", { timeout: 120_000 }, (_, piece) => {
    const body = Array.from({ length: 20_000 }, (_, i) => piece(i)).join("");
    const others = Array.from({ length: 5_000 }, (_, i) => `y-${i}.png`);
    expect(readArticle(article(`${body}${fig("last", "Figure 0")}`), others).figures.at(-1)!.label).toBe(
      "last",
    );
  });

  it("an article behind very many declarations is an article", () => {
    const declarations = Array.from({ length: 50_000 }, (_, i) => `<!ENTITY e${i} "x&#65;">`).join("");
    const xml = article("<p>&e7;&e49999;</p>").replace(`"a.dtd">`, `"a.dtd" [${declarations}]>`);
    expect(readArticle(xml).paper.paragraphs[0]!.text).toBe("xAxA");
  });

  it("endless commas, brackets and citations end", { timeout: LIMIT }, () => {
    const junk = `,;,;( [${`<xref ref-type="bibr" rid="r">1</xref>,`.repeat(20)}`.repeat(5_000);
    expect(
      readArticle(article(`<p>${junk}</p>${fig("f", "Figure 1", `<p>${junk}</p>`)}`)).figures,
    ).toHaveLength(1);
  });

  it.each([
    [
      "Latin-1, as declared",
      Buffer.from(article("<p>é</p>").replace("?>", ` encoding="ISO-8859-1"?>`), "latin1"),
    ],
    [
      "Latin-1 that declares UTF-8",
      Buffer.from(article("<p>é</p>").replace("?>", ` encoding="UTF-8"?>`), "latin1"),
    ],
    ["UTF-8 that declares UTF-16", Buffer.from(article("<p>é</p>").replace("?>", ` encoding="UTF-16"?>`))],
    [
      "an encoding that does not exist",
      Buffer.from(article("<p>é</p>").replace("?>", ` encoding="x-none"?>`)),
    ],
    ["UTF-16", Buffer.from(`\ufeff${article("<p>é</p>")}`, "utf16le")],
    ["UTF-16 the other way round", Buffer.from(`\ufeff${article("<p>é</p>")}`, "utf16le").swap16()],
    ["UTF-16 without a mark", Buffer.from(article("<p>é</p>"), "utf16le")],
    ["a byte order mark", Buffer.from(`\ufeff${article("<p>é</p>")}`)],
  ])("%s is read", (_, bytes) => expect(readArticle(bytes).paper.paragraphs[0]!.text).toBe("é"));
});

describe("what is taken for a JATS article", () => {
  let folder: string;
  beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "jats-"))));
  afterEach(() => rmSync(folder, { recursive: true }));

  it.each([
    ["a bare file", "p.xml", (xml: string) => xml],
    ["a gzipped file", "p.nxml.gz", gzipSync],
    ["a file in UTF-16", "p.xml", (xml: string) => Buffer.from(`\ufeff${xml}`, "utf16le")],
    ["a file with a byte order mark", "p.xml", (xml: string) => `\ufeff${xml}`],
    [
      "PubMed Central's answer",
      "p.xml",
      (xml: string) => `<pmc-articleset>${xml.slice(xml.indexOf("<article"))}</pmc-articleset>`,
    ],
  ])("%s", async (_, name, pack) => {
    writeFileSync(join(folder, name), pack(article(fig("f", "Figure 1"))));
    const { paper, figures } = readSource(await openArchive(join(folder, name)));
    expect(paper).toMatchObject({ paper_id: "p", kind: "jats" });
    expect(figures[0]!.image_missing).toContain("holds no such file: f.jpg");
  });

  it("of several articles the one named as the archive, and the other is told", () => {
    const files = { "x/big.xml": article("<p>Other, longer.</p>"), "x/p1.xml": article("<p>This.</p>") };
    const { paper, warnings } = readSource(archiveOf(files));
    expect(paper.paragraphs[0]!.text).toBe("This.");
    expect(warnings[0]).toContain("x/big.xml");
  });

  it("LaTeX with other XML beside it is LaTeX", () => {
    const files = {
      "main.tex": String.raw`\documentclass{article}\begin{document}Hello.\end{document}`,
      "meta.xml": "<article><info/></article>",
      "data.xml": "<data><front>",
    };
    expect(readSource(archiveOf(files)).paper.kind).toBe("latex");
  });
});
