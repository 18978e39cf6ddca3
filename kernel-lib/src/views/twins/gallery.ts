import { captionSegments } from "../segments.js";
import type { FigureCard, GalleryView } from "../protocol.js";
import { countText, EMPTY_GALLERY, figureName, flagText, paperName } from "../wording.js";
import { plainText } from "./plain.js";
import { fragment, type Html, html } from "./html.js";
import {
  contextsHtml,
  figureTextHtml,
  flagsHtml,
  fullImageHtml,
  pictureHtml,
  reasonsHtml,
  scoresHtml,
  segmentHtml,
} from "./parts.js";

/** Lines of the text twin; the rest is only counted. */
const TEXT_CARDS = 40;
const LINE_CHARACTERS = 100;

/** The gallery as HTML that needs neither script nor file: a card opens on a click with its captions and contexts. */
export function galleryHtml(view: GalleryView): string {
  const cards = view.cards.map(cardHtml);
  return fragment(
    view.title,
    STYLE,
    html`<h3>${view.title}</h3>
      <p class="note">
        ${view.total === 0 ? EMPTY_GALLERY : countText(view.cards.length, view.total, "figure")}
      </p>
      <div class="cards">${cards}</div>`,
  );
}

function cardHtml(card: FigureCard): Html {
  const first = card.captions[0]?.text ?? "";
  const captions = card.captions.map(
    (caption) =>
      html`<h4>${caption.name}${scoresHtml(caption)}</h4>
        <p>${caption.text === "" ? html`<i>no caption</i>` : captionSegments(caption).map(segmentHtml)}</p>`,
  );
  const panels = card.panels.map(
    ({ number, caption }) => html`<p>${number ? html`<b>${number}</b> ` : null}${caption}</p>`,
  );
  return html`<details class="card">
    <summary>
      ${pictureHtml(card.picture, figureName(card), 200)} <b>${figureName(card)}</b>
      <small>${paperName(card)}</small><br />${flagsHtml(card)}<span class="line" dir="auto"
        >${oneLine(first, 160)}</span
      >
    </summary>
    <div class="more">
      ${captions}${
        panels.length > 0
          ? html`<h4>Panels</h4>
              ${panels}`
          : null
      }${contextsHtml(card)}${figureTextHtml(card)}${reasonsHtml(card)}
      <p class="note">${fullImageHtml(card.picture)} <code>${card.figure_id}</code> ${card.provenance}</p>
    </div>
  </details> `;
}

/** The gallery as a list of lines. */
export function galleryText(view: GalleryView): string {
  const lines = view.cards.slice(0, TEXT_CARDS).map((card) => {
    const caption = oneLine(card.captions[0]?.text ?? "", LINE_CHARACTERS) || "(no caption)";
    const flags = card.flags.length > 0 ? ` [${card.flags.map(flagText).join(", ")}]` : "";
    return `  ${card.figure_id}  ${figureName(card)}, ${oneLine(paperName(card), 60)}: ${caption}${flags}`;
  });
  const rest = view.cards.length - lines.length;
  return plainText([
    `${view.title} · ${countText(view.cards.length, view.total, "figure")}`,
    ...(view.total === 0 ? [EMPTY_GALLERY] : lines),
    ...(rest > 0 ? [`  … and ${rest} more`] : []),
  ]);
}

function oneLine(text: string, limit: number): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > limit ? `${line.slice(0, limit - 1).trimEnd()}…` : line;
}

const STYLE = `
.figloom-html .cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(200px,1fr));gap:12px;align-items:start;grid-auto-flow:dense}
.figloom-html .card{border:1px solid var(--line);border-radius:6px;overflow:hidden;background:var(--ground)}
.figloom-html .card[open]{grid-column:1/-1}
.figloom-html .card>summary{display:block;padding:10px;cursor:pointer;list-style:none}
.figloom-html .card>summary::-webkit-details-marker{display:none}
.figloom-html .card>summary:hover{background:var(--raised)}
.figloom-html .card>summary img,.figloom-html .card>summary .nothing{display:block;width:100%;height:150px;margin:0 0 8px;padding:6px;border-radius:4px}
.figloom-html .card[open]>summary img{height:auto;max-height:420px;width:auto;max-width:100%}
.figloom-html .card small{color:var(--soft)}
.figloom-html .line{display:-webkit-box;-webkit-box-orient:vertical;-webkit-line-clamp:2;overflow:hidden;font-size:13px;color:var(--soft);unicode-bidi:isolate;overflow-wrap:anywhere}
.figloom-html .card[open] .line{display:none}
.figloom-html .more{padding:0 10px 12px;max-width:80ch}
.figloom-html .contexts>summary{margin:12px 0 6px;cursor:pointer;color:var(--soft)}
.figloom-html .flag{display:inline-block;margin:0 2px 3px 0;padding:0 6px;border:1px solid var(--line);border-radius:8px;background:var(--raised);color:var(--soft);font-size:11px;line-height:1.5}
.figloom-html .more ul{margin:0 0 8px;padding-left:20px}
.figloom-html .refers{background:var(--refers);color:inherit}
`;
