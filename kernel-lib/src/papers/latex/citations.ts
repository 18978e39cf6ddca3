import { PlainText } from "./plain.js";
import { Braced } from "../markup/scan.js";
import type { Sources } from "./sources.js";

/** Whom a reference list names under a key, as an author–year citation prints it. */
export interface Cited {
  /** `Smith`, `Smith and Jones`, `Smith et al.` */
  names: string;
  year: string | null;
}

/** Citations that are part of their sentence: without a name the sentence breaks. */
export const TEXTUAL =
  /^(?:[cC]itet|[tT]extcite|[cC]iteauthor|[cC]itealt|[cC]itealp|shortciteN|citeN|citeA|shortciteA|citename)s?$/;

/** Bibliography files looked into, and characters of each. */
const MAX_FILES = 20;
const MAX_LENGTH = 4_000_000;

/** The reference lists of a paper: in the document itself, in `.bbl` files, else in `.bib` files. */
export class Bibliography {
  private entries: Map<string, Cited> | null = null;

  constructor(
    private readonly sources: Sources,
    private readonly document: string,
  ) {}

  /** What a textual citation prints; `null` where its keys are unknown. */
  readonly print = (command: string, keys: readonly string[]): string | null => {
    if (!TEXTUAL.test(command)) return null;
    this.entries ??= this.read();
    const cited = keys.slice(0, 20).flatMap((key) => this.entries!.get(key) ?? []);
    if (!cited.length || cited.length < Math.min(keys.length, 20)) return null;
    const bare = /author|citename/i.test(command);
    const inline = /alt|alp/.test(command);
    return cited
      .map(({ names, year }) =>
        bare || year === null ? names : inline ? `${names} ${year}` : `${names} (${year})`,
      )
      .join(", ");
  };

  private read(): Map<string, Cited> {
    const entries = new Map<string, Cited>();
    const add = (key: string, cited: Cited | null) => {
      if (cited && !entries.has(key)) entries.set(key, cited);
    };
    for (const list of [this.document, ...this.files(".bbl")])
      for (const [key, cited] of labelsOf(list)) add(key, cited);
    for (const list of this.files(".bib")) for (const [key, cited] of recordsOf(list)) add(key, cited);
    return entries;
  }

  private files(ending: string): string[] {
    const paths = this.sources.archive.paths.filter((path) => path.toLowerCase().endsWith(ending));
    return paths.slice(0, MAX_FILES).flatMap((path) => {
      const file = this.sources.open(path);
      return file === null ? [] : [this.sources.files[file]!.lines.slice(0, MAX_LENGTH)];
    });
  }
}

/** natbib's labels: `\bibitem[{Smith et~al.(2010)Smith, Jones}]{key}`, `\bibitem[\protect\citeauthoryear{…}{…}{2010}]{key}`. */
function* labelsOf(list: string): Generator<[string, Cited | null]> {
  const source = new Braced(list);
  for (const item of list.matchAll(/\\bibitem(?=\s*(?:%\s*)?\[)/g)) {
    const label = source.optional(item.index + item[0].length);
    const key = label && source.group(label.next);
    if (!key) continue;
    const text = source.slice(label);
    const old = /\\citeauthoryear\s*\{([^{}]*)\}\s*(?:\{[^{}]*\}\s*)?\{([^{}]*)\}/.exec(text);
    const modern = /^([^(]+)\((\d{4}[a-z]?|[^()]{1,20})\)/s.exec(text.replace(/\\protect\b/g, ""));
    const found = old ?? modern;
    yield [source.slice(key).trim(), found && { names: plain(found[1]!), year: plain(found[2]!) || null }];
  }
}

/** BibTeX's records, as far as authors and year go. */
function* recordsOf(list: string): Generator<[string, Cited | null]> {
  const source = new Braced(list);
  const starts = Array.from(list.matchAll(/@\s*[A-Za-z]+\s*\{\s*([^\s,{}]+)\s*,/g));
  for (const [i, start] of starts.entries()) {
    const from = start.index + start[0].length;
    const record = list.slice(from, Math.min(starts[i + 1]?.index ?? list.length, from + 20_000));
    const value = (field: RegExp): string => {
      const match = field.exec(record);
      if (!match) return "";
      const at = from + match.index + match[0].length;
      if (list[at] === "{") return source.slice(source.group(at) ?? { start: at, end: at, next: at });
      return /^"?([^",\n]*)/.exec(list.slice(at, at + 2_000))?.[1] ?? "";
    };
    const names = authorNames(value(/\bauthor\s*=\s*/i) || value(/\beditor\s*=\s*/i));
    const year = /\d{4}/.exec(value(/\b(?:year|date)\s*=\s*/i))?.[0] ?? null;
    yield [start[1]!, names ? { names, year } : null];
  }
}

function authorNames(field: string): string {
  const people = field
    .slice(0, 4_000)
    .split(/\s+and\s+/)
    .map((person) => person.trim())
    .filter(Boolean);
  const last = (person: string) => {
    if (person.includes(",")) return plain(person.slice(0, person.indexOf(",")));
    return /^\{.*\}$/s.test(person) ? plain(person) : (plain(person).split(" ").at(-1) ?? "");
  };
  const [first, second] = people;
  if (first === undefined) return "";
  if (second === undefined) return last(first);
  return people.length === 2 && second !== "others"
    ? `${last(first)} and ${last(second)}`
    : `${last(first)} et al.`;
}

function plain(source: string): string {
  return new PlainText(new Braced(source), () => "").of(0, source.length);
}
