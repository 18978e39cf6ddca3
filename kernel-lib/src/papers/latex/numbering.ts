import type { Argument, Braced } from "../markup/scan.js";
import type { Caption } from "./captions.js";
import { Counters } from "./counters.js";
import { isPanelBox, isSubfloat, PANEL_BOXES, SUBFLOAT_COMMANDS } from "./float-kinds.js";
import { isPlot, type Control, type Environment, type Structure } from "./structure.js";

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

const SECTIONS = new Set("part chapter section subsection subsubsection paragraph subparagraph".split(" "));
/** Commands that set something up, by their arguments. */
const SETTINGS = new Set(
  (
    "newlabel figurenum tablenum setcounter addtocounter stepcounter refstepcounter newcounter @addtoreset newtheorem " +
    "DeclareCaptionLabelFormat captionsetup renewcommand numberwithin counterwithin counterwithout"
  ).split(" "),
);
/** All commands that number something, or change how it is numbered. */
const COUNTED = new Set([
  ...["label", "subcaption", "phantomsubcaption", "item", "\\", "nonumber", "notag", "tag", "ContinuedFloat"],
  ...["appendix", "restartappendixnumbering"],
  ...PANEL_BOXES,
  ...SUBFLOAT_COMMANDS,
  ...SECTIONS,
  ...SETTINGS,
]);
const EQUATIONS = /^(?:equation|eqnarray|align|alignat|flalign|gather|multline|dmath)$/;
const MANY_ROWS = /^(?:eqnarray|align|alignat|flalign|gather)$/;

/** How classes print the numbers of floats in the appendix, where they count anew in each; `#` is the counter. */
const APPENDIX_STYLES: readonly (readonly [documentClass: RegExp, format: string])[] = [
  [/^(?:mnras|mn2e|copernicus|jphysa?|sn-jnl)$/, "\\Alph{section}\\arabic{#}"],
  [/^(?:aa|elsarticle|svjour3?|cas-[sd]c)$/, "\\Alph{section}.\\arabic{#}"],
  [/(?:^|\/)mdpi$/i, "A\\arabic{#}"],
];

/** Plays the paper's counters through, as LaTeX does, and notes what every label and caption is numbered. */
export function numberDocument(
  source: Braced,
  structure: Structure,
  captions: ReadonlyMap<number, Caption>,
): Numbering {
  return new Counting(source, structure, captions).run();
}

class Counting {
  private readonly counters: Counters;
  private readonly labels = new Map<string, Target>();
  private readonly numbers = new Map<number, string | null>();
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
  /** A number that the paper writes itself, for the next caption. */
  private given: string | null = null;
  /** How captions are numbered where that is not how their counter is printed, by counter. */
  private readonly captionLabels = new Map<string, string>();
  private readonly labelFormats = new Map<string, string>();

