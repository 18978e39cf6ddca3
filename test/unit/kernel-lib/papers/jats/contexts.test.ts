import { describe, expect, it } from "vitest";
import { article, fig, readArticle, see } from "./reading.js";

const figures = [1, 2, 3, 4]
  .map((n) => fig(`f${n}`, `Figure ${n}`).replace("<graphic", `<graphic id="f${n}-picture"`))
  .join("");
/** Numbers of the figures that a paragraph counts for. */
function counted(paragraph: string): (string | null)[] {
  const { figures: read } = readArticle(article(`<p>${paragraph}</p>${figures}`));
  return read.filter(({ contexts }) => contexts.length > 0).map(({ number }) => number);
}

describe("which paragraphs refer to a figure", () => {
  it.each([
    ["a panel counts for its figure", see("f2", "Figure 2A"), ["2"]],
    ["a link with several ids", see("f1 f3", "Figures 1, 3"), ["1", "3"]],
    ["a range given by its ends", `Figs. ${see("f1", "1")}–${see("f4", "4")}`, ["1", "2", "3", "4"]],
    ["a range of panels in words", `${see("f2", "Figure 2B")} to ${see("f4", "Figure 4A")}`, ["2", "3", "4"]],
    ["a range in one link", see("f2", "Figures 2–4"), ["2", "3", "4"]],
    ["a list is no range", `${see("f1", "Fig. 1")}, ${see("f4", "4")}`, ["1", "4"]],
    ["a number beside a linked one", `Figs. 2 and ${see("f3", "3")} agree`, ["2", "3"]],
    ["panels of one figure are no range", see("f2", "Figure 2A–C"), ["2"]],
    ["numbers that nobody linked", "Shown in Fig. 3.", ["3"]],
    ["a supplement is another figure", "Shown in Supplementary Figure 3.", []],
    ["a link to the picture of a figure", see("f3-picture", "Figure 3"), ["3"]],
    ["a note of a table is not the table", `${see("t1-note", "a")} here`, []],
    ["a link to nothing", see("f9", "Figure 9"), []],
  ])("%s", (_, paragraph, numbers) => expect(counted(paragraph)).toEqual(numbers));

  it("a typed number counts only where the figure is linked nowhere", () => {
    const xml = article(`<p>See ${see("f1", "Figure 1")}.</p><p>In Figure 1 of another paper.</p>${figures}`);
    expect(readArticle(xml).figures[0]!.contexts).toHaveLength(1);
  });

  it("the sentence of the reference and its section are marked", () => {
    const text = `<sec><title>Methods</title><sec><title>Cells</title><p>First. Then (${see("f1", "Fig. 1A")}) more. Last.</p></sec></sec>`;
    const [context] = readArticle(article(text + figures)).figures[0]!.contexts;
    expect(context).toMatchObject({
      section: "Cells",
      paragraph: 0,
      text: "First. Then (Fig. 1A) more. Last.",
    });
    expect(context!.sentences.map(([start, end]) => context!.text.slice(start, end))).toEqual([
      "Then (Fig. 1A) more.",
    ]);
  });

  it("captions and notes are no paragraphs, and a figure inside a paragraph is cut out of it", () => {
    const xml = article(
      `<p>Before ${fig("f1", "Figure 1", `<p>As ${see("f1", "Figure 1")}.</p>`)}after.</p>`,
    );
    const { paper, figures: read } = readArticle(xml);
    expect(paper.paragraphs).toEqual([{ text: "Before after.", section: null }]);
    expect(read[0]!.contexts).toEqual([]);
  });
});
