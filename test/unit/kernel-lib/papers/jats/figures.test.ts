import { describe, expect, it } from "vitest";
import { article, fig, readArticle, see } from "./reading.js";

const caption = (text: string) => readArticle(article(fig("f", "Figure 1", text))).figures[0]!.caption;

describe("which figures there are", () => {
  it("numbers are read off every way of labelling", () => {
    const labels = [
      "Figure 3.",
      "Fig. S2",
      "FIG 4",
      "Supplementary Figure 5",
      "Figure 3—figure supplement 1.",
      "Scheme 1",
      "S7 Fig.",
      "Extended Data Fig. 2",
      "Figura 6",
      "Abb. 8",
    ];
    const { figures } = readArticle(article(labels.map((label, i) => fig(`f${i}`, label)).join("")));
    expect(figures.map(({ number }) => number)).toEqual([
      "3",
      "S2",
      "4",
      "S5",
      "3—figure supplement 1",
      "Scheme 1",
      "S7",
      "Extended Data 2",
      "6",
      "8",
    ]);
  });

  it("a number at the beginning of a caption is the number where no label says it", () => {
    const [figure] = readArticle(
      article(`<fig id="f"><caption><p><bold>Fig. 3.</bold> Growth in 2 media.</p></caption></fig>`),
    ).figures;
    expect(figure).toMatchObject({ number: "3", caption: "Growth in 2 media." });
  });

  it("a caption that repeats the label is told without it, one that names another figure stays", () => {
    expect(caption("<p>Figure 1. Growth.</p>")).toBe("Growth.");
    expect(caption("<p>Figure 2. Growth.</p>")).toBe("Figure 2. Growth.");
  });

  it("a figure in two languages is one figure with one picture", () => {
    const inEnglish = fig("f-en", "Figure 1", "<p>Growth.</p>").replace("<fig ", `<fig xml:lang="en" `);
    const inSpanish = fig("f-es", "Figura 1", "<p>Crecimiento.</p>").replace("<fig ", `<fig xml:lang="es" `);
    const { figures } = readArticle(article(`<fig-group>${inEnglish}${inSpanish}</fig-group>`), [
      "f-en.jpg",
      "f-es.jpg",
    ]);
    expect(figures).toMatchObject([{ number: "1", caption: "Growth.", graphics: ["p1/f-en.jpg"] }]);
  });

  it.each([
    ["a label that says so", fig("b", "Figure 1 (continued)")],
    ["a group's next part under the same number", fig("b", "Figure 1", "<p>Cont.</p>")],
    ["a group's next part without a name", `<fig id="b"><graphic xlink:href="b.jpg"/></fig>`],
  ])("a figure that goes on is one figure: %s", (_, part) => {
    const group = `<fig-group id="g">${fig("a", "Figure 1.", "<p>All.</p>")}${part}</fig-group>`;
    const { figures } = readArticle(article(`${group}<p>${see("b", "Figure 1")}</p>`), ["a.jpg", "b.jpg"]);
    expect(figures).toHaveLength(1);
    expect(figures[0]).toMatchObject({ number: "1", caption: "All.", graphics: ["p1/a.jpg", "p1/b.jpg"] });
    expect(figures[0]!.contexts).toHaveLength(1);
  });

  it("pictures with letters of their own are panels", () => {
    const part = (letter: string) =>
      `<graphic xlink:href="${letter}.png"><label>${letter}.</label><caption><p>View ${letter}.</p></caption></graphic>`;
    const [figure] = readArticle(
      article(`<fig id="f"><label>Figure 1</label>${part("a")}${part("b")}</fig>`),
      ["a.png", "b.png"],
    ).figures;
    expect(figure!.graphics).toEqual(["p1/a.png", "p1/b.png"]);
    expect(figure!.panels.map(({ number, caption, graphics }) => [number, caption, graphics])).toEqual([
      ["a", "View a.", ["p1/a.png"]],
      ["b", "View b.", ["p1/b.png"]],
    ]);
  });

  it("a graphical abstract's figure is captioned by what the abstract says", () => {
    const front = `<abstract abstract-type="graphical"><title>Graphical abstract</title><p>It grows.<fig id="ga"><graphic xlink:href="ga.jpg"/></fig></p></abstract>`;
    expect(readArticle(article("", { front }), ["ga.jpg"]).figures).toMatchObject([
      { label: "ga", caption: "Graphical abstract. It grows.", graphics: ["p1/ga.jpg"] },
    ]);
  });

  it("a film is a figure without a picture, and says so; portraits of authors are none", () => {
    const film = `<fig id="v"><label>Video 1</label><media mimetype="video" xlink:href="v.mp4"/></fig>`;
    const xml = article(film, { back: `<bio>${fig("portrait", "")}</bio>` });
    expect(readArticle(xml).figures).toMatchObject([
      { label: "v", image_missing: "The figure is a film or a recording: v.mp4." },
    ]);
  });

  it("a group of a figure and its supplement is two figures", () => {
    const group = `<fig-group>${fig("f1", "Figure 1.")}${fig("f1s1", "Figure 1—figure supplement 1.")}</fig-group>`;
    expect(readArticle(article(group)).figures.map(({ label }) => label)).toEqual(["f1", "f1s1"]);
  });

  it("a labelled group of lettered parts is one figure with panels", () => {
    const parts = fig("a", "(a)", "<p>Left.</p>") + fig("b", "Figure 2B", "<p>Right.</p>");
    const group = `<fig-group id="g"><label>Figure 2</label><caption><p>Both.</p></caption>${parts}</fig-group>`;
    const { figures, pictures } = readArticle(article(group), ["a.jpg", "b.jpg"]);
    expect(figures).toHaveLength(1);
    expect(figures[0]).toMatchObject({
      label: "g",
      number: "2",
      caption: "Both.",
      graphics: ["p1/a.jpg", "p1/b.jpg"],
    });
    expect(figures[0]!.panels.map(({ number, caption }) => [number, caption])).toEqual([
      ["a", "Left."],
      ["B", "Right."],
    ]);
    expect(pictures.get(figures[0]!.figure_id)).toEqual([
      { from: "graphics", rows: [["p1/a.jpg"], ["p1/b.jpg"]] },
    ]);
  });

  it("figures in boxes, floats groups and author responses count; formula images and downloads do not", () => {
    const body =
      `<p>See <inline-formula><inline-graphic xlink:href="e1"/></inline-formula>.</p>` +
      `<disp-formula><graphic xlink:href="e2"/></disp-formula>` +
      `<supplementary-material id="s1"><label>Figure S9</label><media xlink:href="s1.pdf"/></supplementary-material>` +
      `<boxed-text>${fig("b1", "Box 1—figure 1")}</boxed-text>`;
    const xml = article(body).replace(
      "</article>",
      `<floats-group>${fig("g1", "Figure 1")}</floats-group><sub-article><body>${fig("r1", "Author response image 1.")}</body></sub-article></article>`,
    );
    expect(readArticle(xml).figures.map(({ label, number }) => [label, number])).toEqual([
      ["b1", "Box 1—figure 1"],
      ["g1", "1"],
      ["r1", "Author response image 1"],
    ]);
  });

  it("a figure in supplementary material is a figure, a picture to download is none", () => {
    const body =
      `<supplementary-material id="s1"><label>Figure S1</label>${fig("sf1", "Figure S1")}</supplementary-material>` +
      `<supplementary-material id="s2"><label>Figure S2</label><media xlink:href="s2.tif" mimetype="image"/></supplementary-material>` +
      `<chem-struct-wrap><label>1</label><chem-struct><graphic xlink:href="c1"/></chem-struct></chem-struct-wrap>` +
      `<p><graphic xlink:href="logo.png"/></p>`;
    expect(readArticle(article(body)).figures.map(({ label }) => label)).toEqual(["sf1"]);
  });

  it("tables without a name are layout, others may have a picture", () => {
    const table = `<table-wrap id="t"><label>Table 1</label><alternatives><graphic xlink:href="t1.png"/><table/></alternatives></table-wrap>`;
    const { figures } = readArticle(article(`<table-wrap><table/></table-wrap>${table}`), ["t1.png"]);
    expect(figures).toMatchObject([{ float: "table", label: "t", graphics: ["p1/t1.png"] }]);
  });

  it("tables are kept apart", () => {
    const table = `<table-wrap id="t"><label>Table 1</label><caption><p>Sizes.</p></caption><table><tr><td>1</td></tr></table></table-wrap>`;
    expect(readArticle(article(table)).figures).toMatchObject([
      { float: "table", number: "1", caption: "Sizes.", image_missing: null },
    ]);
  });

  it("provenance and caption source are slices of the file", () => {
    const xml = article(`<p>x</p>\n\n${fig("f", "Figure 1", "<p>A &amp; <italic>B</italic> λ𝛼</p>")}`);
    const [figure] = readArticle(xml).figures;
    const { start, end, line, file } = figure!.provenance;
    expect(figure!.caption_source).toBe("<p>A &amp; <italic>B</italic> λ𝛼</p>");
    expect(xml.slice(start!, end!)).toMatch(/^<fig id="f">.*<\/fig>$/);
    expect([line, file]).toEqual([3, "p1/p1.nxml"]);
  });
});

