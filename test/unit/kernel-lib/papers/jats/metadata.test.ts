import { describe, expect, it } from "vitest";
import { article, readArticle } from "./reading.js";

const paperOf = (front: string) => readArticle(article("<p>x</p>", { front })).paper;

it("title, abstract, identifiers, licence and subjects come from the front matter", () => {
  const front =
    `<article-id pub-id-type="doi">10.1/x</article-id><article-categories><subj-group><subject>Research Article</subject></subj-group>` +
    `<subj-group><subject>Ecology</subject></subj-group></article-categories>` +
    `<title-group><article-title>On <italic>E. coli</italic></article-title></title-group>` +
    `<permissions><license xlink:href="http://creativecommons.org/licenses/by/4.0/"><license-p>Free.</license-p></license></permissions>` +
    `<abstract abstract-type="toc"><p>Short.</p></abstract><abstract><sec><title>Aim</title><p>To see.</p></sec></abstract>`;
  expect(paperOf(front)).toMatchObject({
    kind: "jats",
    title: "On E. coli",
    abstract: "Aim: To see.",
    doi: "10.1/x",
    licence: "http://creativecommons.org/licenses/by/4.0/",
    categories: ["Ecology"],
    discipline: "Biology",
  });
});

describe("the licence, however it is stated, is one address", () => {
  const by4 = "http://creativecommons.org/licenses/by/4.0/";
  const ncnd3 = "http://creativecommons.org/licenses/by-nc-nd/3.0/";
  it.each([
    ["as NISO's reference", `<license><ali:license_ref>https://creativecommons.org/licenses/by/4.0/</ali:license_ref></license>`, by4],
    ["as a link in its wording", `<license><license-p>Under the <ext-link xlink:href="https://creativecommons.org/licenses/by/4.0">licence</ext-link>.</license-p></license>`, by4],
    ["in letters", "<license><license-p>This is open access under CC BY 4.0.</license-p></license>", by4],
    ["by its full name", "<license><p>Creative Commons Attribution-NonCommercial-NoDerivs 3.0 Unported License</p></license>", ncnd3],
    ["by a name without version", "<license><p>the Creative Commons Attribution Non-Commercial License</p></license>", "http://creativecommons.org/licenses/by-nc/"],
    ["as a type", `<license license-type="CC0"/>`, "http://creativecommons.org/publicdomain/zero/1.0/"],
    ["in the copyright statement, as of old", "<copyright-statement>Roe. Creative Commons Attribution License 2.5.</copyright-statement>", "http://creativecommons.org/licenses/by/2.5/"],
    ["another one by its address", `<license xlink:href="https://example.org/userlicense/1.0"/>`, "https://example.org/userlicense/1.0"],
    ["another one by its wording", "<license><license-p>All rights reserved.</license-p></license>", "All rights reserved."],
  ])("%s", (_, stated, licence) => {
    expect(paperOf(`<permissions>${stated}</permissions>`).licence).toBe(licence);
  }); // prettier-ignore

  it("none is made up", () => {
    const front = "<permissions><copyright-statement>© 2010 Roe</copyright-statement></permissions>";
    expect(paperOf(front).licence).toBeNull();
    expect(paperOf("").licence).toBeNull();
  });
});

describe("of several abstracts", () => {
  it.each([
    ["the untyped one", `<abstract abstract-type="short"><p>S.</p></abstract><abstract><p>A.</p></abstract>`, "A."],
    ["a typed one before the teaser", `<abstract abstract-type="teaser"><p>T.</p></abstract><abstract abstract-type="section"><p>A.</p></abstract>`, "A."],
    ["none where there is only a picture", `<abstract abstract-type="graphical"><p>P.</p></abstract>`, null],
  ])("%s", (_, front, abstract) => expect(paperOf(front).abstract).toBe(abstract)); // prettier-ignore

  it("the one in the article's language", () => {
    const front = `<abstract xml:lang="es"><p>Uno.</p></abstract><abstract xml:lang="en"><p>One.</p></abstract>`;
    const xml = article("<p>x</p>", { front }).replace("<article ", `<article xml:lang="en" `);
    expect(readArticle(xml).paper.abstract).toBe("One.");
  });
});

describe("the discipline", () => {
  const journal = (title: string, ...subjects: string[]) =>
    article("<p>x</p>", {
      front: `<article-categories>${subjects.map((name) => `<subj-group><subject>${name}</subject></subj-group>`).join("")}</article-categories>`,
    }).replace("<front>", `<front><journal-meta><journal-title>${title}</journal-title></journal-meta>`);

  it.each([
    ["Physical Review Z", ["Research Article"], "Physics"],
    ["Annals of Oncology", ["Original Articles"], "Medicine"],
    ["Open Letters", ["Biochemistry", "Chemical biology", "Chemistry"], "Biology"],
    ["Open Letters", ["Atmospheric chemistry"], "Earth Science"],
    ["Open Letters", ["Computer and information sciences"], "Computer Science"],
    ["Open Letters", ["Editorial"], null],
  ])("of %s with %j is %s", (title, subjects, discipline) => {
    expect(readArticle(journal(title, ...subjects)).paper.discipline).toBe(discipline);
  });
});
