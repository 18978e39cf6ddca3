import type { CitationText } from "./citation-need.js";
import { PlainText } from "./plain.js";
import { Braced } from "../markup/scan.js";
import { inWords } from "../markup/quantities.js";
import type { Sources } from "./sources.js";

/** What a reference list says under a key. */
interface Cited {
  /** `Smith`, `Smith and Jones`, `Smith et al.`, as an author–year citation prints it; empty where it is not known. */
  names: string;
  year: string | null;
  /** Its number in a numbered list. */
  number: string | null;
}

/** An entry of a list, read once it is cited; `null` where it says nothing. */
type Entry = () => Cited | null;

/** Citations that are part of their sentence: without a name the sentence breaks. */
const TEXTUAL =
  /^(?:[cC]itet|[tT]extcite|(?:full)?[cC]iteauthor|[cC]itealt|[cC]itealp|shortciteN|citeN|citeA|shortciteA|citename|citeasnoun|onlinecite|Citet)s?$/;

/** Bibliography files looked into, and characters of each. */
const MAX_FILES = 20;
const MAX_LENGTH = 4_000_000;

/** The reference lists of a paper: in the document itself, in `.bbl` files, else in `.bib` files. */
export class Bibliography {
  private entries: Map<string, Entry[]> | null = null;
  private readonly known = new Map<string, Cited | null>();

  constructor(
    private readonly sources: Sources,
    private readonly document: Braced,
  ) {}

  readonly print: CitationText = (command, keys, needed) => {
    if (!needed && !TEXTUAL.test(command)) return null;
    const wanted = keys.slice(0, 20);
    const cited = wanted.flatMap((key) => this.cited(key) ?? []);
    if (!cited.length || cited.length < wanted.length) return null;
    const bare = /author|citename/i.test(command);
    const inline = /alt|alp/.test(command);
    const named = ({ names, year }: Cited) =>
      bare || year === null ? names : inline ? `${names} ${year}` : `${names} (${year})`;
    if (cited.every(({ names }) => names)) return inWords([...new Set(cited.map(named))]);
    const numbers = cited.flatMap(({ number }) => number ?? []);
    return numbers.length === cited.length ? `[${numbers.join(", ")}]` : null;
  };

  /** What the first entry of a key that says something says. */
  private cited(key: string): Cited | null {
    const known = this.known.get(key);
    if (known !== undefined) return known;
    this.entries ??= this.read();
    let cited: Cited | null = null;
    for (const entry of this.entries.get(key) ?? []) if ((cited = entry())) break;
    this.known.set(key, cited);
    return cited;
  }

  private read(): Map<string, Entry[]> {
    const entries = new Map<string, Entry[]>();
    const add = ([key, entry]: [string, Entry]) => {
      const others = entries.get(key);
      if (others) others.push(entry);
      else entries.set(key, [entry]);
    };
    for (const list of [this.document, ...this.files(".bbl").map((text) => new Braced(text))]) {
      for (const item of itemsOf(list)) add(item);
      for (const entry of entriesOf(list.text)) add(entry);
    }
    for (const list of this.files(".bib")) for (const record of recordsOf(list)) add(record);
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

/** `\bibitem[label]{key}`; natbib's labels hold names: `[{Smith et~al.(2010)Smith, Jones}]`, `[\protect\citeauthoryear{…}{…}{2010}]`. */
function* itemsOf(source: Braced): Generator<[string, Entry]> {
  let ordinal = 0;
  for (const item of source.text.matchAll(/\\bibitem(?![A-Za-z])/g)) {
    const label = source.optional(item.index + item[0].length);
    const key = source.group(label?.next ?? item.index + item[0].length);
    if (!key) continue;
    const text = label ? source.slice(label) : "";
    const old = /\\citeauthoryear\s*\{([^{}]*)\}\s*(?:\{[^{}]*\}\s*)?\{([^{}]*)\}/.exec(text);
    const modern = /^([^(]+)\((\d{4}[a-z]?|[^()]{1,20})\)/s.exec(text.replace(/\\protect\b/g, ""));
    const found = old ?? modern;
    const number = label ? (/^\s*\{?(\d+)\}?\s*$/.exec(text)?.[1] ?? null) : String(++ordinal);
    yield [
      source.slice(key).trim(),
      () => {
        const names = found ? plain(found[1]!) : "";
        return { names, year: found ? plain(found[2]!) || null : null, number };
      },
    ];
  }
}

/** biblatex's own list: `\entry{key}{article}{}` with `family={Smith}` and `\field{year}{2010}`. */
function* entriesOf(list: string): Generator<[string, Entry]> {
  const starts = Array.from(list.matchAll(/\\entry\{([^{}]*)\}\{\w+\}/g));
  for (const [i, start] of starts.entries()) {
    const record = list.slice(
      start.index,
      Math.min(starts[i + 1]?.index ?? list.length, start.index + 20_000),
    );
    yield [start[1]!.trim(), () => readEntry(record)];
  }
}

function readEntry(record: string): Cited | null {
  const people = /\\name\{(?:author|editor)\}\{(\d+)\}/.exec(record);
  if (!people) return null;
  const families = Array.from(
    record.slice(people.index).matchAll(/\bfamily=\{((?:[^{}]|\{[^{}]*\}){1,100})\}/g),
    (match) => match[1]!,
  ).slice(0, Number(people[1]));
  if (!families.length) return null;
  const year = /\\field\{year\}\{(\d{4})\}/.exec(record)?.[1] ?? null;
  return { names: listed(families, plain), year, number: null };
}

/** BibTeX's records, as far as authors and year go. */
function* recordsOf(list: string): Generator<[string, Entry]> {
  const starts = Array.from(list.matchAll(/@\s*[A-Za-z]+\s*\{\s*([^\s,{}]+)\s*,/g));
  for (const [i, start] of starts.entries()) {
    const from = start.index + start[0].length;
    const record = list.slice(from, Math.min(starts[i + 1]?.index ?? list.length, from + 20_000));
    yield [start[1]!, () => readRecord(new Braced(record))];
  }
}

function readRecord(record: Braced): Cited | null {
  const value = (field: RegExp): string => {
    const match = field.exec(record.text);
    if (!match) return "";
    const at = match.index + match[0].length;
    if (record.text[at] === "{") return record.slice(record.group(at) ?? { start: at, end: at, next: at });
    return /^"?([^",\n]*)/.exec(record.text.slice(at, at + 2_000))?.[1] ?? "";
  };
  const names = authorNames(value(/\bauthor\s*=\s*/i) || value(/\beditor\s*=\s*/i));
  const year = /\d{4}/.exec(value(/\b(?:year|date)\s*=\s*/i))?.[0] ?? null;
  return names ? { names, year, number: null } : null;
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
  return listed(people, last);
}

/** `Smith`, `Smith and Jones`, `Smith et al.`; only those who are named are read. */
function listed([first, second, ...more]: readonly string[], name: (person: string) => string): string {
  if (first === undefined) return "";
  if (second === undefined) return name(first);
  return more.length === 0 && second !== "others"
    ? `${name(first)} and ${name(second)}`
    : `${name(first)} et al.`;
}

function plain(source: string): string {
  return new PlainText(new Braced(source), () => "").of(0, source.length);
}
