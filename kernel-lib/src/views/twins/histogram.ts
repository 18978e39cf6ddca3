import { histogramPlot, seriesStyle } from "../plot.js";
import type { HistogramView } from "../protocol.js";
import { EMPTY_HISTOGRAM, integer, MEAN_LINES, valueText } from "../wording.js";
import { printable } from "../../text/printable.js";
import { fragment, Html, html } from "./html.js";

const BLOCKS = "▁▂▃▄▅▆▇█";

/** The histogram as HTML that stands alone: the plot as inline SVG, then a table with n, mean, sd and median. */
export async function histogramHtml(view: HistogramView): Promise<string> {
  const missing = view.series.some((series) => series.missing > 0);
  const rows = view.series.map(
    (series, i) =>
      html`<tr>
        <th scope="row"><span style="color:${seriesStyle(i).colour}">■</span> ${series.name}</th>
        <td>${integer(series.n)}</td>
        <td>${valueText(series.mean)}</td>
        <td>${valueText(series.sd)}</td>
        <td>${valueText(series.median)}</td>
        ${missing ? html`<td>${integer(series.missing)}</td>` : null}
      </tr>`,
  );
  const empty = view.series.every(({ n }) => n === 0);
  return fragment(
    view.title,
    STYLE,
    html`<h3>${view.title}</h3>
      <p class="note">${empty ? EMPTY_HISTOGRAM : MEAN_LINES}</p>
      ${empty ? null : await svg(view)}
      <table>
        <thead>
          <tr>
            <th>${view.metric}</th>
            <th>n</th>
            <th>mean</th>
            <th>sd</th>
            <th>median</th>
            ${missing ? html`<th>no value</th>` : null}
          </tr>
        </thead>
        <tbody>
          ${rows}
        </tbody>
      </table>`,
  );
}

/** Plot needs a document to draw in; both libraries load only when a histogram is drawn. */
async function svg(view: HistogramView): Promise<Html> {
  const [{ JSDOM }, Plot] = await Promise.all([import("jsdom"), import("@observablehq/plot")]);
  const { document } = new JSDOM("").window;
  const drawing = Plot.plot({ ...histogramPlot(view, Plot), document });
  drawing.setAttribute("role", "img");
  return new Html(`<div class="plot">${printable(drawing.outerHTML)}</div>`);
}

/** The histogram as text: for each series its figures and a line of blocks. */
export function histogramText(view: HistogramView): string {
  const empty = view.series.every(({ n }) => n === 0);
  const lines = view.series.map(({ name, n, mean, sd, median, counts }) => {
    const most = Math.max(1, ...counts);
    const blocks = counts
      .map((count) => (count === 0 ? " " : BLOCKS[Math.ceil((count / most) * 8) - 1]))
      .join("");
    return `  ${name}: n ${integer(n)}, mean ${valueText(mean)}, sd ${valueText(sd)}, median ${valueText(median)}\n  │${blocks}│`;
  });
  const span = `  ${view.axis}: ${valueText(view.edges[0] ?? null)} to ${valueText(view.edges.at(-1) ?? null)}`;
  return printable([view.title, empty ? `  ${EMPTY_HISTOGRAM}` : span, ...lines].join("\n"));
}

const STYLE = `
.figloom-html .plot{margin:8px 0 0;color:var(--text)}
.figloom-html .plot svg{display:block;max-width:100%;height:auto}
`;