  constructor(
    private readonly source: Braced,
    private readonly structure: Structure,
    private readonly captions: ReadonlyMap<number, Caption>,
  ) {
    this.documentClass =
      /\\document(?:class|style)\s*(?:\[[^\]]*\])?\s*\{([^}]*)\}/
        .exec(source.text.slice(0, 50_000))?.[1]
        ?.trim() ?? "";
    this.counters = new Counters(this.documentClass);
  }

  run(): Numbering {
    for (const control of this.structure.controls) {
      while (this.open.length && control.at >= this.open.at(-1)!.environment.end) this.leave();
      this.read(control);
    }
    return { labels: this.labels, captions: this.numbers, letters: this.letters };
  }

  private read({ name, at, next, inside, begins }: Control): void {
    const { source, counters } = this;
    const caption = this.captions.get(at);
    if (begins) this.enter(begins);
    if (caption) return this.caption(caption);
    if (begins || !COUNTED.has(name)) return;
    if (name === "label") return this.label(this.value(next), inside);
    if (isPanelBox(name, inside)) return this.panel(at);
    if (SUBFLOAT_COMMANDS.has(name)) return this.panel(at);
    if (name === "subcaption" || name === "phantomsubcaption")
      return this.openPanels.length ? undefined : this.panel(at);
    if (SECTIONS.has(name))
      return source.text[next] === "*" ? undefined : this.refer(name, counters.step(name));
    if (name === "item") return this.item();
    if (name === "\\" || name === "nonumber" || name === "notag" || name === "tag")
      return this.row(name, next);
    if (name === "ContinuedFloat") return this.continue();
    if (name === "appendix") return this.appendix();
    if (name === "restartappendixnumbering") return this.appendixFloats("\\Alph{section}\\arabic{#}");
    const value = this.value(next);
    const after = source.argument(next)?.next ?? next;
    if (name === "newlabel") this.external(value, source.argument(after));
    else if (name === "figurenum" || name === "tablenum") this.given = value;
    else if (name === "setcounter" || name === "addtocounter") this.assign(name, value, this.value(after));
    else if (name === "stepcounter") counters.step(value);
    else if (name === "refstepcounter") this.refer(value, counters.step(value));
    else if (name === "newcounter") {
      const outer = source.optional(after);
      counters.resetWithin(value, outer ? source.slice(outer) : null);
    } else if (name === "@addtoreset") counters.resetWithin(value, this.value(after));
    else if (name === "newtheorem") this.theorem(next);
    else if (name === "DeclareCaptionLabelFormat") this.captionLabels.set(value, this.value(after));
    else if (name === "captionsetup") this.labelFormat(next);
    else if (name === "renewcommand") this.redefine(value, this.value(after));
    else this.nest(next, name);
  }

  /** The argument at `next`; empty where there is none. */
  private value(next: number): string {
    const argument = this.source.argument(next);
    return argument ? this.source.slice(argument).trim() : "";
  }

  // Counters

  private refer(counter: string, number: string): void {
    this.current = { number, counter };
  }

  private redefine(command: string, body: string): void {
    const shown = /^\\the([a-z]+)$/.exec(command)?.[1];
    if (shown !== undefined) this.counters.printAs(shown, body);
    const labelled = /^\\fnum@([a-z]+)$/.exec(command)?.[1];
    // The number is what is left of "\figurename~S\thefigure" without the name.
    if (labelled !== undefined)
      this.labelFormats.set(
        labelled,
        /(?:^|[\s~}.])([A-Za-z]{0,2}[-.]?\\(?:the|arabic).*)$/s.exec(body.replace(/[{}]/g, ""))?.[1] ?? "",
      );
  }

  /** `\captionsetup[figure]{labelformat=supp}` after `\DeclareCaptionLabelFormat{supp}{#1 S#2}`. */
  private labelFormat(next: number): void {
    const type = this.source.optional(next);
    const options = this.source.group(type?.next ?? next);
    const name = options && /(?:^|,)\s*labelformat\s*=\s*\{?([\w-]+)/.exec(this.source.slice(options))?.[1];
    const body = name ? this.captionLabels.get(name) : undefined;
    if (body === undefined) return;
    for (const counter of type ? [this.source.slice(type)] : ["figure", "table"])
      this.redefine(`\\fnum@${counter}`, body.replaceAll("#1", "~").replaceAll("#2", `\\the${counter}`));
  }

  private assign(command: string, name: string, value: string): void {
    const shown = /\\(?:value|arabic)\s*\{([^}]*)\}/.exec(value)?.[1];
    const number = shown === undefined ? Number.parseInt(value, 10) : this.counters.value(shown);
    if (Number.isFinite(number))
      this.counters.set(name, command === "setcounter" ? number : this.counters.value(name) + number);
  }

  /** `\numberwithin`, `\counterwithin` and its contrary; starred, they leave the printed form alone. */
  private nest(next: number, command: string): void {
    const { source, counters } = this;
    const start = source.text[next] === "*" ? next + 1 : next;
    const first = source.group(source.optional(start)?.next ?? start);
    const second = first && source.group(first.next);
    if (!first || !second) return;
    const inner = source.slice(first).trim();
    const outer = source.slice(second).trim();
    const freed = command === "counterwithout";
    counters.resetWithin(inner, freed ? null : outer);
    if (start === next || command === "numberwithin")
      counters.printAs(inner, `${freed ? "" : `\\the${outer}.`}\\arabic{${inner}}`);
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
      this.counters.resetWithin(theorem, source.slice(within));
      this.counters.printAs(theorem, `\\the${source.slice(within)}.\\arabic{${theorem}}`);
    }
  }

  private appendix(): void {
    const { counters } = this;
    const top = counters.within("section") === "chapter" ? "chapter" : "section";
    counters.set(top, 0);
    counters.reset(top);
    counters.printAs(top, `\\Alph{${top}}`);
    const format = APPENDIX_STYLES.find(([pattern]) => pattern.test(this.documentClass))?.[1];
    if (format !== undefined) this.appendixFloats(format);
  }

  private appendixFloats(format: string): void {
    for (const name of ["figure", "table"]) {
      this.counters.set(name, 0);
      this.counters.resetWithin(name, format.includes("section") ? "section" : null);
      this.counters.printAs(name, format.replace("#", name));
    }
  }

  // What is numbered

  private enter(environment: Environment): void {
    if (environment.name === "document") return;
    this.open.push({ environment, outer: this.current });
    this.openOf(environment)?.push(environment);
    const { name, float, start } = environment;
    if (float && float.kind !== "other") {
      this.waiting = [];
      this.continued = false;
      this.given = null;
      this.current = { number: "", counter: "" };
      this.lastPanels = this.counters.value(`sub${float.counter}`);
      this.counters.set(`sub${float.counter}`, 0);
    } else if (isSubfloat(name)) this.panel(start);
    else if (EQUATIONS.test(name)) this.refer("equation", this.counters.step("equation"));
    else if (this.theorems.has(name)) {
      const counter = this.theorems.get(name)!;
      this.refer(counter, this.counters.step(counter));
    } else if (name === "enumerate") this.counters.set(this.itemCounter(), 0);
    else if (/^(?:appendix|appendices|subappendices)$/.test(name)) this.appendix();
  }

  private leave(): void {
    const { environment, outer } = this.open.pop()!;
    this.openOf(environment)?.pop();
    const { float } = environment;
    if (float && float.kind !== "other") {
      const number = this.given ?? this.counters.print(float.counter);
      for (const label of this.waiting) this.labels.set(label, { number, counter: float.counter });
      this.waiting = [];
    }
    this.current = outer;
  }

  private continue(): void {
    const float = this.float();
    this.continued = true;
    if (float) this.counters.set(`sub${float.float!.counter}`, this.lastPanels);
  }

  /** The stack that an environment is kept on, besides that of all. */
  private openOf({ name, float }: Environment): Environment[] | null {
    if (float) return this.openFloats;
    return isSubfloat(name) ? this.openPanels : name === "enumerate" ? this.openLists : null;
  }

  private float(): Environment | undefined {
    return this.openFloats.at(-1);
  }

  private label(label: string, inside: Environment | null): void {
    if (!label || this.labels.has(label)) return;
    if (isPlot(inside)) return void this.labels.set(label, { number: "", counter: "legend" });
    const type = this.float()?.float;
    const { counter } = this.current;
    const named =
      counter === type?.counter || /^(?:figure|table|scheme|chart|plate|sub|equation)/.test(counter);
    if (type && type.kind !== "other" && !named) this.waiting.push(label);
    else this.labels.set(label, this.current);
  }

  /** `\newlabel{key}{{S1}{3}…}`, as papers take over from the file of their supplement. */
  private external(label: string, given: Argument | null): void {
    const number = given && this.source.group(given.start);
    if (label && number && !this.labels.has(label))
      this.labels.set(label, {
        number: this.counters.printed(this.source.slice(number)),
        counter: "external",
      });
  }

  private caption({ at, counter, starred, written }: Caption): void {
    if (starred) return void this.numbers.set(at, null);
    this.given ??= written;
    if (this.continued) this.continued = false;
    else if (this.given === null) this.counters.set(counter, this.counters.value(counter) + 1);
    const format = this.labelFormats.get(counter);
    const number = this.given ?? (format ? this.counters.printed(format) : this.counters.print(counter));
    this.given = null;
    this.numbers.set(at, number || null);
    this.refer(counter, number);
    for (const label of this.waiting) this.labels.set(label, this.current);
    this.waiting = [];
  }

  /** A panel is printed under the number that the caption of its float will get. */
  private panel(at: number): void {
    const { counters } = this;
    const kind = this.float()?.float?.counter ?? "figure";
    const letter = counters.step(`sub${kind}`).replace(/^[^A-Za-z0-9]+|[^A-Za-z0-9]+$/g, "");
    this.letters.set(at, letter);
    const captioned = this.current.counter === kind || this.continued;
    const value = counters.value(kind);
    if (!captioned) counters.set(kind, value + 1);
    this.refer(`sub${kind}`, (this.given ?? counters.print(kind)) + letter);
    counters.set(kind, value);
  }

  private item(): void {
    if (this.open.at(-1)?.environment.name === "enumerate")
      this.refer("item", this.counters.step(this.itemCounter()));
  }

  private itemCounter(): string {
    return `enum${["i", "ii", "iii"][Math.min(this.openLists.length, 3) - 1] ?? "i"}`;
  }

  private row(name: string, next: number): void {
    const environment = this.open.at(-1)?.environment.name ?? "";
    if (!EQUATIONS.test(environment)) return;
    if (name === "\\") {
      if (MANY_ROWS.test(environment)) this.refer("equation", this.counters.step("equation"));
    } else {
      this.counters.set("equation", this.counters.value("equation") - 1);
      if (name === "tag") this.refer("equation", this.value(next));
    }
  }
}
