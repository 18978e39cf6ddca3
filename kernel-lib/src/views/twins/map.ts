import sharp from "sharp";
import { plainText } from "./plain.js";
import { axesMean, bytesOf, classColour, EMPTY_MAP, shortsOf, ticksOf, type MapView } from "../map.js";
import { integer, valueText } from "../wording.js";
import { fragment, Html, html } from "./html.js";

/** Pixels of the plot within its margins. */
const PLOT = { width: 640, height: 480, left: 56, bottom: 44, top: 8, right: 12 };

/** The map as HTML that stands alone: the density as a picture with axes, and a legend. */
export async function mapHtml(view: MapView): Promise<string> {
  return fragment(
    view.title,
    STYLE,
    html`<h3>${view.title}</h3>
      <p class="note">${mapNote(view)}</p>
      ${view.density ? await drawing(view) : html`<p class="nothing">${EMPTY_MAP}</p>`} ${legend(view)}`,
  );
}

/** How many figures it shows, how it was made, and what it is. */
function mapNote({ placed, without, how, density }: MapView): string {
  const rest = without > 0 ? `, ${integer(without)} without a place` : "";
  const about = density
    ? `; drawn as the density on ${density.columns} × ${density.rows} cells, each in its commonest colour`
    : "";
  return `${integer(placed)} figures${rest}${how === null ? "" : ` · ${how}`}${about}`;
}

function legend(view: MapView): Html | null {
  if (!view.colour || view.classes.length === 0) return null;
  return html`<ul class="legend">
    ${view.classes.map(
      ({ name, count }, i) =>
        html`<li>
          <span style="color:${colourOf(view, i)}">■</span> ${name}
          <span class="count">${integer(count)}</span>
        </li>`,
    )}
  </ul>`;
}

const colourOf = ({ colour, classes }: MapView, index: number): string =>
  classColour(index, { scale: "category", rest: null, ...colour, count: classes.length });

async function drawing(view: MapView): Promise<Html> {
  const { width, height, left, bottom, top, right } = PLOT;
  const { x, y } = view.density!;
  const picture = `data:image/png;base64,${(await densityPng(view)).toString("base64")}`;
  const ticks = axesMean(view)
    ? [
        ...ticksOf(x[0], x[1], 6).map((value) => {
          const at = left + ((value - x[0]) / (x[1] - x[0])) * width;
          return html`<text x="${at.toFixed(1)}" y="${top + height + 16}" text-anchor="middle">
            ${valueText(value)}
          </text>`;
        }),
        ...ticksOf(y[0], y[1], 5).map((value) => {
          const at = top + height - ((value - y[0]) / (y[1] - y[0])) * height;
          return html`<text x="${left - 6}" y="${(at + 4).toFixed(1)}" text-anchor="end">
            ${valueText(value)}
          </text>`;
        }),
      ]
    : [];
  const middle = top + height / 2;
  const size = `0 0 ${left + width + right} ${top + height + bottom}`;
  const label = `${view.title}: density of ${integer(view.placed)} figures, ${view.y.label} over ${view.x.label}`;
  return html`<svg class="map" viewBox="${size}" role="img" aria-label="${label}">
    <image
      href="${new Html(picture)}"
      x="${left}"
      y="${top}"
      width="${width}"
      height="${height}"
      preserveAspectRatio="none"
      style="image-rendering:pixelated"
    />
    <rect
      x="${left}"
      y="${top}"
      width="${width}"
      height="${height}"
      fill="none"
      stroke="currentColor"
      stroke-opacity=".4"
    />
    ${ticks}
    <text x="${left + width / 2}" y="${top + height + 36}" text-anchor="middle">${view.x.label}</text>
    <text x="14" y="${middle}" text-anchor="middle" transform="rotate(-90 14 ${middle})">
      ${view.y.label}
    </text>
  </svg>`;
}

/** A pixel a cell, the fuller the more opaque, on a logarithmic scale. */
async function densityPng(view: MapView): Promise<Buffer> {
  const { columns, rows, ...density } = view.density!;
  const [counts, classes] = [shortsOf(density.counts), bytesOf(density.classes)];
  const most = Math.log1p(counts.reduce((best, count) => Math.max(best, count), 1));
  const pixels = new Uint8Array(4 * columns * rows);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      const cell = row * columns + column;
      if (counts[cell] === 0) continue;
      const colour = parseInt(colourOf(view, classes[cell]!).slice(1), 16);
      // Rows of a picture go down.
      const at = 4 * ((rows - 1 - row) * columns + column);
      const alpha = 0.35 + 0.65 * (Math.log1p(counts[cell]!) / most);
      pixels.set([colour >> 16, (colour >> 8) & 255, colour & 255, Math.round(255 * alpha)], at);
    }
  return sharp(pixels, { raw: { width: columns, height: rows, channels: 4 } })
    .png({ palette: false, compressionLevel: 9 })
    .toBuffer();
}

const SHADES = " ·:+*#@";
const TEXT = { columns: 60, rows: 20 };

/** The map as text: how many figures lie where, by signs, and the legend. */
export function mapText(view: MapView): string {
  const lines = [view.title, `  ${mapNote({ ...view, density: null })}`];
  if (!view.density) return plainText([...lines, `  ${EMPTY_MAP}`]);
  const { columns, rows, x, y } = view.density;
  const counts = shortsOf(view.density.counts);
  const cells = new Float64Array(TEXT.columns * TEXT.rows);
  counts.forEach((count, cell) => {
    const column = Math.floor(((cell % columns) / columns) * TEXT.columns);
    const row = Math.floor((Math.floor(cell / columns) / rows) * TEXT.rows);
    cells[row * TEXT.columns + column]! += count;
  });
  const most = Math.log1p(cells.reduce((best, count) => Math.max(best, count), 1));
  for (let row = TEXT.rows - 1; row >= 0; row--) {
    const signs = [...cells.subarray(row * TEXT.columns, (row + 1) * TEXT.columns)].map((count) =>
      count === 0 ? " " : SHADES[Math.max(1, Math.ceil((Math.log1p(count) / most) * (SHADES.length - 1)))],
    );
    lines.push(`  │${signs.join("").trimEnd()}`);
  }
  lines.push(`  └${"─".repeat(TEXT.columns)}`);
  const span = (range: [number, number]) =>
    axesMean(view) ? `, ${valueText(range[0])} to ${valueText(range[1])}` : "";
  lines.push(`  across: ${view.x.label}${span(x)}; up: ${view.y.label}${span(y)}`);
  if (view.colour && view.classes.length > 0)
    lines.push(
      `  ${view.colour.label}: ${view.classes.map(({ name, count }) => `${name} ${integer(count)}`).join(", ")}`,
    );
  return plainText(lines);
}

const STYLE = `
.figloom-html svg.map{display:block;width:100%;max-width:708px;height:auto;color:var(--text);font-size:11px}
.figloom-html svg.map text{fill:currentColor}
.figloom-html ul.legend{display:flex;flex-wrap:wrap;gap:2px 16px;margin:10px 0 0;padding:0;list-style:none;font-size:13px}
.figloom-html ul.legend .count{color:var(--soft);font-variant-numeric:tabular-nums}
`;
