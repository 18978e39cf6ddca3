/** Parts that the HTML twins of gallery and diff have in common. */
import type { CaptionText, FigureCard, Picture } from "../protocol.js";
import { contextSegments, type DiffSegment, type Segment } from "../segments.js";
import { flagText, missingText, relativeUrl, safeThumb, valueText } from "../wording.js";
import { Html, html } from "./html.js";

/** The thumbnail, linked to the full image where that can be reached, or a box that says why there is none. */
export function pictureHtml(picture: Picture, description: string, width: number): Html {
  const thumb = safeThumb(picture);
  if (thumb === null) return html`<div class="nothing" dir="auto">${missingText(picture)}</div>`;
  return html`<img src="${new Html(thumb)}" alt="${description}" width="${width}" />`;
}

/** A link to the full image; nothing where it cannot be reached. */
export function fullImageHtml({ path, width, height }: Picture): Html | null {
  if (path === null) return null;
  const size = width !== null && height !== null ? ` (${width} × ${height})` : "";
  return html`<a href="${relativeUrl(path)}">Full image${size}</a>`;
}

/** A stretch of caption, marked where it is unsupported. */
export function segmentHtml({ text, reason }: Segment): Html {
  return reason === null
    ? html`${text}`
    : html`<mark class="doubt" title="Unsupported: ${reason}">${text}</mark>`;
}

/** A stretch of a diff, as what was put in or taken out where it was. */
export function diffSegmentHtml(segment: DiffSegment): Html {
  const inner = segmentHtml(segment);
  if (segment.kind === "kept") return inner;
  return segment.kind === "added" ? html`<ins>${inner}</ins>` : html`<del>${inner}</del>`;
}

/** `support 0.92 · length 41`, or nothing. */
export function scoresHtml({ scores }: CaptionText): Html | null {
  const parts = Object.entries(scores).map(([metric, value]) => `${metric} ${valueText(value)}`);
  return parts.length === 0 ? null : html` · ${parts.join(" · ")}`;
}

/** Flags as small labels, each with its reason on hover. */
export function flagsHtml({ flags }: FigureCard): Html[] {
  return flags.map((flag) => html`<span class="flag" title="${flag.reason}">${flagText(flag)}</span> `);
}

/** Flags with their reasons in words. */
export function reasonsHtml({ flags }: FigureCard): Html | null {
  if (flags.length === 0) return null;
  return html`<h4>Flags</h4>
    <ul>
      ${flags.map((flag) => html`<li><b>${flagText(flag)}</b>: ${flag.reason}</li>`)}
    </ul>`;
}

/** What was read off the picture, folded away. */
export function figureTextHtml({ figure_text }: FigureCard): Html | null {
  if (!figure_text) return null;
  const lines = figure_text.text.split("\n").map((line) => html`${line}<br />`);
  return html`<details class="contexts">
    <summary>Text on the figure, by ${figure_text.reader}</summary>
    <p dir="auto">${lines}</p>
  </details>`;
}

/** The paragraphs that refer to the figure, folded away unless `open`, with the referring sentences marked. */
export function contextsHtml({ contexts }: FigureCard, fold: "folded" | "open" = "folded"): Html | null {
  if (contexts.length === 0) return null;
  const paragraphs = contexts.map((context) => {
    const pieces = contextSegments(context).map(({ text, refers }) =>
      refers ? html`<mark class="refers">${text}</mark>` : html`${text}`,
    );
    return html`<p>${context.section ? html`<small>${context.section}</small><br />` : null}${pieces}</p>`;
  });
  const noun = contexts.length === 1 ? "paragraph refers" : "paragraphs refer";
  const open = fold === "open" ? new Html(" open") : null;
  return html`<details class="contexts" ${open}>
    <summary>${contexts.length} ${noun} to it</summary>
    ${paragraphs}
  </details>`;
}

/** A table whose rows begin with their names. */
export function tableHtml(headings: readonly string[], rows: readonly (readonly string[])[]): Html {
  return html`<table>
    <thead>
      <tr>
        ${headings.map((heading) => html`<th>${heading}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${rows.map(
        ([name, ...cells]) =>
          html`<tr>
            <th scope="row">${name ?? ""}</th>
            ${cells.map((cell) => html`<td>${cell}</td>`)}
          </tr>`,
      )}
    </tbody>
  </table>`;
}
