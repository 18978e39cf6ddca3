/** HTML that escapes by itself: a value set into {@link html} is text unless it was made by `html` too. */

import { printable } from "../../text/printable.js";

/** A piece of finished HTML. */
export class Html {
  constructor(readonly source: string) {}
}

type Value = Html | string | number | null | readonly Value[];

/**
 * Template tag. Strings and numbers are escaped, overlong ones cut, `null` is nothing, lists are joined. What words stand
 * in takes its direction from them, so that a Hebrew title does not turn what is around it. The template's own indentation
 * is dropped: in a Markdown export an indented line would become code.
 */
export function html(parts: TemplateStringsArray, ...values: Value[]): Html {
  const pieces = parts.map((part, i) => directed(part.replace(/\n\s*/g, "\n")) + render(values[i] ?? null));
  return new Html(pieces.join(""));
}

/** Longest text in one place, in UTF-16 code units: as long as the longest caption of a card. */
const TEXT_LIMIT = 20_000;

const directed = (part: string): string =>
  part.replace(/<(?:h3|h4|p|li|th|td|figcaption|summary|b|small|code)(?=[\s>])/g, '$& dir="auto"');

function render(value: Value): string {
  if (value === null) return "";
  if (value instanceof Html) return value.source;
  if (typeof value === "object") return value.map(render).join("");
  const text = String(value);
  return escapeHtml(text.length > TEXT_LIMIT ? `${text.slice(0, TEXT_LIMIT - 1)}…` : text);
}

/** Text that is safe in elements and in quoted attributes. Control characters become visible. */
function escapeHtml(text: string): string {
  const entities: Record<string, string> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "'": "&#39;",
  };
  return printable(text).replace(/[&<>"']/g, (sign) => entities[sign]!);
}

/**
 * A stand-alone fragment: its style, then one element of class `figloom-html` named after the view. Notebooks would set
 * what stands between two dollar signs as a formula, prices too; the other classes keep MathJax 3 and 2 from it.
 */
export function fragment(title: string, style: string, body: Html): string {
  const css = new Html(`<style>${BASE_STYLE}${style}</style>`);
  return html`${css}
    <section class="figloom-html mathjax_ignore tex2jax_ignore" aria-label="${title}">${body}</section>`
    .source;
}

/**
 * Colours are set for both text and ground, so that the twin stays readable whatever page it lands in: as the system is
 * set, and in JupyterLab as its theme is. Where styles
 * are stripped (GitHub), the elements themselves carry the meaning: ins, del, details, table, width of images.
 */
const LIGHT = `--ground:#fff;--raised:#f6f7f9;--text:#1c2128;--soft:#5b6470;--line:#dfe3e8;--link:#0b62c4;
--added:#dcecff;--added-line:#2f6fb5;--removed:#ffe8d1;--removed-line:#b3560b;--doubt:#9333a8;--refers:#fff3bf`;
const DARK = `--ground:#15181d;--raised:#1e2229;--text:#e4e7eb;--soft:#9aa4b0;--line:#343a43;
--link:#74b0f4;--added:#163a5f;--added-line:#74b0f4;--removed:#4d2f12;--removed-line:#f0a35e;--doubt:#dd9ceb;--refers:#4a4113`;
const BASE_STYLE = `
.figloom-html{${LIGHT};
box-sizing:border-box;max-width:1100px;padding:16px;border:1px solid var(--line);border-radius:8px;background:var(--ground);
color:var(--text);font:14px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;text-align:start}
@media (prefers-color-scheme:dark){.figloom-html{${DARK}}}
[data-jp-theme-light=true] .figloom-html{${LIGHT}}
[data-jp-theme-light=false] .figloom-html{${DARK}}
.figloom-html *{box-sizing:border-box}
.figloom-html h3{margin:0;font-size:16px;font-weight:600;line-height:1.3;color:inherit}
.figloom-html h4{margin:12px 0 2px;font-size:12px;font-weight:600;color:var(--soft)}
.figloom-html p{margin:0 0 8px;unicode-bidi:isolate;overflow-wrap:anywhere}
.figloom-html .note{margin:0 0 12px;color:var(--soft);font-size:13px}
.figloom-html a{color:var(--link)}
.figloom-html img{max-width:100%;background:#fff;object-fit:contain}
.figloom-html .doubt{color:inherit;background:none;text-decoration:underline wavy var(--doubt);text-underline-offset:3px;cursor:help}
.figloom-html .nothing{display:flex;align-items:center;justify-content:center;padding:12px;background:var(--raised);color:var(--soft);
font-size:12px;text-align:center}
.figloom-html table{border-collapse:collapse;margin:8px 0 0;color:inherit;font-variant-numeric:tabular-nums}
.figloom-html th,.figloom-html td{padding:4px 12px 4px 0;border:0;border-bottom:1px solid var(--line);text-align:right;background:none}
.figloom-html th:first-child,.figloom-html td:first-child{text-align:left}
.figloom-html table tbody tr:nth-child(n){background:none}
.figloom-html thead th{color:var(--soft);font-weight:600;font-size:12px}
`;