describe("captions in plain text", () => {
  it.each([
    ["a title and a paragraph are two sentences", "<title>Growth</title><p>Of <italic>E. coli</italic>.</p>", "Growth. Of E. coli."],
    ["scripts are Unicode", "<p>10<sup>-3</sup> m<sup>2</sup> of H<sub>2</sub>O</p>", "10⁻³ m² of H₂O"],
    ["a space inside a script stays between the words", "<p><italic>t</italic><sub>KCN </sub>and on</p>", "t_KCN and on"],
    ["numbered citations go", `<p>As before [<xref ref-type="bibr" rid="r1">1</xref>–<xref ref-type="bibr" rid="r3">3</xref>].</p>`, "As before."],
    ["raised citations go", `<p>As before.<sup><xref ref-type="bibr" rid="r1">1</xref>,<xref ref-type="bibr" rid="r2">2</xref></sup></p>`, "As before."],
    ["names that the sentence needs stay", `<p>After <xref ref-type="bibr" rid="r1">Roe et al., 2010</xref> (<xref ref-type="bibr" rid="r2">Doe, 2011</xref>).</p>`, "After Roe et al., 2010."],
    ["MathML reads", "<p>At <inline-formula><mml:math><mml:msub><mml:mi>x</mml:mi><mml:mn>0</mml:mn></mml:msub><mml:mo>=</mml:mo><mml:mo>-</mml:mo><mml:mfrac><mml:mn>1</mml:mn><mml:mn>2</mml:mn></mml:mfrac></mml:math></inline-formula></p>", "At x₀ = −1/2"],
    ["TeX in a document of its own reads", String.raw`<p>At <inline-formula><alternatives><tex-math>\documentclass{minimal}\begin{document}$$\alpha \le 2$$\end{document}</tex-math><inline-graphic xlink:href="e"/></alternatives></inline-formula></p>`, "At α ≤ 2"],
    ["a formula that is an image is named so", `<p>At <inline-formula><inline-graphic xlink:href="e"/></inline-formula> it ends.</p>`, "At [formula] it ends."],
    ["references to figures stay as printed", `<p>As <xref ref-type="fig" rid="f">Figure 1<italic>A</italic></xref>.</p>`, "As Figure 1A."],
    ["the figure's own DOI goes", "<p>Shown.</p><p><bold>DOI:</bold> <ext-link>http://dx.doi.org/10.7554/eLife.00001.003</ext-link></p>", "Shown."],
    ["entities of the DTD are read by name", "<p>5 &micro;m &le; &agr;, &PHgr; &mdash; &Cscr;</p>", "5 µm ≤ α, Φ — 𝒞"],
    ["an entity that nobody knows stays as written", "<p>5 &nowhere;</p>", "5 &nowhere;"],
    ["what stands below a line stands together", "<p><mml:math><mml:mfrac><mml:mn>1</mml:mn><mml:mrow><mml:mn>2</mml:mn><mml:mi>π</mml:mi></mml:mrow></mml:mfrac><mml:mi>x</mml:mi></mml:math></p>", "1/(2π)x"],
    ["brackets in a script are not doubled", "<p><mml:math><mml:msup><mml:mi>e</mml:mi><mml:mfenced><mml:mi>λ</mml:mi></mml:mfenced></mml:msup></mml:math></p>", "e^(λ)"],
    ["scripts before a symbol", "<p><mml:math><mml:mmultiscripts><mml:mi>C</mml:mi><mml:mprescripts/><mml:mn>6</mml:mn><mml:mn>14</mml:mn></mml:mmultiscripts></mml:math></p>", "₆¹⁴C"],
    ["double-struck letters and binomials", `<p><mml:math><mml:mi mathvariant="double-struck">R</mml:mi><mml:mfrac linethickness="0"><mml:mi>n</mml:mi><mml:mi>k</mml:mi></mml:mfrac></mml:math></p>`, "ℝ(n over k)"],
  ])("%s", (_, source, text) => expect(caption(source)).toBe(text)); // prettier-ignore
});

