import {
  CAPTION_COMMANDS,
  counterOf,
  floatKind,
  isOtherFloat,
  isSubfloat,
  SUBFLOAT_COMMANDS,
} from "./float-kinds.js";
import { numeral } from "./numerals.js";
import type { Braced } from "../markup/scan.js";
import type { Control, Environment, Structure } from "./structure.js";

/** What a label names: the printed number, and which counter made it (`figure`, `subfigure`, `section`, `equation`, …). */
export interface Target {
  number: string;
  counter: string;
}

export interface Numbering {
  labels: ReadonlyMap<string, Target>;
  /** Printed numbers by the position of the caption command; `null` for `\caption*`. */
  captions: ReadonlyMap<number, string | null>;
  /** Letters of panels by the position of their command or environment. */
  letters: ReadonlyMap<number, string>;
}

interface Counter {
  value: number;
  within: string | null;
  /** Body of `\the<name>`. */
  format: string;
}

const SECTIONS = ["part", "chapter", "section", "subsection", "subsubsection", "paragraph", "subparagraph"];
const EQUATIONS = /^(?:equation|eqnarray|align|alignat|flalign|gather|multline|dmath)$/;
const MANY_ROWS = /^(?:eqnarray|align|alignat|flalign|gather)$/;
const CHAPTER_CLASSES =
  /^(?:book|report|memoir|scrbook|scrreprt|amsbook|extbook|extreport|svmono|thesis|.*thesis.*)$/i;

/** How classes number floats in the appendix: counted anew in each, with this between the letter and the number. */
const APPENDIX_STYLES: readonly (readonly [RegExp, string])[] = [
  [/^(?:mnras|mn2e|copernicus|jphysa?)$/, ""],
  [/^(?:aa|elsarticle|svjour3?|cas-[sd]c)$/, "."],
];

/** Counters that a paper may have, its own included. */
const MAX_COUNTERS = 400;

/** Plays the paper's counters through, as LaTeX does, and notes what every label and caption is numbered. */
export function numberDocument(source: Braced, structure: Structure): Numbering {
  return new Counting(source, structure).run();
}

class Counting {
  private readonly counters = new Map<string, Counter>();
  private readonly labels = new Map<string, Target>();
  private readonly captions = new Map<number, string | null>();
  private readonly letters = new Map<number, string>();
  private readonly theorems = new Map<string, string>();
  private readonly documentClass: string;
  private current: Target = { number: "", counter: "" };
  private readonly open: { environment: Environment; outer: Target }[] = [];
  private readonly openFloats: Environment[] = [];
  private readonly openPanels: Environment[] = [];
  private readonly openLists: Environment[] = [];
  /** Labels of the float being read that stand before its caption. */
  private waiting: string[] = [];
  private continued = false;
  /** Panels that the float before this one had. */
  private lastPanels = 0;

