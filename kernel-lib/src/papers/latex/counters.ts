import { numeral } from "./numerals.js";

interface Counter {
  value: number;
  within: string | null;
  /** Body of `\the<name>`. */
  format: string;
}

/** Counters that a paper may have, its own included. */
const MAX_COUNTERS = 400;
const MAX_DEPTH = 8;

const CHAPTER_CLASSES =
  /^(?:book|report|memoir|scrbook|scrreprt|amsbook|extbook|extreport|svmono|thesis|.*thesis.*)$/i;

/** The counters of a document: their values, what resets them, and how they are printed. */
export class Counters {
  private readonly counters = new Map<string, Counter>();

  /** Counters as a document class has them. */
  constructor(documentClass: string) {
    const add = (name: string, within: string | null, format: string) =>
      this.counters.set(name, { value: 0, within, format });
    const chapters = CHAPTER_CLASSES.test(documentClass);
    const roman = /^(?:revtex|IEEEtran)/.test(documentClass);
    const chapter = chapters ? "chapter" : null;
    const inChapter = chapters ? "\\thechapter." : "";
    add("part", null, "\\Roman{part}");
    add("chapter", null, "\\arabic{chapter}");
    add("section", chapter, inChapter + (roman ? "\\Roman{section}" : "\\arabic{section}"));
    add("subsection", "section", `\\thesection${roman ? "\\ \\Alph" : ".\\arabic"}{subsection}`);
    add("subsubsection", "subsection", `\\thesubsection${roman ? "\\ " : "."}\\arabic{subsubsection}`);
    add("paragraph", "subsubsection", "\\thesubsubsection.\\arabic{paragraph}");
    add("subparagraph", "paragraph", "\\theparagraph.\\arabic{subparagraph}");
    for (const name of ["figure", "table", "equation"]) add(name, chapter, `${inChapter}\\arabic{${name}}`);
    for (const name of ["scheme", "chart", "plate", "algorithm", "listing", "footnote", "enumi"])
      add(name, null, `\\arabic{${name}}`);
    add("subfigure", "figure", "\\alph{subfigure}");
    add("subtable", "table", "\\alph{subtable}");
    add("enumii", "enumi", "\\alph{enumii}");
    add("enumiii", "enumii", "\\roman{enumiii}");
  }

  value(name: string): number {
    return this.counter(name).value;
  }

  within(name: string): string | null {
    return this.counter(name).within;
  }

  set(name: string, value: number): void {
    this.counter(name).value = value;
  }

  /** Counts one up and resets what counts within it; gives what is printed. */
  step(name: string): string {
    this.counter(name).value++;
    this.reset(name);
    return this.print(name);
  }

  reset(name: string, depth = 0): void {
    if (depth > MAX_DEPTH) return;
    this.counters.forEach((counter, inner) => {
      if (counter.within !== name) return;
      counter.value = 0;
      this.reset(inner, depth + 1);
    });
  }

  /** From now on `name` begins anew with each `outer`; `null` where it goes on through all. */
  resetWithin(name: string, outer: string | null): void {
    this.counter(name).within = outer;
  }

  /** From now on `\the<name>` has this body. */
  printAs(name: string, format: string): void {
    this.counter(name).format = format;
  }

  /** What `\the<name>` prints. */
  print(name: string): string {
    return this.printed(this.counter(name).format);
  }

  /** What a text of counters prints. */
  printed(format: string): string {
    const text = this.unfold(format, 0);
    // Most hold nothing but numerals and stops.
    const clean = /[\\{}$~]/.test(text)
      ? text
          .replace(/\\[ ,~]/g, " ")
          .replace(/\\[A-Za-z@]+|[{}$]/g, "")
          .replace(/~/g, " ")
      : text;
    return clean.trim().slice(0, 40);
  }

  private unfold(format: string, depth: number): string {
    if (depth > MAX_DEPTH) return "";
    return format
      .slice(0, 300)
      .replace(
        /\\@?(arabic|alph|Alph|roman|Roman|fnsymbol|number)\s*(?:\{([A-Za-z]*)\}|\{?\\(?:c@|value\s*\{)([A-Za-z]+)\}?\}?)/g,
        (_, style: string, name: string | undefined, register: string) =>
          numeral(style, this.value(name ?? register)),
      )
      .replace(/\\the([a-z]+)/g, (_, name: string) => this.unfold(this.counter(name).format, depth + 1));
  }

  private counter(name: string): Counter {
    let counter = this.counters.get(name);
    if (!counter && this.counters.size < MAX_COUNTERS)
      this.counters.set(name, (counter = { value: 0, within: null, format: `\\arabic{${name}}` }));
    return counter ?? { value: 0, within: null, format: "" };
  }
}