describe("files of the package", () => {
  it.each([
    ["by the exact name", "f.jpg", ["f.jpg", "f.gif"], ["p1/f.jpg"]],
    ["without an ending, the print version first", "f", ["f.gif", "f.tif"], ["p1/f.tif"]],
    ["with dots and no ending", "j.0001.g001", ["j.0001.g001.png"], ["p1/j.0001.g001.png"]],
    ["in the wrong case", "F1.JPG", ["f1.jpg"], ["p1/f1.jpg"]],
    ["with another ending", "f.tif", ["f.jpg"], ["p1/f.jpg"]],
    ["behind an address", "info:doi/10.1/f.g001", ["f.g001.png"], ["p1/f.g001.png"]],
    ["past a thumbnail", "f.gif", ["f.gif", "f.jpg"], ["p1/f.jpg"]],
    ["in the largest of several sizes", "f", ["f.small.gif", "f.large.jpg"], ["p1/f.large.jpg"]],
    ["in another version", "e-1-fig2.tif", ["e-1-fig2-v2.tif"], ["p1/e-1-fig2-v2.tif"]],
    ["with the journal before it", "journal.pone.1.g001", ["pone.1.g001.png"], ["p1/pone.1.g001.png"]],
    ["written in percent signs", "Figure%201.png", ["Figure 1.png"], ["p1/Figure 1.png"]],
    ["in a folder of its own", "f.jpg", ["img/f.jpg"], ["p1/img/f.jpg"]],
  ])("are found %s", (_, href, files, found) => {
    const [figure] = readArticle(article(fig("f", "Figure 1", "", href)), files).figures;
    expect(figure).toMatchObject({ graphics: found, image_missing: null });
  });

  it("of alternatives the picture is taken, not its preview", () => {
    const both = `<alternatives><graphic specific-use="thumbnail" xlink:href="a.jpg"/><graphic xlink:href="b.jpg"/></alternatives>`;
    const xml = article(`<fig id="f">${both}</fig>`);
    expect(readArticle(xml, ["a.jpg", "b.jpg"]).figures[0]!.graphics).toEqual(["p1/b.jpg"]);
  });

  it("of alternatives the one that is there is taken", () => {
    const both = `<alternatives><graphic xlink:href="a.eps"/><graphic xlink:href="b.png"/></alternatives>`;
    const xml = article(`<fig id="f"><label>Figure 1</label>${both}</fig>`);
    expect(readArticle(xml, ["b.png"]).figures[0]!.graphics).toEqual(["p1/b.png"]);
  });

  it("a picture that is not there is named, and no path leaves the package", () => {
    const [figure] = readArticle(article(fig("f", "Figure 1", "", "../../etc/passwd"))).figures;
    expect(figure).toMatchObject({
      graphics: [],
      image_missing: "The package holds no such file: ../../etc/passwd.",
    });
  });
});