  constructor(
    private readonly source: Braced,
    private readonly structure: Structure,
  ) {
    this.documentClass =
      /\\document(?:class|style)\s*(?:\[[^\]]*\])?\s*\{([^}]*)\}/
        .exec(source.text.slice(0, 50_000))?.[1]
        ?.trim() ?? "";
    this.defineCounters();
  }

  run(): Numbering {
    for (const control of this.structure.controls) {
      while (this.open.length && control.at >= this.open.at(-1)!.environment.end) this.leave();
      this.read(control);
    }
    return { labels: this.labels, captions: this.captions, letters: this.letters };
  }

  private defineCounters(): void {
    const add = (name: string, within: string | null, format: string) =>
      this.counters.set(name, { value: 0, within, format });
    const chapters = CHAPTER_CLASSES.test(this.documentClass);
    const revtex = /^revtex/.test(this.documentClass);
    const roman = revtex || /^IEEEtran/.test(this.documentClass);
    add("part", null, "\\Roman{part}");
    add("chapter", null, "\\arabic{chapter}");
    add(
      "section",
      chapters ? "chapter" : null,
      chapters ? "\\thechapter.\\arabic{section}" : roman ? "\\Roman{section}" : "\\arabic{section}",
    );
    add(
      "subsection",
      "section",
      roman ? "\\thesection\\ \\Alph{subsection}" : "\\thesection.\\arabic{subsection}",
    );
    add(
      "subsubsection",
      "subsection",
      roman ? "\\thesubsection\\ \\arabic{subsubsection}" : "\\thesubsection.\\arabic{subsubsection}",
    );
    add("paragraph", "subsubsection", "\\thesubsubsection.\\arabic{paragraph}");
    add("subparagraph", "paragraph", "\\theparagraph.\\arabic{subparagraph}");
    for (const name of ["figure", "table", "equation"])
      add(
        name,
        chapters ? "chapter" : null,
        chapters ? `\\thechapter.\\arabic{${name}}` : `\\arabic{${name}}`,
      );
    for (const name of ["scheme", "chart", "plate", "algorithm", "listing", "footnote", "enumi"])
      add(name, null, `\\arabic{${name}}`);
    add("subfigure", "figure", "\\alph{subfigure}");
    add("subtable", "table", "\\alph{subtable}");
    add("enumii", "enumi", "\\alph{enumii}");
    add("enumiii", "enumii", "\\roman{enumiii}");
  }

  private read({ name, at, next }: Control): void {
    const { source } = this;
    const argument = (from = next) => source.argument(from);
    const value = (from = next) => {
      const found = argument(from);
      return found ? source.slice(found).trim() : "";
    };
    const after = (from = next) => argument(from)?.next ?? from;
    if (name === "begin") return this.enter(this.structure.environments.get(at));
    if (name === "label") return this.label(value());
    if (CAPTION_COMMANDS.has(name)) return this.caption(name, at, next);
    if (SUBFLOAT_COMMANDS.has(name) || name === "phantomsubcaption") return this.panel(at);
    if (name === "subcaption") return this.openPanels.length ? undefined : this.panel(at);
    if (SECTIONS.includes(name))
      return source.text[next] === "*" ? undefined : this.refer(name, this.step(name));
    if (name === "item") return this.item();
    if (name === "\\" || name === "nonumber" || name === "notag" || name === "tag")
      return this.row(name, value());
    if (name === "ContinuedFloat") this.continue();
    else if (name === "appendix") this.appendix();
    else if (name === "setcounter" || name === "addtocounter") this.assign(name, value(), value(after()));
    else if (name === "stepcounter") this.step(value());
    else if (name === "refstepcounter") this.refer(value(), this.step(value()));
    else if (name === "newcounter")
      this.counter(value()).within = source.optional(after())
        ? source.slice(source.optional(after())!)
        : null;
    else if (name === "numberwithin" || name === "counterwithin") this.nest(next, name);
    else if (name === "newtheorem") this.theorem(next);
    else if (name === "renewcommand" && /^\\the[a-z]+$/.test(value()))
      this.counter(value().slice(4)).format = value(after());
  }

  // Counters

  private counter(name: string): Counter {
    let counter = this.counters.get(name);
    if (!counter && this.counters.size < MAX_COUNTERS)
      this.counters.set(name, (counter = { value: 0, within: null, format: `\\arabic{${name}}` }));
    return counter ?? { value: 0, within: null, format: "" };
  }

  private step(name: string): string {
    this.counter(name).value++;
    this.reset(name, 0);
    return this.print(name);
  }

  private reset(name: string, depth: number): void {
    if (depth > 8) return;
    for (const [inner, counter] of this.counters)
      if (counter.within === name) {
        counter.value = 0;
        this.reset(inner, depth + 1);
      }
  }

  private refer(counter: string, number: string): void {
    this.current = { number, counter };
  }

  private print(name: string): string {
    return this.unfold(this.counter(name).format, 0)
      .replace(/\\[ ,~]/g, " ")
      .replace(/\\[A-Za-z@]+|[{}$]/g, "")
      .replace(/~/g, " ")
      .trim()
      .slice(0, 40);
  }

  private unfold(format: string, depth: number): string {
    if (depth > 6) return "";
    return format
      .slice(0, 300)
      .replace(
        /\\@?(arabic|alph|Alph|roman|Roman|fnsymbol)\s*(?:\{([A-Za-z]*)\}|\{?\\c@([A-Za-z]+)\}?)/g,
        (_, style: string, name: string | undefined, register: string) =>
          numeral(style, this.counter(name ?? register).value),
      )
      .replace(/\\the([a-z]+)/g, (_, name: string) => this.unfold(this.counter(name).format, depth + 1));
  }

  private assign(command: string, name: string, value: string): void {
    const counter = this.counter(name);
    const shown = /\\(?:value|arabic)\s*\{([^}]*)\}/.exec(value)?.[1];
    const number = shown === undefined ? Number.parseInt(value, 10) : this.counter(shown).value;
    if (Number.isFinite(number)) counter.value = command === "setcounter" ? number : counter.value + number;
  }

  private nest(next: number, command: string): void {
    const { source } = this;
    const start = source.text[next] === "*" ? next + 1 : next;
    const inner = source.group(source.optional(start)?.next ?? start);
    const outer = inner && source.group(inner.next);
    if (!inner || !outer) return;
    const counter = this.counter(source.slice(inner));
    counter.within = source.slice(outer);
    if (start === next || command === "numberwithin")
      counter.format = `\\the${source.slice(outer)}.\\arabic{${source.slice(inner)}}`;
  }

  private theorem(next: number): void {
    const { source } = this;
    if (source.text[next] === "*") return;
    const name = source.group(next);
    const shared = name && source.optional(name.next);
    const title = name && source.group(shared?.next ?? name.next);
    const within = title && source.optional(title.next);
    if (!name) return;
    const theorem = source.slice(name);
    this.theorems.set(theorem, shared ? source.slice(shared) : theorem);
    if (within) {
      this.counter(theorem).within = source.slice(within);
      this.counter(theorem).format = `\\the${source.slice(within)}.\\arabic{${theorem}}`;
    }
  }

  private appendix(): void {
    const top = this.counter("section").within === "chapter" ? "chapter" : "section";
    this.counter(top).value = 0;
    this.reset(top, 0);
    this.counter(top).format = `\\Alph{${top}}`;
    const style = APPENDIX_STYLES.find(([pattern]) => pattern.test(this.documentClass))?.[1];
    if (style === undefined) return;
    for (const name of ["figure", "table"]) {
      const counter = this.counter(name);
      counter.value = 0;
      counter.within = "section";
      counter.format = `\\Alph{section}${style}\\arabic{${name}}`;
    }
  }

  // What is numbered

  private enter(environment: Environment | undefined): void {
    if (!environment || environment.name === "document") return;
    this.open.push({ environment, outer: this.current });
    this.openOf(environment.name)?.push(environment);
    const { name } = environment;
    if (floatKind(name)) {
      this.waiting = [];
      this.continued = false;
      const panels = this.counter(`sub${counterOf(name)}`);
      this.lastPanels = panels.value;
      panels.value = 0;
    } else if (isSubfloat(name)) this.panel(environment.start);
    else if (EQUATIONS.test(name)) this.refer("equation", this.step("equation"));
    else if (this.theorems.has(name))
      this.refer(this.theorems.get(name)!, this.step(this.theorems.get(name)!));
    else if (name === "enumerate") this.counter(this.itemCounter()).value = 0;
    else if (/^(?:appendix|appendices|subappendices)$/.test(name)) this.appendix();
  }

  private leave(): void {
    const { environment, outer } = this.open.pop()!;
    this.openOf(environment.name)?.pop();
    if (floatKind(environment.name)) {
      const number = this.print(counterOf(environment.name));
      for (const label of this.waiting)
        this.labels.set(label, { number, counter: counterOf(environment.name) });
      this.waiting = [];
    }
    this.current = outer;
  }

  private continue(): void {
    const float = this.float();
    this.continued = true;
    if (float) this.counter(`sub${counterOf(float.name)}`).value = this.lastPanels;
  }

  /** The stack that environments of this name are kept on, besides that of all. */
  private openOf(name: string): Environment[] | null {
    if (floatKind(name) || isOtherFloat(name)) return this.openFloats;
    return isSubfloat(name) ? this.openPanels : name === "enumerate" ? this.openLists : null;
  }

  private float(): Environment | undefined {
    return this.openFloats.at(-1);
  }

  private label(label: string): void {
    if (!label || this.labels.has(label)) return;
    const float = this.float();
    if (
      float &&
      floatKind(float.name) &&
      !/^(?:figure|table|scheme|chart|plate|sub|equation)/.test(this.current.counter)
    )
      this.waiting.push(label);
    else this.labels.set(label, this.current);
  }

  private caption(name: string, at: number, next: number): void {
    if (this.captions.has(at)) return;
    const float = this.float();
    const panel = this.openPanels.at(-1);
    if (panel && name === "caption" && (!float || panel.start > float.start)) return;
    const type = this.source.group(next);
    const counter =
      name === "captionof" && type
        ? this.source.slice(type)
        : name === "figcaption"
          ? "figure"
          : name.startsWith("tab")
            ? "table"
            : float
              ? counterOf(float.name)
              : null;
    if (counter === null) return;
    if (this.source.text[next] === "*") return void this.captions.set(at, null);
    if (this.continued) this.continued = false;
    else this.counter(counter).value++;
    const number = this.print(counter);
    this.captions.set(at, number || null);
    this.refer(counter, number);
    for (const label of this.waiting) this.labels.set(label, this.current);
    this.waiting = [];
  }

  /** A panel is printed under the number that the caption of its float will get. */
  private panel(at: number): void {
    const float = this.float();
    const kind = float ? counterOf(float.name) : "figure";
    const letter = this.step(`sub${kind}`);
    const letterOnly = letter.replace(/^[^A-Za-z0-9]+|[^A-Za-z0-9]+$/g, "");
    this.letters.set(at, letterOnly);
    const counter = this.counter(kind);
    const captioned = this.current.counter === kind || this.continued;
    if (!captioned) counter.value++;
    this.refer(`sub${kind}`, this.print(kind) + letterOnly);
    if (!captioned) counter.value--;
  }

  private item(): void {
    if (this.open.at(-1)?.environment.name === "enumerate") this.refer("item", this.step(this.itemCounter()));
  }

  private itemCounter(): string {
    return `enum${["i", "ii", "iii"][Math.min(this.openLists.length, 3) - 1] ?? "i"}`;
  }

  private row(name: string, value: string): void {
    const environment = this.open.at(-1)?.environment.name ?? "";
    if (!EQUATIONS.test(environment)) return;
    if (name === "\\") {
      if (MANY_ROWS.test(environment)) this.refer("equation", this.step("equation"));
    } else {
      this.counter("equation").value--;
      if (name === "tag") this.refer("equation", value);
    }
  }
}
