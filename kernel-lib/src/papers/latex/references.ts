import type { Float } from "./floats.js";
import type { Numbering, Target } from "./numbering.js";
import type { Braced } from "../markup/scan.js";
import { firstControl, type Structure } from "./structure.js";
import { inWords } from "../markup/quantities.js";
import { MENTION } from "../markup/tidy.js";

/** A reference in the text to floats, by their position in the list of floats. */
export interface Mention {
  at: number;
  floats: number[];
}

const RANGE_COMMANDS = new Set(["crefrange", "Crefrange"]);
const REFERENCES = new Set(
  "ref autoref cref Cref vref Vref fref Fref subref labelcref crefrange Crefrange figref figureref hyperref nameref".split(
    " ",
  ),
);
/** What stands between the two ends of a range. */
const BETWEEN_ENDS =
  /^\s*[a-z]?[)}]?\s*(?:-{1,3}|–|—|~?to~?|\\textendash|\\mbox\{-\}|\\?,?through)\s*[({]?(?:Figs?(?:ures?|\.)?[\s~]*)?$/;

const NUMBER = "(?:S|[A-Z]\\.?)?\\d+(?:\\.\\d+)?";
/** `Fig. 3`, `Figures 1a, 2 and 4–6`, but not `Fig. 3 of` another paper. */
const TYPED = new RegExp(
  `(?<!(?:[Ss]uppl(?:ementary|ement|\\.)?|[Ss]upp\\.?|[Ee]xtended [Dd]ata|SI|Supporting)\\s)\\b([Ff]ig(?:ure|s?\\.|s)?s?|FIG(?:URE)?S?|[Tt]ables?|TABLES?)\\.?\\s*(${NUMBER}[a-z]?(?:(?:\\s*(?:,|and|&|–|-|to)\\s*){1,2}${NUMBER}[a-z]?){0,9})(?![\\w.]*\\d|\\)? (?:of|in|from) )`,
  "g",
);

/** Quicker to find than a typed reference, which begins with it. */
const FLOAT_WORD = /[Ff]ig|FIG|[Tt]able|TABLE/;

/** Names of the counters as the reference packages print them. */
const NAMES = new Map(
  Object.entries({
    figure: "figure", subfigure: "figure", table: "table", subtable: "table", section: "section", subsection: "section", subsubsection: "section",
    chapter: "chapter", part: "part", equation: "equation", item: "item", algorithm: "algorithm", listing: "listing", scheme: "scheme", chart: "chart",
    theorem: "theorem", lemma: "lemma", definition: "definition", proposition: "proposition", corollary: "corollary", remark: "remark", example: "example",
  }),
); // prettier-ignore

/** Resolves references: what they print, and which floats they mean. */
export class References {
  private readonly byLabel = new Map<string, number>();
  private readonly position = new Map<string, number>();

  constructor(
    private readonly numbering: Numbering,
    private readonly floats: readonly Float[],
  ) {
    floats.forEach((float, i) => {
      const labels = [
        float.label,
        ...float.otherLabels,
        ...float.panels.flatMap((panel) => [panel.label, ...panel.otherLabels]),
      ];
      for (const label of labels) if (label !== null && !this.byLabel.has(label)) this.byLabel.set(label, i);
      const printed = `${float.kind} ${float.number}`;
      if (float.number !== null && !this.position.has(printed)) this.position.set(printed, i);
    });
  }

  /** What a reference command prints; the number of a float comes with a mark before it. */
  readonly print = (command: string, labels: readonly string[]): string => {
    if (command === "nameref" || command === "thref") return "";
    const shown = labels.filter(Boolean).map((label) => ({ label, target: this.target(label) }));
    if (!shown.length) return "";
    const joiner = RANGE_COMMANDS.has(command) ? " to " : null;
    const mark = shown.some(({ label }) => this.byLabel.has(label)) ? MENTION : "";
    const numbers = shown.map(({ target: { number, counter } }) => {
      if (command === "subref") return /[a-z]+$/.exec(number)?.[0] ?? number;
      return counter === "equation" && command !== "ref" ? `(${number})` : number;
    });
    const list = joiner ? numbers.join(joiner) : inWords(numbers);
    if (command === "eqref") return `(${numbers.join(", ").replace(/[()]/g, "")})`;
    if (/^(?:[vV]?ref|subref|labelcref)$/.test(command)) return mark + list;
    if (/^(?:lc)?name[cC]ref$/.test(command)) return mark + (NAMES.get(shown[0]!.target.counter) ?? "");
    const name = /^fig/.test(command)
      ? "figure"
      : command === "tabref"
        ? "table"
        : (NAMES.get(shown[0]!.target.counter) ?? "");
    if (!name) return mark + list;
    const plural = shown.length > 1 ? `${name}s` : name;
    const capital = /^[A-Z]/.test(command) || (command === "autoref" && /figure|table/.test(name));
    return `${capital ? plural[0]!.toUpperCase() + plural.slice(1) : plural} ${mark}${list}`;
  };

  /** References to floats in `[from, to)`, ranges filled in, in the order in which their marks come. */
  mentions(source: Braced, structure: Structure, from: number, to: number): Mention[] {
    const found: (Mention & { next: number })[] = [];
    const { controls } = structure;
    for (let i = firstControl(controls, from); i < controls.length && controls[i]!.at < to; i++) {
      const { name, at, next } = controls[i]!;
      if (!REFERENCES.has(name)) continue;
      const start = source.text[next] === "*" ? next + 1 : next;
      const first = source.group(start) ?? (name === "hyperref" ? source.optional(start) : null);
      if (!first) continue;
      const second = RANGE_COMMANDS.has(name) ? source.group(first.next) : null;
      const labels = [first, second].flatMap((argument) =>
        argument ? source.slice(argument).split(",") : [],
      );
      let floats = labels.flatMap((label) => this.byLabel.get(label.trim()) ?? []);
      if (!floats.length) continue;
      if (second) floats = this.between(floats[0]!, floats.at(-1)!);
      const before = found.at(-1);
      if (
        before &&
        BETWEEN_ENDS.test(source.text.slice(before.next, Math.min(at, before.next + 40))) &&
        at - before.next < 40
      )
        floats = this.between(before.floats.at(-1)!, floats[0]!).concat(floats);
      found.push({ at, floats: [...new Set(floats)], next: (second ?? first).next });
    }
    return found;
  }

  /** Floats that plain text names by their number: `Fig. 3`, `Figures 2 and 4–6`. */
  typed(text: string): { float: number; at: number }[] {
    if (!FLOAT_WORD.test(text)) return [];
    return Array.from(text.matchAll(TYPED)).flatMap((match) => {
      const kind = /^t/i.test(match[1]!) ? "table" : "figure";
      const found: number[] = [];
      let ranged = false;
      for (const [part] of match[2]!.matchAll(new RegExp(`${NUMBER}|[–-]|to`, "g"))) {
        const float = this.position.get(`${kind} ${part}`);
        if (float !== undefined)
          found.push(...(ranged && found.length ? this.between(found.at(-1)!, float) : [float]));
        ranged = /^(?:[–-]|to)$/.test(part);
      }
      return [...new Set(found)].map((float) => ({ float, at: match.index }));
    });
  }

  private between(a: number, b: number): number[] {
    const kind = this.floats[a]!.kind;
    if (b < a || this.floats[b]!.kind !== kind || b - a > 60) return [a, b];
    return this.floats.flatMap((float, i) => (i >= a && i <= b && float.kind === kind ? i : []));
  }

  private target(label: string): Target {
    const known = this.numbering.labels.get(label);
    const float = this.byLabel.get(label);
    if (known && (float === undefined || known.counter.includes("figure") || known.counter.includes("table")))
      return known;
    if (float !== undefined)
      return { number: this.floats[float]!.number ?? "??", counter: this.floats[float]!.kind };
    return known ?? { number: "??", counter: "" };
  }
}
