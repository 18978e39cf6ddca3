import { references } from "../../text/references.js";
import { stem, words, type Word } from "../../text/words.js";
import type { ScoreInput } from "../scorer.js";
import { definitions, initialRuns, type Definition } from "./acronyms.js";
import { withoutOverlaps } from "./claims.js";
import { canonicalName, designators } from "./designators.js";
import { formulas } from "./formulas.js";
import { GREEK, SAME, SUBSTANCES } from "./lexicon.js";
import { qualifiedNumbers, type QualifiedNumber } from "./qualifiers.js";
import { root } from "./roots.js";

/** A text of the paper that a caption is held against. */
export interface Source {
  /** `caption`, `panel b`, `context 2`, `title`, `abstract`, `text on the figure`. */
  name: string;
  text: string;
}

/** Where in the evidence something stands. */
export interface Place {
  source: Source;
  /** The words as they stand there. */
  quote: string;
}

interface Occurrence {
  source: Source;
  words: readonly Word[];
  index: number;
}

export interface NumberOccurrence {
  mention: QualifiedNumber;
  source: Source;
  /** Position of the source in the list: earlier ones are named first. */
  rank: number;
}

const MAX_SOURCE_CHARACTERS = 262_144;
/** Occurrences kept of one word: enough to find a name's words next to each other. */
const MAX_OCCURRENCES = 64;

/** The sources for one caption in the order in which they are named; the raw caption is no evidence for itself. */
export function sourcesFor({ figure, paper, caption, figure_text }: ScoreInput): Source[] {
  const sources = [
    ...(caption === "raw" ? [] : [{ name: "caption", text: figure.caption }]),
    ...figure.panels.map((panel, i) => ({ name: `panel ${panel.number ?? i + 1}`, text: panel.caption })),
    ...figure.contexts.map((context, i) => ({ name: `context ${i + 1}`, text: context.text })),
    { name: "title", text: paper.title ?? "" },
    { name: "abstract", text: paper.abstract ?? "" },
    { name: "text on the figure", text: figure_text ?? "" },
  ];
  return sources
    .filter(({ text }) => text !== "")
    .map(({ name, text }) => ({ name, text: text.slice(0, MAX_SOURCE_CHARACTERS) }));
}

/**
 * A word as it is compared: compatibility forms folded (subscripts become digits, 𝑇 becomes T), accents, script signs,
 * inner hyphens and possessives off. Case is kept.
 */
