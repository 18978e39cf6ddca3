import { binnedQuantile, kernelDensity } from "../kernel-density.js";
import { figuresTable } from "../distribution-wording.js";
import { binsAt, firstChoice, rowsOf, withGrids, type Choice, type Row } from "../histogram.js";
import { histogramSpec, seriesStyle } from "../plot.js";
import type { Box, HistogramView } from "../protocol.js";
import { EMPTY_HISTOGRAM, HOW_TO_READ, integer, valueText } from "../wording.js";
import { plainText } from "./plain.js";
import { fragment, html } from "./html.js";
import { plotSvg } from "./plot-svg.js";

const BLOCKS = "▁▂▃▄▅▆▇█";
/** Characters of a line of blocks, and of a box. */
const WIDTH = 60;

/** The distribution as HTML that stands alone: the plot as inline SVG, then a table of what is known of each series. */
export async function histogramHtml(given: HistogramView): Promise<string> {
  const view = withGrids(given);
  const { head, rows, notes } = figuresTable(view);
  const choice = firstChoice(view);
  const empty = view.series.every(({ n }) => n === 0);
  const body = rows.map(
    ({ index, panel, cells: [name, ...values] }) =>
      html`<tr>
        ${panel === null ? null : html`<th scope="row">${panel}</th>`}
        <th scope="row"><span style="color:${seriesStyle(index).colour}">■</span> ${name!}</th>
        ${values.map((value) => html`<td>${value}</td>`)}
      </tr>`,
  );
  return fragment(
    view.title,
    STYLE,
    html`<h3>${view.title}</h3>
      <p class="note">${empty ? EMPTY_HISTOGRAM : HOW_TO_READ[choice.form]}</p>
      ${empty ? null : await plotSvg(histogramSpec(view, choice))}
      <table>
        <thead>
          <tr>
            ${head.map((heading) => html`<th>${heading}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${body}
        </tbody>
      </table>
      ${notes.map((note) => html`<p class="note">${note}</p>`)}`,
  );
}

/** The distribution as text: for each series its figures and a line that is its form. */
export function histogramText(given: HistogramView): string {
  const view = withGrids(given);
  const choice = firstChoice(view);
  const empty = view.series.every(({ n }) => n === 0);
  const span = `  ${view.axis}: ${valueText(view.edges[0] ?? null)} to ${valueText(view.edges.at(-1) ?? null)}${
    choice.scale === "log" ? " (logarithmic)" : ""
  }`;
  const lines = rowsOf(view).map((row) => {
    const { name, n, mean, sd, median } = row.series;
    const who = row.panel === "" ? name : `${row.panel}, ${name}`;
    const figures = `n ${integer(n)}, mean ${valueText(mean)}, sd ${valueText(sd)}, median ${valueText(median)}`;
    return `  ${who}: ${figures}\n  ${drawn(view, choice, row)}`;
  });
  const { notes } = figuresTable(view);
  return plainText([
    view.title,
    empty ? `  ${EMPTY_HISTOGRAM}` : span,
    ...lines,
    ...notes.map((note) => `  ${note}`),
  ]);
}

function drawn(view: HistogramView, choice: Choice, { series }: Row): string {
  const grid = view.grids?.[choice.scale];
  const fine = series.fine?.[choice.scale] ?? [];
  if (!grid || series.n === 0) return "││";
  switch (choice.form) {
    case "histogram":
      return `│${blocks(binsAt(view, choice)!.count(fine))}│`;
    case "density": {
      const domain = choice.scale === "linear" ? (view.domain ?? null) : null;
      const heights = kernelDensity(fine, grid, domain)?.height ?? [];
      const step = heights.length / WIDTH;
      return `│${blocks(Array.from({ length: WIDTH }, (_, i) => heights[Math.floor((i + 0.5) * step)] ?? 0))}│`;
    }
    case "cdf": {
      const at = (share: number) => {
        const place = grid.origin + (grid.first + binnedQuantile(fine, share)) * grid.step;
        return `${share * 100} % ≤ ${valueText(choice.scale === "log" ? 10 ** place : place)}`;
      };
      return [0.05, 0.25, 0.5, 0.75, 0.95].map(at).join(", ");
    }
    case "box":
      return series.box ? box(series.box, series.median!, view, choice) : "";
  }
}

function blocks(heights: readonly number[]): string {
  const most = Math.max(...heights);
  return heights.map((one) => (one > 0 ? BLOCKS[Math.ceil((one / most) * 8) - 1] : " ")).join("");
}

/** `├──┤   │   ├──┤` between the ends of the axis. */
function box({ q1, q3, whiskers }: Box, median: number, view: HistogramView, { scale }: Choice): string {
  const at = (value: number) => (scale === "log" ? Math.log10(value) : value);
  const [low, high] = [at(view.edges[0]!), at(view.edges.at(-1)!)];
  const column = (value: number) => Math.round(((at(value) - low) / (high - low)) * (WIDTH - 1));
  const line = new Array<string>(WIDTH).fill(" ");
  line.fill("─", column(whiskers[0]), column(whiskers[1]) + 1);
  line.fill("█", column(q1), column(q3) + 1);
  line[column(whiskers[0])] = "├";
  line[column(whiskers[1])] = "┤";
  line[column(median)] = "│";
  return `│${line.join("")}│`;
}

const STYLE = `
.figloom-html .plot{margin:8px 0 0;color:var(--text)}
.figloom-html .plot svg{display:block;max-width:100%;height:auto}
`;
