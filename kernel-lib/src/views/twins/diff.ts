import { diffSegments } from "../segments.js";
import type { Change, DiffView } from "../protocol.js";
import {
  changesText,
  countText,
  differs,
  EMPTY_DIFF,
  figureName,
  paperName,
  scorePairs,
} from "../wording.js";
import { printable } from "../../text/printable.js";
import { fragment, type Html, html } from "./html.js";
import { contextsHtml, diffSegmentHtml, pictureHtml } from "./parts.js";

type Item = DiffView["items"][number];

/** Items of the text twin; the rest is only counted. */
const TEXT_ITEMS = 20;

/** The diff as HTML that stands alone: per figure the thumbnail and one woven text with ins, del and mark. */
export function diffHtml(view: DiffView): string {
  return fragment(
    view.title,
    STYLE,
    html`<h3>${view.title}</h3>
      <p class="note">
        ${summaryLine(view)} · <del>only in ${view.from}</del> <ins>only in ${view.to}</ins>
        <mark class="doubt">unsupported</mark>
      </p>
      ${view.items.map((item) => itemHtml(item))}`,
  );
}

function itemHtml(item: Item): Html {
  const scores = scorePairs(item.from, item.to).map(
    ({ metric, text, delta }) => html` · ${metric} ${text}${delta === null ? "" : ` (${delta})`}`,
  );
  return html`<article class="item">
    <div class="picture">${pictureHtml(item.card.picture, figureName(item.card), 220)}</div>
    <div class="words">
      <b>${figureName(item.card)}</b> <small>${paperName(item.card)}</small>
      <p class="text">${diffSegments(item, "both").map(diffSegmentHtml)}</p>
      <p class="note">${changesText(item)}${scores}</p>
      ${contextsHtml(item.card)}
    </div>
  </article> `;
}

/** The diff as text, in the notation of wdiff: `[-removed-]` and `{+added+}`. */
export function diffText(view: DiffView): string {
  const items = view.items.slice(0, TEXT_ITEMS).map((item) => {
    return `${item.card.figure_id}  ${figureName(item.card)}, ${paperName(item.card)}\n${wdiffText(item.changes)}`;
  });
  const rest = view.items.length - items.length;
  return printable(
    [
      `${view.title} · ${summaryLine(view)}`,
      `[-only in ${view.from}-] {+only in ${view.to}+}`,
      ...items,
      ...(rest > 0 ? [`… and ${rest} more`] : []),
    ].join("\n\n"),
  );
}

/** Changes in the notation of wdiff: `[-removed-]` and `{+added+}`. */
export function wdiffText(changes: readonly Change[]): string {
  return changes
    .map(({ kind, text }) => (kind === "kept" ? text : kind === "added" ? `{+${text}+}` : `[-${text}-]`))
    .join("");
}

function summaryLine(view: DiffView): string {
  if (view.total === 0) return EMPTY_DIFF;
  return `${countText(view.items.length, view.total, "figure")}, ${view.items.filter(differs).length} differ`;
}

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
