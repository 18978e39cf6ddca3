import type { PairedDifference } from "../../statistics/paired.js";
import { fitting } from "../budget.js";
import type { MatrixAnswer, MatrixCaption, MatrixCell, MatrixColumn, Matrix } from "../matrix.js";
import {
  agreementText,
  deltaText,
  directionOf,
  lengthsOf,
  measuresOf,
  notesOf,
  noteText,
  rewrittenText,
  scoresOf,
  type CaptionFigure,
  type Measure,
} from "../matrix-wording.js";
import { captionSegments, diffSegments } from "../segments.js";
import { countText, figureName, paperName, signedText } from "../wording.js";
import { fragment, type Html, html } from "./html.js";
import { contextsHtml, diffSegmentHtml, fullImageHtml, pictureHtml, segmentHtml } from "./parts.js";

/** Figures × prompts as HTML that stands alone: measures on top, then a row for each figure. */
export function matrixHtml(view: Matrix): string {
  const rows = fitting(view.rows.map((row) => rowHtml(row)));
  const left = rows.length < view.rows.length ? [countText(rows.length, view.rows.length, "figure")] : [];
  return fragment(
    view.title,
    STYLE,
    html`<h3>${view.title}</h3>
      <p class="note">
        ${[noteText(view), ...left].join(" · ")} · <del>taken out</del> <ins>put in</ins>
        <mark class="doubt">unsupported</mark>
      </p>
      <div class="scroll" tabindex="0">
        <table class="matrix" style="min-width:${FIGURE_WIDTH + COLUMN_WIDTH * view.columns.length}px">
          <colgroup>
            <col class="figure" />
            ${view.columns.map(() => html`<col />`)}
          </colgroup>
          <thead>
            <tr>
              <th scope="col">Figure</th>
              ${view.columns.map(columnHtml)}
            </tr>
          </thead>
          <tbody class="measures">
            ${aboutHtml(view.columns)}
            ${measuresOf(view.columns).map((measure) => measureHtml(measure, view.columns))}
          </tbody>
          <tbody>
            ${rows}
          </tbody>
        </table>
      </div>
      ${notesOf(view.columns).map((note) => html`<p class="note foot">${note}</p>`)}`,
  );
}

function columnHtml({ name, prompt_hash, model }: MatrixColumn): Html {
  return html`<th scope="col">
    <b>${name}</b> <small>${[...(model === null ? [] : [model]), prompt_hash.slice(0, 8)].join(" · ")}</small>
  </th>`;
}

/** What the prompts are for, where they say so. */
function aboutHtml(columns: readonly MatrixColumn[]): Html | null {
  if (columns.every(({ about }) => about === "")) return null;
  return html`<tr>
    <th scope="row">what for</th>
    ${columns.map(({ about }) => html`<td><small>${about}</small></td>`)}
  </tr>`;
}

function measureHtml({ name, value, delta }: Measure, columns: readonly MatrixColumn[]): Html {
  const cells = columns.map((column) => {
    const change = delta?.(column);
    return html`<td><span class="value">${value(column)}</span>${change ? changeHtml(change) : null}</td>`;
  });
  return html`<tr>
    <th scope="row">${name}</th>
    ${cells}
  </tr>`;
}

function changeHtml(delta: PairedDifference): Html | null {
  if (delta.mean === null) return null;
  const scope = `mean over ${delta.n} figures of ${delta.papers} papers`;
  return html` <span class="delta ${directionOf(delta)}" title="${scope}">${deltaText(delta)}</span>`;
}

function rowHtml({ card, raw, cells }: Matrix["rows"][number]): Html {
  return html`<tr>
    <th scope="row">
      ${pictureHtml(card.picture, figureName(card), 220)}
      <p class="name"><b>${figureName(card)}</b> <small>${paperName(card)}</small></p>
      <p class="text">${raw.text === "" ? html`<i>no caption</i>` : captionSegments(raw).map(segmentHtml)}</p>
      ${contextsHtml(card)}
      <p class="note">${fullImageHtml(card.picture)} <span class="id">${card.figure_id}</span></p>
    </th>
    ${cells.map(cellHtml)}
  </tr> `;
}

function cellHtml({ answers, agreement }: MatrixCell): Html {
  return html`<td>
    ${answers.map((answer, repeat) => answerHtml(answer, answers.length > 1 ? repeat + 1 : null))}
    ${agreement === null ? null : html`<p class="meta">${agreementText(agreement)}</p>`}
  </td>`;
}

function answerHtml(answer: MatrixAnswer, number: number | null): Html {
  const ordinal = number === null ? null : html`<span class="ordinal">${number}</span> `;
  switch (answer.state) {
    case "answered": {
      const rewritten = rewrittenText(answer);
      return html`<div class="answer">
        <p class="meta first">
          ${ordinal}${lengthsOf(answer).map(figureHtml)}<br />${scoresOf(answer).map(figureHtml)}
        </p>
        <p class="text">${captionHtml(answer)}</p>
        ${rewritten === null ? null : html`<p class="meta">${rewritten}</p>`}
      </div>`;
    }
    case "failed":
      return html`<div class="answer failed">
        <p class="meta">${ordinal}<b>failed</b></p>
        <p class="text">${answer.message} <i>${answer.wayOut}</i></p>
      </div>`;
    case "asking":
      return html`<div class="answer">
        <p class="meta">${ordinal}${answer.text === "" ? "asked …" : "writing …"}</p>
        <p class="text soft">${answer.text}</p>
      </div>`;
    default:
      return html`<div class="answer">
        <p class="meta">${ordinal}${answer.state === "waiting" ? "waiting …" : "not asked"}</p>
      </div>`;
  }
}

