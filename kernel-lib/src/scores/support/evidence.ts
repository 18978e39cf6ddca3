import { numbers, type NumberMention } from "../../text/numbers.js";
import { references } from "../../text/references.js";
import { stem, words, type Word } from "../../text/words.js";
import type { ScoreInput } from "../scorer.js";
import { withoutOverlaps } from "./claims.js";
import { GREEK } from "./lexicon.js";

/** A text of the paper that a caption is held against. */
export interface Source {
  /** `caption`, `panel b`, `context 2`, `title`, `abstract`. */
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
  words: Word[];
  index: number;
}

export interface NumberOccurrence {
  mention: NumberMention;
  source: Source;
  /** Position of the source in the list: earlier ones are named first. */
  rank: number;
}

const MAX_SOURCE_CHARACTERS = 262_144;
/** Occurrences kept of one word: enough to find a name's words next to each other. */
const MAX_OCCURRENCES = 64;

/** The sources for one caption in the order in which they are named; the raw caption is no evidence for itself. */
export function sourcesFor({ figure, paper, caption }: ScoreInput): Source[] {
  const sources = [
    ...(caption === "raw" ? [] : [{ name: "caption", text: figure.caption }]),
    ...figure.panels.map((panel, i) => ({ name: `panel ${panel.number ?? i + 1}`, text: panel.caption })),
    ...figure.contexts.map((context, i) => ({ name: `context ${i + 1}`, text: context.text })),
    { name: "title", text: paper.title ?? "" },
    { name: "abstract", text: paper.abstract ?? "" },
  ];
  return sources
    .filter(({ text }) => text !== "")
    .map(({ name, text }) => ({ name, text: text.slice(0, MAX_SOURCE_CHARACTERS) }));
}

/**
 * A word as it is compared: compatibility forms folded (subscripts become digits, 𝑇 becomes T), script signs,
 * inner hyphens and possessives off. Case is kept.
 */
export function fold(word: string): string {
  return word
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
  readonly #stems = new Map<string, Occurrence>();

  constructor(sources: readonly Source[]) {
    sources.forEach((source, rank) => this.#read(source, rank));
  }

  #read(source: Source, rank: number): void {
    const taken = references(source.text).map((reference) => reference.range);
    for (const mention of withoutOverlaps(numbers(source.text), taken)) {
      this.numbers.push({ mention, source, rank });
    }
    const all = words(source.text);
    all.forEach((word, index) => {
      const occurrence = { source, words: all, index };
      const form = fold(word.text);
      add(this.#forms, form, occurrence);
      add(this.#lower, form.toLowerCase(), occurrence);
      const root = stem(word.text);
      if (!this.#stems.has(root)) this.#stems.set(root, occurrence);
    });
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

  term(word: string): Place | null {
    const found = this.#stems.get(stem(word));
    return found ? place([found]) : null;
  }

  /**
   * A name of one or more words: first as it stands, then, word by word, anywhere. `missing` is the first word that
   * stands nowhere.
   */
  name(parts: readonly string[]): { place: Place | null; missing: string | null } {
    const found = parts.map((part) => this.#namePart(part));
    const missing = parts.find((_, i) => found[i]!.length === 0) ?? null;
    if (missing !== null) return { place: null, missing };
    const whole = found[0]!.find((start) =>
      parts.every((part, i) => sameName(start.words[start.index + i]?.text ?? "", part)),
    );
    return { place: place(whole ? [whole] : found[0], whole ? parts.length : 1), missing: null };
  }

  #namePart(part: string): Occurrence[] {
    const folded = fold(part);
    if (/^\p{Lu}{1,3}$/u.test(folded)) return this.#forms.get(folded) ?? this.#forms.get(`${folded}s`) ?? [];
    for (const form of nameForms(folded)) {
      const found = this.#lower.get(form);
      if (found) return found;
    }
    return [];
  }
}

/** A name and its plural: `SNRs` for `SNR` and the other way round. */
function nameForms(folded: string): string[] {
  const lower = folded.toLowerCase();
  return lower.length > 3 && lower.endsWith("s") ? [lower, lower.slice(0, -1)] : [lower, `${lower}s`];
}

function sameName(word: string, part: string): boolean {
  const form = fold(word).toLowerCase();
  return nameForms(fold(part)).includes(form);
}

function add(index: Map<string, Occurrence[]>, key: string, occurrence: Occurrence): void {
  const list = index.get(key);
  if (!list) index.set(key, [occurrence]);
  else if (list.length < MAX_OCCURRENCES) list.push(occurrence);
}

function place(found: Occurrence[] | undefined, length = 1): Place | null {
  const first = found?.[0];
  if (!first) return null;
  const start = first.words[first.index]!.range[0];
  const end = first.words[first.index + length - 1]!.range[1];
  return { source: first.source, quote: first.source.text.slice(start, end) };
}
