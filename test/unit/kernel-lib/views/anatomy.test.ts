import { expect, it } from "vitest";
import { excerptOf } from "../../../../kernel-lib/src/views/anatomy.js";
import { buildCard } from "../../../../kernel-lib/src/views/card.js";
import { anatomyHtml, anatomyText } from "../../../../kernel-lib/src/views/twins/anatomy.js";
import { figure } from "./samples.js";

const SOURCE = String.raw`Before.
\begin{figure}
  \includegraphics{figs/sites}
  \caption{Sites \label{fig:sites} <b>seen</b> from above.}
\end{figure}
After.`;
const start = SOURCE.indexOf("\\begin");
const end = SOURCE.indexOf("\nAfter");
const sites = figure({
  caption: "Sites <b>seen</b> from above.",
  caption_source: String.raw`Sites \label{fig:sites} <b>seen</b> from above.`,
  provenance: { file: "main.tex", start, end, line: 2, page: null, bbox: null },
});

it("cuts a float out of its file and tells caption, label and file names apart in it", () => {
  const excerpt = excerptOf(sites, SOURCE)!;
  expect(excerpt.pieces.map(({ text }) => text).join("")).toBe(SOURCE.slice(start, end));
  expect(excerpt.pieces.filter(({ part }) => part !== null)).toEqual([
    { text: "sites", part: "file" },
    { text: "Sites \\label{", part: "caption" },
    { text: "fig:sites", part: "label" },
    { text: "} <b>seen</b> from above.", part: "caption" },
  ]);
  expect(excerpt).toMatchObject({ file: "main.tex", line: 2, omitted: 0 });
});

it("keeps an endless float short and says how much is left out", () => {
  const long = "x".repeat(100_000);
  const endless = figure({
    provenance: { file: "a", start: 0, end: 90_000, line: 1, page: null, bbox: null },
  });
  const { pieces, omitted } = excerptOf(endless, long)!;
  expect(pieces.map(({ text }) => text).join("").length + omitted).toBe(90_000);
  expect(omitted).toBeGreaterThan(70_000);
});

it("shows source line by line, and nothing of it as markup", () => {
  const card = buildCard(sites, { paper: null, recaptions: [], scores: [], thumb: null, path: null });
  const panel = { number: "a", caption: "<i>Left</i>", files: ["a<b>.pdf"], picture: { ...card.picture } };
  const anatomy = {
    card,
    environment: "figure",
    source: excerptOf(sites, SOURCE),
    page: null,
    panels: [panel],
  };
  const html = anatomyHtml(anatomy);
  expect(html).not.toMatch(/<b>seen|<i>Left|a<b>/);
  expect(html.match(/<li\b/g)).toHaveLength(4);
  expect(html).toContain('<ol start="2">');
  expect(anatomyText(anatomy)).toMatch(
    /Figure 3[\s\S]*\\begin\{figure\}[\s\S]*\(a\) <i>Left[\s\S]*→ Figure 3 shows it\./,
  );
});
