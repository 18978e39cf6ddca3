import { plainText } from "./plain.js";
import type { Anatomy, PanelView, SourceExcerpt, SourcePiece } from "../anatomy.js";
import { contextSegments } from "../segments.js";
import { figureName, paperName } from "../wording.js";
import { fragment, type Html, html } from "./html.js";
import { drawingHtml, PAGE_STYLE } from "./page.js";
import { contextsHtml, fullImageHtml, pictureHtml } from "./parts.js";

/** A figure taken apart, as HTML that stands alone: source beside picture, then caption, panels and contexts. */
export function anatomyHtml(anatomy: Anatomy): string {
  const { card, source, page, panels } = anatomy;
  const caption = card.captions[0]?.text ?? "";
  return fragment(
    figureName(card),
    STYLE,
    html`<h3>${figureName(card)} <small>${paperName(card)}</small></h3>
      <p class="note">${factsOf(anatomy).join(" · ")}</p>
      <div class="sides">
        <div class="words">
          ${source && sourceHtml(source)} ${page && drawingHtml(page, card.figure_id)}
          ${contextsHtml(card, "open")}
        </div>
        <div class="words">
          <figure>
            ${pictureHtml(card.picture, figureName(card), 520)}
            <figcaption>
              ${caption === "" ? html`<i>no caption</i>` : caption} ${fullImageHtml(card.picture)}
            </figcaption>
          </figure>
          ${
            panels.length > 0
              ? html`<h4>Panels</h4>
                  <div class="panels">${panels.map(panelHtml)}</div>`
              : null
          }
        </div>
      </div>`,
  );
}

function sourceHtml({ file, line, pieces, omitted }: SourceExcerpt): Html {
  const lines = linesOf(pieces).map((parts) => html`<li>${parts.map(pieceHtml)}</li>`);
  return html`<div class="source">
    <p class="note">
      <b>${file}</b> · <span class="caption">caption</span> <span class="label">label</span>
      <span class="file">file</span>
    </p>
    <ol start="${line}">
      ${lines}
    </ol>
    ${omitted > 0 ? html`<p class="note">… and ${omitted} more characters</p>` : null}
  </div>`;
}

function pieceHtml({ text, part }: SourcePiece): Html {
  return part === null ? html`${text}` : html`<span class="${part}">${text}</span>`;
}

/** The same pieces, by line. */
function linesOf(pieces: readonly SourcePiece[]): SourcePiece[][] {
  const lines: SourcePiece[][] = [[]];
  for (const { text, part } of pieces)
    for (const [i, piece] of text.split(/\r\n?|\n/).entries()) {
      if (i > 0) lines.push([]);
      if (piece !== "") lines.at(-1)!.push({ text: piece, part });
    }
  return lines;
}

function panelHtml({ number, caption, files, picture }: PanelView): Html {
  const name = number === null ? null : html`<b>(${number})</b> `;
  return html`<figure>
    ${pictureHtml(picture, number === null ? "panel" : `panel ${number}`, 200)}
    <figcaption>${name}${caption} <small>${files.join(", ")}</small></figcaption>
  </figure>`;
}

/** The same as text: facts, source, caption, panels, and the sentences that refer to the figure. */
export function anatomyText(anatomy: Anatomy): string {
  const { card, source, panels } = anatomy;
  const sentences = card.contexts.flatMap((context) =>
    contextSegments(context).flatMap(({ text, refers }) => (refers ? [text.trim()] : [])),
  );
  return plainText([
    `${figureName(card)} of ${paperName(card)}\n  ${factsOf(anatomy).join(" · ")}`,
    ...(source ? [source.pieces.map(({ text }) => text).join("")] : []),
    `Caption: ${card.captions[0]?.text || "none"}`,
    ...panels.map(({ number, caption, files }) =>
      `  (${number ?? "–"}) ${caption} ${files.join(", ")}`.trimEnd(),
    ),
    ...sentences.map((sentence) => `→ ${sentence}`),
  ]);
}

function factsOf({ card, environment }: Anatomy): string[] {
  const { label, contexts, picture, provenance } = card;
  const size = picture.width === null ? [] : [`${picture.width} × ${picture.height} pixels`];
  const mentions =
    contexts.length === 1 ? "1 paragraph refers to it" : `${contexts.length} paragraphs refer to it`;
  return [environment, ...(label === null ? [] : [`label ${label}`]), provenance, ...size, mentions];
}

const STYLE = `${PAGE_STYLE}
.figloom-html h3 small{font-weight:400;color:var(--soft)}
.figloom-html .sides{display:flex;flex-wrap:wrap;gap:12px 24px;align-items:flex-start}
.figloom-html .words{flex:1 1 380px;min-width:0}
.figloom-html .source ol{margin:0;padding:8px 8px 8px 48px;max-height:460px;overflow:auto;border:1px solid var(--line);border-radius:4px;background:var(--raised);font:12px/1.5 ui-monospace,Menlo,Consolas,monospace}
.figloom-html .source li{white-space:pre-wrap;overflow-wrap:anywhere;min-height:1.5em}
.figloom-html .source li::marker{color:var(--soft)}
.figloom-html .caption{background:var(--refers)}
.figloom-html .label{background:var(--added)}
.figloom-html .file{background:var(--removed)}
.figloom-html figure{margin:0;min-width:0}
.figloom-html figure img{padding:4px;border:1px solid var(--line);border-radius:4px}
.figloom-html figcaption{margin-top:6px;font-size:13px;overflow-wrap:anywhere}
.figloom-html figcaption small{color:var(--soft)}
.figloom-html .panels{display:flex;flex-wrap:wrap;gap:12px}
.figloom-html .panels figure{flex:0 1 200px}
.figloom-html .contexts>summary{margin:12px 0 6px;cursor:pointer;color:var(--soft)}
.figloom-html .refers{background:var(--refers);color:inherit}
`;
