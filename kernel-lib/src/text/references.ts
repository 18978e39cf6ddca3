import type { Range } from "../model.js";

export type ReferenceKind = "figure" | "table" | "equation" | "section" | "other";

/** A mention of a numbered part of a paper, such as `Figs. 3(a) and 4`. */
export interface Reference {
  kind: ReferenceKind;
  /** The numbers in order, ranges spelled out: `["3", "4"]`. */
  numbers: string[];
  /** Figures and tables that are counted apart from those of the main text; `null` for the main text's own. */
  series: "supplementary" | "extended data" | null;
  /** Panels of a figure in order: letters as printed (`a`, `b–d`) or positions (`left`). */
  panels: string[];
  range: Range;
}

const HEAD =
  /(?<![\p{L}\p{N}])(?:(Supplement(?:ary|al)|Supp?l?\.|Supporting(?:\sInformation)?|SI|(Extended\sData)|Online)\s)?(?:(fig(?:ure)?s?)|(tab(?:le)?s?)|(eqn?s?|equations?)|(sec(?:t|tion)?s?|appendix|appendices|app|chap(?:ter)?s?|subsections?)|(algorithms?|algs?|schemes?|refs?|references?|listings?|theorems?|lemmas?|propositions?|definitions?|corollar(?:y|ies)|movies?|videos?|box|boxes))\b\.?|§{1,2}/giu;

/** A number as papers print them (`3`, `A.2`, `S1`, `4.1.2`) a Roman number, or a lone capital (`Appendix B`). */
const ITEM =
  /[\s~]{0,3}[([]?((?:[A-Z]{1,2}\.?)?\d{1,4}(?:\.\d{1,3}){0,3}|[IVX]{1,5}(?![\p{L}\p{N}])|[A-Z](?![\p{L}\p{N}]))/uy;
const CLOSE = /[)\]]/y;
const LETTERS = /(?:\s?\(([a-z](?:\s?[,–-]\s?[a-z])*)\)|\s?([a-zA-Z](?:[,–-][a-z])*)(?![\p{L}\p{N}]))/uy;
const POSITION =
  /,?\s?\(?(?:the\s)?((?:upper|lower|top|bottom|left|right|middle|centre|center)(?:[\s-](?:left|right))?)(?:\s(?:hand\s)?(?:panels?|plots?))?(\)|(?=[\s,.;]))/iuy;
const JOIN = /\s{0,2}(,\s?and|,\s?or|,|and|or|&|to|through|–|—|-)\s{0,2}/uy;
const MORE_LETTERS = /\(?([a-z])\)?(?![\p{L}\p{N}])/uy;

/** The references of a text in order. Linear in its length. */
export function references(text: string): Reference[] {
  const found: Reference[] = [];
  for (const head of text.matchAll(HEAD)) {
    const reference = readItems(text, head);
    if (reference) found.push(reference);
  }
  return found;
}

function kindOf(head: RegExpExecArray): ReferenceKind {
  if (head[3]) return "figure";
  if (head[4]) return "table";
  if (head[5]) return "equation";
  return head[7] ? "other" : "section";
}

function readItems(text: string, head: RegExpExecArray): Reference | null {
  const kind = kindOf(head);
  const numbers: string[] = [];
  const panels: string[] = [];
  let end = head.index + head[0].length;
  let position = end;
  for (;;) {
    const item = at(ITEM, text, position);
    const joined = numbers.length > 0;
    if (item) {
      if (joined && startsSomethingElse(text, head[0], position, ITEM.lastIndex)) break;
      if (joined && /[–—-]$/.test(text.slice(0, position).trimEnd())) fillRange(numbers, item[1]!);
      numbers.push(item[1]!);
      end = ITEM.lastIndex;
      if (/[([]/.test(item[0]) && at(CLOSE, text, end)) end = CLOSE.lastIndex;
      end = readPanels(text, end, kind, panels);
    } else {
      const letter = joined && panels.length > 0 ? at(MORE_LETTERS, text, position) : null;
      if (!letter) break;
      panels.push(letter[1]!);
      end = MORE_LETTERS.lastIndex;
    }
    if (!at(JOIN, text, end)) break;
    position = JOIN.lastIndex;
  }
  const series = head[2] ? "extended data" : head[1] ? "supplementary" : null;
  return numbers.length > 0 ? { kind, numbers, series, panels, range: [head.index, end] } : null;
}

function readPanels(text: string, start: number, kind: ReferenceKind, panels: string[]): number {
  if (kind !== "figure" && kind !== "table") return start;
  const letters = at(LETTERS, text, start);
  // "Figure 3 a few …" and "Figure 3 A …" name no panel: a spaced letter must be in brackets or end the phrase.
  if (
    letters &&
    (letters[1] ||
      !/^\s/.test(letters[0]) ||
      /^[),;.]/.test(text.slice(LETTERS.lastIndex, LETTERS.lastIndex + 1)))
  ) {
    panels.push(letters[1] ?? letters[2]!);
    return LETTERS.lastIndex;
  }
  const position = at(POSITION, text, start);
  if (
    position &&
    (/^,?\s?\(/.test(position[0]) ? position[2] === ")" : /panels?|plots?/i.test(position[0]))
  ) {
    panels.push(position[1]!.toLowerCase());
    return POSITION.lastIndex;
  }
  return start;
}

/** What figures do: "Fig. 6 and 7 show". */
const VERB =
  /^\s(?:show|present|illustrate|depict|display|demonstrate|compare|give|plot|indicate|suggest|reveal|summari[sz]e|contain|report|are\b|were\b|have\b)/;

/** In "Fig. 3 and 20 stars" or "Fig. 3, 50 %" the second number is no figure: a noun or a unit follows a singular. */
function startsSomethingElse(text: string, head: string, start: number, end: number): boolean {
  const after = text.slice(end, end + 12);
  if (/^\s*[A-Z]$/.test(text.slice(start, end))) return /^\s\p{Ll}/u.test(after);
  return !/s\.?$|[§]{2}/i.test(head) && /^\s?(?:[%°×]|\p{Ll}{3,})/u.test(after) && !VERB.test(after);
}

/** Puts in the numbers of `2–4`, `S1–S4` and `A.1–A.3` that are not printed. */
function fillRange(numbers: string[], last: string): void {
  const [from, to] = [counted(numbers.at(-1)!), counted(last)];
  if (!from || !to || (to.prefix !== "" && to.prefix !== from.prefix) || to.count - from.count > 50) return;
  for (let n = from.count + 1; n < to.count; n++) numbers.push(from.prefix + String(n));
}

/** The last part of a number, to count on from, and what stands before it. */
function counted(number: string): { prefix: string; count: number } | null {
  const match = /^(.*?)(\d{1,4})$/.exec(number);
  return match && { prefix: match[1]!, count: Number(match[2]) };
}

function at(pattern: RegExp, text: string, position: number): RegExpExecArray | null {
  pattern.lastIndex = position;
  return pattern.exec(text);
}