export function fold(word: string): string {
  return word
    .normalize("NFKD")
    .replace(/(?<=\p{Script=Latin})\p{M}+/gu, "")
    .normalize("NFKC")
    .replace(/['’]s?$/, "")
    .replace(/[_^{}‐‑-]/g, "")
    .replaceAll("−", "-");
}

/** Sources read once, for many questions. Reading is linear in their length; a question takes constant time. */
export class Evidence {
  readonly numbers: NumberOccurrence[] = [];
  readonly #forms = new Map<string, Occurrence[]>();
  readonly #lower = new Map<string, Occurrence[]>();
  readonly #stems = new Map<string, Occurrence[]>();
  readonly #roots = new Map<string, Occurrence>();
  readonly #names = new Map<string, Place>();
  readonly #formulas = new Map<string, Place>();
  readonly #definitions = new Map<string, { definition: Definition; place: Place }[]>();
  readonly #initials = new Map<string, Place>();

  constructor(sources: readonly Source[]) {
    sources.forEach((source, rank) => this.#read(source, rank));
  }

  #read(source: Source, rank: number): void {
    const { text } = source;
    const taken = references(text).map((reference) => reference.range);
    for (const mention of withoutOverlaps(qualifiedNumbers(text), taken))
      this.numbers.push({ mention, source, rank });
    for (const { text: quote } of designators(text))
      keep(this.#names, canonicalName(quote), { source, quote });
    for (const { canonical, text: quote } of formulas(text))
      keep(this.#formulas, canonical, { source, quote });
    for (const definition of definitions(text)) {
      const known = this.#definitions.get(definition.short) ?? [];
      const place = { source, quote: text.slice(...definition.range) };
      if (known.length < MAX_OCCURRENCES)
        this.#definitions.set(definition.short, [...known, { definition, place }]);
    }
    const all = words(text);
    all.forEach((word, index) => {
      const occurrence = { source, words: all, index };
      const form = fold(word.text);
      add(this.#forms, form, occurrence);
      add(this.#lower, form.toLowerCase(), occurrence);
      add(this.#stems, stem(word.text), occurrence);
      keep(this.#roots, root(word.text), occurrence);
    });
    for (const { short, from, to } of initialRuns(text, all)) {
      if (!this.#initials.has(short))
        this.#initials.set(short, { source, quote: text.slice(all[from]!.range[0], all[to]!.range[1]) });
    }
  }

  /** A word with its case: symbols, and capitals too short to tell from a word (`IT`, `US`). Greek may be spelled out. */
  form(word: string): Place | null {
    const folded = fold(word);
    const greek = GREEK[folded.toLowerCase()];
    const spelled = Object.keys(GREEK).find((name) => GREEK[name] === folded);
    return (
      place(this.#forms.get(folded)) ??
      (greek ? place(this.#forms.get(greek)) : null) ??
      (spelled ? place(this.#lower.get(spelled)) : null)
    );
  }

  /** A word of content: by stem, by root, by a word for the same, or by the formula of what it names. */
  term(word: string): Place | null {
    const stemmed = stem(word);
    const found = place(this.#stems.get(stemmed)) ?? this.#root(word);
    if (found) return found;
    for (const same of SAME.get(stemmed) ?? []) {
      const other = place(this.#stems.get(same));
      if (other) return other;
    }
    for (const formula of FORMULAS_OF.get(word.toLowerCase()) ?? []) {
      const other = this.#formulas.get(formula);
      if (other) return other;
    }
    return null;
  }

  #root(word: string): Place | null {
    const found = this.#roots.get(root(word));
    return found ? place([found]) : null;
  }

  formula(canonical: string): Place | null {
    const found = this.#formulas.get(canonical);
    if (found) return found;
    const name = SUBSTANCES[canonical];
    return name === undefined ? null : this.#adjacent(name.split(" "));
  }

  /** A name with numbers or signs of its own, whole and in one piece. */
  designator(name: string): Place | null {
    return this.#names.get(canonicalName(name)) ?? this.#adjacent(words(name).map((word) => word.text));
  }

  /** An acronym itself, or the words that it is short for. */
  acronym(short: string): Place | null {
    const plain = short.replace(/(?<=\p{Lu})s$/u, "");
    return (
      place(this.#namePart(short)) ?? place(this.#forms.get(fold(plain))) ?? this.#initials.get(plain) ?? null
    );
  }

  /** Words with their acronym: as the evidence defines it, or the words where it defines none. */
  definition({ short, long }: Definition): { place: Place } | { otherwise: string | null } {
    const known = this.#definitions.get(short) ?? [];
    for (const { definition, place } of known) if (sameWords(definition.long, long)) return { place };
    const words = this.#adjacent(long);
    if (words && known.length === 0) return { place: words };
    return { otherwise: known[0]?.definition.long.join(" ") ?? null };
  }

  /**
   * A name of one or more words: first as it stands, then, word by word, anywhere. `missing` is the first word that
   * stands nowhere.
   */
  name(parts: readonly string[]): { place: Place | null; missing: string | null } {
    const whole = this.#adjacent(parts);
    if (whole) return { place: whole, missing: null };
    const found = parts.map((part) => this.#namePart(part));
    const missing = parts.find((_, i) => found[i]!.length === 0) ?? null;
    return missing === null ? { place: place(found[0]), missing } : { place: null, missing };
  }

  /** Words side by side. */
  #adjacent(parts: readonly string[]): Place | null {
    const starts = parts.length > 0 ? this.#namePart(parts[0]!) : [];
    const whole = starts.find((start) =>
      parts.every((part, i) => sameName(start.words[start.index + i]?.text ?? "", part)),
    );
    return place(whole && [whole], parts.length);
  }

  #namePart(part: string): readonly Occurrence[] {
    const folded = fold(part);
    if (/^\p{Lu}{1,3}$/u.test(folded)) return this.#forms.get(folded) ?? this.#forms.get(`${folded}s`) ?? [];
    for (const form of nameForms(folded)) {
      const found = this.#lower.get(form);
      if (found) return found;
    }
    return this.#stems.get(stem(part)) ?? [];
  }
}

/** Formulas by the words of their substance's name. */
const FORMULAS_OF = new Map<string, string[]>();
for (const [formula, name] of Object.entries(SUBSTANCES))
  for (const word of name.split(" ")) FORMULAS_OF.set(word, [...(FORMULAS_OF.get(word) ?? []), formula]);

/** A name and its plural: `SNRs` for `SNR` and the other way round. */
function nameForms(folded: string): string[] {
  const lower = folded.toLowerCase();
  return lower.length > 3 && lower.endsWith("s") ? [lower, lower.slice(0, -1)] : [lower, `${lower}s`];
}

function sameName(word: string, part: string): boolean {
  const form = fold(word).toLowerCase();
  return nameForms(fold(part)).includes(form) || (word !== "" && stem(word) === stem(part));
}

/** Whether two expansions are the same but for endings. */
function sameWords(one: readonly string[], other: readonly string[]): boolean {
  return (
    one.length === other.length &&
    one.every((word, i) => sameName(word, other[i]!) || root(word) === root(other[i]!))
  );
}

function keep<T>(index: Map<string, T>, key: string, value: T): void {
  if (!index.has(key)) index.set(key, value);
}

function add(index: Map<string, Occurrence[]>, key: string, occurrence: Occurrence): void {
  const list = index.get(key);
  if (!list) index.set(key, [occurrence]);
  else if (list.length < MAX_OCCURRENCES) list.push(occurrence);
}

function place(found: readonly Occurrence[] | undefined, length = 1): Place | null {
  const first = found?.[0];
  if (!first) return null;
  const start = first.words[first.index]!.range[0];
  const end = first.words[first.index + length - 1]!.range[1];
  return { source: first.source, quote: first.source.text.slice(start, end) };
}