function captionHtml({ caption, changes }: MatrixCaption): Html | readonly Html[] {
  if (changes === null) return captionSegments(caption).map(segmentHtml);
  // What stands in the marks of the other caption is for its own cell to show.
  const from = { ...caption, unsupported: [] };
  return diffSegments({ from, to: caption, changes }, "both").map(diffSegmentHtml);
}

function figureHtml({ text, delta }: CaptionFigure): Html {
  const direction = !delta ? "" : delta > 0 ? "up" : "down";
  const change = delta === null ? null : html` <span class="delta ${direction}">${signedText(delta)}</span>`;
  return html`<span class="figure">${text}${change}</span> `;
}

/** Pixels; columns share what is left of a wider page. */
const [FIGURE_WIDTH, COLUMN_WIDTH] = [225, 215];

const STYLE = `
.figloom-html{max-width:1680px}
.figloom-html ins{background:var(--added);color:inherit;text-decoration:underline;text-decoration-color:var(--added-line);text-underline-offset:3px}
.figloom-html del{background:var(--removed);color:inherit;text-decoration:line-through;text-decoration-color:var(--removed-line)}
.figloom-html .scroll{max-height:min(85vh,1000px);overflow:auto;border:1px solid var(--line);border-radius:6px}
@media print{.figloom-html .scroll{max-height:none;overflow:visible}}
.figloom-html table.matrix{width:100%;margin:0;border-collapse:separate;border-spacing:0;table-layout:fixed}
.figloom-html .matrix col.figure{width:${FIGURE_WIDTH}px}
.figloom-html .matrix th,.figloom-html .matrix td{padding:12px 14px;border-left:1px solid var(--line);text-align:left;vertical-align:top;white-space:normal;font-weight:400}
.figloom-html .matrix tr>:first-child{border-left:0}
.figloom-html .matrix thead th{position:sticky;top:0;z-index:1;padding:8px 14px;background:var(--raised);color:inherit;font-size:14px;font-weight:400;vertical-align:baseline}
.figloom-html .matrix thead b{display:block}
.figloom-html .matrix small{color:var(--soft);font-size:12px;overflow-wrap:anywhere}
.figloom-html .matrix .measures th,.figloom-html .matrix .measures td{padding:2px 8px 2px 14px;border-bottom:0;font-size:12px}
.figloom-html .matrix .measures tr:first-child>*{padding-top:8px}
.figloom-html .matrix .measures tr:last-child>*{padding-bottom:8px;border-bottom:1px solid var(--line)}
.figloom-html .matrix .measures th{color:var(--soft)}
.figloom-html .matrix .value{display:inline-block;min-width:3.2em;margin-right:6px;text-align:right}
.figloom-html .matrix .delta{color:var(--soft);white-space:nowrap}
.figloom-html .matrix .up{color:var(--added-line);font-weight:600}
.figloom-html .matrix .down{color:var(--removed-line);font-weight:600}
.figloom-html .matrix img{display:block;max-height:190px;padding:4px;border:1px solid var(--line);border-radius:4px}
.figloom-html .matrix .nothing{min-height:110px;border-radius:4px}
.figloom-html .matrix .name{margin:8px 0 4px;font-size:13px}
.figloom-html .matrix .text{margin:0 0 8px;font-size:13px;white-space:pre-wrap}
.figloom-html .matrix tr>th .text{color:var(--soft)}
.figloom-html .matrix .meta{margin:0 0 6px;color:var(--soft);font-size:12px}
.figloom-html .matrix .first{min-height:3em}
.figloom-html .matrix .meta .figure{display:inline-block;margin-right:10px}
.figloom-html .matrix .answer+.answer{margin-top:10px;padding-top:10px;border-top:1px dashed var(--line)}
.figloom-html .matrix .ordinal{display:inline-block;min-width:1.5em;margin-right:4px;border-radius:3px;background:var(--raised);text-align:center}
.figloom-html .matrix .failed b{color:var(--removed-line)}
.figloom-html .matrix .soft{color:var(--soft)}
.figloom-html .matrix .id{display:block;font:12px/1.5 ui-monospace,Menlo,Consolas,monospace}
.figloom-html .matrix .note{margin:0;font-size:12px;overflow-wrap:anywhere}
.figloom-html .foot{margin:8px 0 0}
.figloom-html .contexts>summary{margin:0 0 6px;cursor:pointer;color:var(--soft);font-size:12px}
.figloom-html .refers{background:var(--refers);color:inherit}
`;
