import { plainText } from "./plain.js";
import type { PageBox, PageRegion, PageView } from "../page.js";
import { figureName, inlineImage, valueText } from "../wording.js";
import { fragment, Html, html } from "./html.js";

/** A page with its regions drawn on it, as HTML that stands alone, and a list of them. */
export function pageHtml(view: PageView): string {
  const rows = view.regions.map(
    (region) =>
      html`<tr>
        <th scope="row" class="${region.float}">${nameOf(region)}</th>
        <td>${boxText(region.box)}</td>
        <td>${valueText(region.confidence)}</td>
        <td>${region.caption}</td>
      </tr>`,
  );
  return fragment(
    titleOf(view),
    STYLE,
    html`<h3>${titleOf(view)}</h3>
      <p class="note">${countText(view)}</p>
      <div class="sides">
        ${drawingHtml(view)}
        ${
          rows.length > 0
            ? html`<table>
                <thead>
                  <tr>
                    <th></th>
                    <th>box (pt)</th>
                    <th>confidence</th>
                    <th>caption</th>
                  </tr>
                </thead>
                <tbody>
                  ${rows}
                </tbody>
              </table>`
            : null
        }
      </div>`,
  );
}

/** The page as one SVG: its picture below, then each region with its name, and dashed round each caption. */
export function drawingHtml(view: PageView, only?: string): Html {
  const { width, height, picture, regions } = view;
  const image = inlineImage(picture);
  const shapes = regions.map((region) => {
    const kind = `${region.float}${only === undefined || only === region.figure_id ? "" : " other"}`;
    const name = nameOf(region);
    return html`${region.captionBox && rectangle(region.captionBox, `said ${kind}`, `caption of ${name}`)}${
      region.box &&
      html`${rectangle(region.box, kind, name)}<text
          class="${kind}"
          x="${region.box[0]}"
          y="${Math.max(9, region.box[1] - 3)}"
        >
          ${name}
        </text>`
    }`;
  });
  return html`<svg class="page" role="img" aria-label="${titleOf(view)}" viewBox="0 0 ${width} ${height}">
    ${image && html`<image href="${new Html(image)}" width="${width}" height="${height}" />`} ${shapes}
  </svg>`;
}

function rectangle([x0, y0, x1, y1]: PageBox, kind: string, name: string): Html {
  return html`<rect class="${kind}" x="${x0}" y="${y0}" width="${x1 - x0}" height="${y1 - y0}">
    <title>${name}</title>
  </rect>`;
}

/** The list of what is on the page, as text. */
export function pageText(view: PageView): string {
  return plainText([
    `${titleOf(view)}: ${countText(view)}`,
    ...view.regions.map(
      (region) =>
        `  ${nameOf(region)}  ${boxText(region.box)}  confidence ${valueText(region.confidence)}  ${region.caption}`,
    ),
  ]);
}

const titleOf = ({ source, number, pages }: PageView) => `Page ${number} of ${pages} of ${source}`;
const nameOf = ({ float, number, figure_id }: PageRegion) =>
  figureName({ float, number, label: null, figure_id });

function countText({ regions }: PageView): string {
  if (regions.length === 0) return "Neither figure nor table was found on it.";
  return `${regions.length === 1 ? "One region" : `${regions.length} regions`}; dashed: their captions.`;
}

const boxText = (box: PageBox | null) =>
  box ? box.map((edge) => Math.round(edge)).join(" ") : "on another page";

/** Of a page's drawing, wherever it stands. */
export const PAGE_STYLE = `
.figloom-html svg.page{display:block;width:100%;height:auto;border:1px solid var(--line);border-radius:4px;background:#fff}
.figloom-html svg.page rect{fill:#2f6fb5;fill-opacity:.08;stroke:#2f6fb5;stroke-width:1.5}
.figloom-html svg.page rect.table{fill:#b3560b;stroke:#b3560b}
.figloom-html svg.page rect.said{fill-opacity:.04;stroke-width:1;stroke-dasharray:3 2}
.figloom-html svg.page rect.other{fill-opacity:0;stroke-opacity:.35}
.figloom-html svg.page text{font:600 8px system-ui,sans-serif;fill:#2f6fb5}
.figloom-html svg.page text.table{fill:#b3560b}
.figloom-html svg.page text.other{fill-opacity:.5}
`;

const STYLE = `${PAGE_STYLE}
.figloom-html .sides{display:flex;flex-wrap:wrap;gap:12px 24px;align-items:flex-start}
.figloom-html .sides>svg{flex:1 1 460px;min-width:0;max-width:640px}
.figloom-html .sides>table{flex:1 1 320px;font-size:13px}
.figloom-html .sides>table :is(th,td){overflow-wrap:anywhere}
@media (min-width:700px){.figloom-html .sides>table :is(th,td:nth-child(2)){white-space:nowrap}}
.figloom-html td:last-child,.figloom-html th:last-child{text-align:left}
`;
