import { seriesStyle } from "../views/plot.js";
import { fragment, Html, html } from "../views/twins/html.js";
import { tableHtml } from "../views/twins/parts.js";
import { plotSvg } from "../views/twins/plot-svg.js";
import type { AuditDocument, Block } from "./document.js";
import type { Drawing } from "./drawings.js";

/** A report as HTML that stands alone, for a cell or a page. */
export async function auditHtml({ title, sections }: AuditDocument): Promise<string> {
  const parts: Html[] = [];
  for (const { heading, blocks } of sections) {
    parts.push(html`<h4>${heading}</h4>`);
    for (const block of blocks) parts.push(await blockHtml(block));
  }
  return fragment(
    title,
    STYLE,
    html`<h3>${title}</h3>
      ${parts}`,
  );
}

/** A page of its own, which loads nothing from anywhere and runs nothing. */
export async function auditPage(document: AuditDocument): Promise<string> {
  const body = new Html(await auditHtml(document));
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta
          http-equiv="Content-Security-Policy"
          content="default-src 'none'; style-src 'unsafe-inline'; img-src data:"
        />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${document.title}</title>
        <style>
          ${new Html(PAGE_STYLE)}
        </style>
      </head>
      <body>
        ${body}
      </body>
    </html> `.source;
}

async function blockHtml(block: Block): Promise<Html> {
  switch (block.kind) {
    case "text":
      return html`<p>${block.text}</p>`;
    case "code":
      return html`<p><code>${block.text}</code></p>`;
    case "list":
      return html`<ul>
        ${block.items.map((item) => html`<li>${item}</li>`)}
      </ul>`;
    case "table":
      return block.folded
        ? html`<details>
            <summary>${block.title}</summary>
            ${wideHtml(block)}
          </details>`
        : html`<p class="note">${block.title}</p>
            ${wideHtml(block)}`;
    case "drawings": {
      const figures: Html[] = [];
      for (const drawing of block.drawings) figures.push(await figureHtml(drawing));
      return html`<div class="drawings">${figures}</div>`;
    }
  }
}

const wideHtml = ({ title, head, rows, words }: Extract<Block, { kind: "table" }>): Html =>
  html`<div class="wide${words ? " words" : ""}" tabindex="0" role="region" aria-label="${title}">
    ${tableHtml(head, rows)}
  </div>`;

async function figureHtml({ caption, legend, spec }: Drawing): Promise<Html> {
  const names = legend?.map(
    (name, i) =>
      html`<span><span style="color:${seriesStyle(i).colour}">${STROKES[i]!}</span> ${name}</span> `,
  );
  return html`<figure>
    ${names ? html`<p class="legend">${names}</p>` : null} ${await plotSvg(spec)}
    <figcaption>${caption}</figcaption>
  </figure>`;
}

/** As the curves of old and new captions are drawn. */
const STROKES = ["━━", "╍╍"];

const STYLE = `
.figloom-html .plot{margin:0;color:var(--text)}
.figloom-html .plot svg{display:block;max-width:100%;height:auto}
.figloom-html .drawings{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,420px),1fr));gap:20px 28px;margin:16px 0}
.figloom-html figure{margin:0;min-width:0}
.figloom-html figcaption{margin-top:6px;color:var(--soft);font-size:13px;overflow-wrap:anywhere}
.figloom-html .legend{margin:0 0 2px;font-size:13px}
.figloom-html:has(>.wide){max-width:1320px}
.figloom-html .wide{overflow-x:auto;margin:0 0 12px}
.figloom-html .wide table{font-size:13px}
.figloom-html .wide :is(th,td){padding-right:8px}
.figloom-html .wide.words :is(th,td){text-align:left}
.figloom-html .wide :is(th,td){vertical-align:top;overflow-wrap:break-word;min-width:64px;max-width:320px}
.figloom-html .wide td{white-space:pre-line}
.figloom-html .wide tbody th{font-weight:600;text-align:left;overflow-wrap:break-word}
.figloom-html .wide th:first-child{position:sticky;left:0;background:var(--ground)}
.figloom-html .legend span+span{margin-left:4px}
.figloom-html h4{margin:20px 0 6px;font-size:14px;color:var(--text)}
.figloom-html ul{margin:0 0 8px;padding-left:20px}
.figloom-html li{overflow-wrap:anywhere}
.figloom-html summary{cursor:pointer;padding:2px 0}
.figloom-html code{overflow-wrap:anywhere;font-size:13px}
`;
const PAGE_STYLE = `body{margin:0;padding:24px;background:#fff}.figloom-html{max-width:1320px;margin:0 auto}
@media (prefers-color-scheme:dark){body{background:#15181d}}
@media print{body{padding:0}.figloom-html{border:0}}`;
