import { diffSegments } from "../segments.js";
import { captionDiffs } from "../caption-diff.js";
import type { CaptionDiff, Change, DiffView, FigureCard } from "../protocol.js";
import {
  changesText,
  countText,
  differs,
  EMPTY_DIFF,
  figureName,
  paperName,
  scorePairs,
} from "../wording.js";
import { plainText } from "./plain.js";
import { fragment, type Html, html } from "./html.js";
import { contextsHtml, diffSegmentHtml, pictureHtml } from "./parts.js";

/** Items of the text twin; the rest is only counted. */
const TEXT_ITEMS = 20;

/** The diff as HTML that stands alone: per figure the thumbnail and one woven text with ins, del and mark. */
export function diffHtml(view: DiffView): string {
  const { captions } = view;
  return fragment(
    view.title,
    STYLE,
    html`<h3>${view.title}</h3>
      <p class="note">
        ${summaryLine(view)} · <del>only in ${captions[0]!}</del> <ins>only in ${othersText(captions)}</ins>
        <mark class="doubt">unsupported</mark>
      </p>
      ${view.cards.map((card) => itemHtml(card, captionDiffs(card, captions)))}`,
  );
}

function itemHtml(card: FigureCard, diffs: CaptionDiff[]): Html {
  return html`<article class="item">
    <div class="picture">${pictureHtml(card.picture, figureName(card), 220)}</div>
    <div class="words">
      <b>${figureName(card)}</b> <small>${paperName(card)}</small>
      ${diffs.map((diff) => diffTextHtml(diff, diffs.length > 1))} ${contextsHtml(card)}
    </div>
  </article> `;
}

function diffTextHtml(diff: CaptionDiff, named: boolean): Html {
  const scores = scorePairs(diff.from, diff.to).map(
    ({ metric, text, delta }) => html` · ${metric} ${text}${delta === null ? "" : ` (${delta})`}`,
  );
  return html`${named ? html`<h4>${diff.to.name}</h4>` : null}
    <p class="text">${diffSegments(diff, "both").map(diffSegmentHtml)}</p>
    <p class="note">${changesText(diff)}${scores}</p>`;
}

/** The diff as text, in the notation of wdiff: `[-removed-]` and `{+added+}`. */
export function diffText(view: DiffView): string {
  const { captions } = view;
  const items = view.cards.slice(0, TEXT_ITEMS).map((card) => {
    const diffs = captionDiffs(card, captions);
    const texts = diffs.map(
      ({ to, changes }) => `${diffs.length > 1 ? `${to.name}: ` : ""}${wdiffText(changes)}`,
    );
    return [`${card.figure_id}  ${figureName(card)}, ${paperName(card)}`, ...texts].join("\n");
  });
  const rest = view.cards.length - items.length;
  return plainText(
    [
      `${view.title} · ${summaryLine(view)}`,
      `[-only in ${captions[0]!}-] {+only in ${othersText(captions)}+}`,
      ...items,
      ...(rest > 0 ? [`… and ${rest} more`] : []),
    ],
    "\n\n",
  );
}

/** Changes in the notation of wdiff: `[-removed-]` and `{+added+}`. */
export function wdiffText(changes: readonly Change[]): string {
  return changes
    .map(({ kind, text }) => (kind === "kept" ? text : kind === "added" ? `{+${text}+}` : `[-${text}-]`))
    .join("");
}

function summaryLine({ cards, captions, total }: DiffView): string {
  if (total === 0) return EMPTY_DIFF;
  const different = cards.filter((card) => captionDiffs(card, captions).some(differs)).length;
  return `${countText(cards.length, total, "figure")}, ${different} differ`;
}

const othersText = (captions: readonly string[]): string => captions.slice(1).join(", ");

const STYLE = `
.figloom-html ins{background:var(--added);color:inherit;text-decoration:underline;text-decoration-color:var(--added-line);text-underline-offset:3px}
.figloom-html del{background:var(--removed);color:inherit;text-decoration:line-through;text-decoration-color:var(--removed-line)}
.figloom-html .item{display:flex;flex-wrap:wrap;gap:8px 20px;padding:16px 0;border-top:1px solid var(--line)}
.figloom-html .picture{flex:0 0 220px}
.figloom-html .picture img{max-height:240px;padding:4px;border:1px solid var(--line);border-radius:4px}
.figloom-html .picture .nothing{min-height:110px;border-radius:4px}
.figloom-html .words{flex:1 1 320px;min-width:0;max-width:80ch}
.figloom-html .words small{color:var(--soft)}
.figloom-html .text{margin:6px 0 8px;white-space:pre-wrap}
.figloom-html .contexts>summary{cursor:pointer;color:var(--soft);font-size:13px}
.figloom-html .refers{background:var(--refers);color:inherit}
`;
