import { controlName, type Braced } from "../markup/scan.js";
import { SIGNS } from "../markup/symbols.js";
import { declaredFloat, knownFloat, type FloatType } from "./float-kinds.js";

/** A range of the unfolded text. */
export interface Part {
  start: number;
  end: number;
}

export interface Environment extends Part {
  name: string;
  /** `start` and `end` are before `\begin` and behind `\end{…}`; between the two, arguments of the environment included: */
  bodyStart: number;
  bodyEnd: number;
  parent: Environment | null;
  /** What it floats, `null` for environments that are no floats. */
  float: FloatType | null;
}

export interface Control {
  name: string;
  at: number;
  next: number;
  /** The environment that it stands in; `\begin` and `\end` stand in the one around theirs. */
  inside: Environment | null;
  /** The environment that it begins. */
  begins: Environment | null;
}

/** The skeleton of a document. */
export interface Structure {
  /** Its control sequences in order, but for those that print a sign and nothing else. */
  controls: readonly Control[];
  /** The printed part: between `\begin{document}` and `\end{document}` or, in plain TeX, everything. */
  bodyStart: number;
  bodyEnd: number;
}

const DECLARATIONS = new Set(["newfloat", "DeclareFloatingEnvironment", "trivfloat", "DeclareNewFloatType"]);
/** Commands that plain TeX floats what stands between them and `\endinsert` with. */
const INSERTS = new Set(["midinsert", "topinsert", "pageinsert"]);

/** Reads the skeleton of an unfolded document in one pass; an environment left open ends with the one round it. */
export function readStructure(source: Braced): Structure {
  return new StructureReader(source).run();
}

class StructureReader {
  private readonly controls: Control[] = [];
  private readonly open: Environment[] = [];
  private readonly openNames = new Map<string, number>();
  private readonly declared = new Map<string, FloatType>();
  private body: Environment | null = null;

  constructor(private readonly source: Braced) {}

  run(): Structure {
    const { text } = this.source;
    for (let at = text.indexOf("\\"); at >= 0;) {
      const name = controlName(text, at);
      const next = at + 1 + name.length;
      if (!SIGNS.has(name)) this.read({ name, at, next, inside: this.open.at(-1) ?? null, begins: null });
      at = text.indexOf("\\", next);
    }
    const { controls, body } = this;
    return { controls, bodyStart: body?.bodyStart ?? 0, bodyEnd: body?.bodyEnd ?? text.length };
  }

  private read(control: Control): void {
    const { name, at, next } = control;
    this.controls.push(control);
    if (name === "begin" || name === "end") this.side(control);
    else if (INSERTS.has(name)) this.begin(name, control, next);
    else if (name === "endinsert") this.end(this.open.findLast((e) => INSERTS.has(e.name))?.name, at, next);
    else if (DECLARATIONS.has(name)) this.declare(next);
  }

  private side(control: Control): void {
    const argument = this.source.group(control.next);
    if (!argument) return;
    const name = this.source.slice(argument).trim();
    if (control.name === "begin") this.begin(name, control, argument.next);
    else {
      this.end(name, control.at, argument.next);
      control.inside = this.open.at(-1) ?? null;
    }
  }

  private begin(name: string, control: Control, bodyStart: number): void {
    const { length } = this.source.text;
    const float =
      this.declared.get(name.replace(/\*$/, "")) ?? knownFloat(INSERTS.has(name) ? "figure" : name);
    const parent = this.open.at(-1) ?? null;
    const begun = { name, start: control.at, end: length, bodyStart, bodyEnd: length, parent, float };
    control.begins = begun;
    if (name === "document") this.body ??= begun;
    this.open.push(begun);
    this.openNames.set(name, (this.openNames.get(name) ?? 0) + 1);
  }

  private end(name: string | undefined, bodyEnd: number, end: number): void {
    if (name === undefined || !this.openNames.get(name)) return;
    while (this.open.at(-1)!.name !== name) this.close(bodyEnd, bodyEnd);
    this.close(bodyEnd, end);
  }

  private close(bodyEnd: number, end: number): void {
    const environment = this.open.pop()!;
    environment.bodyEnd = bodyEnd;
    environment.end = end;
    this.openNames.set(environment.name, this.openNames.get(environment.name)! - 1);
  }

  private declare(next: number): void {
    const name = this.source.group(this.source.optional(next)?.next ?? next);
    const written = name ? this.source.slice(name).trim() : "";
    if (written && !knownFloat(written)) this.declared.set(written, declaredFloat(written));
  }
}

/** Position in `controls` of the first that stands at or behind `at`. */
export function firstControl(controls: readonly Control[], at: number): number {
  let low = 0;
  let high = controls.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (controls[middle]!.at < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The controls in `[start, end)`. */
export function controlsIn({ controls }: Structure, { start, end }: Part): readonly Control[] {
  return controls.slice(firstControl(controls, start), firstControl(controls, end));
}

/** The environments round a control, the innermost first. */
export function* around({ inside }: Control): Generator<Environment> {
  for (let at = inside; at; at = at.parent) yield at;
}

/** Whether an environment is a plot: labels in it name lines of its legend. */
export function isPlot(environment: Environment | null): boolean {
  return (
    environment !== null &&
    /^(?:axis|semilog[xy]axis|loglogaxis|groupplot|polaraxis|ternaryaxis)$/.test(environment.name)
  );
}

/** Whether a position stands in one of some parts: they are looked up, not gone through. */
export function covering(parts: readonly Part[]): (at: number) => boolean {
  const merged: Part[] = [];
  for (const { start, end } of [...parts].sort((a, b) => a.start - b.start)) {
    const last = merged.at(-1);
    if (last && start < last.end) last.end = Math.max(last.end, end);
    else merged.push({ start, end });
  }
  return (at) => {
    let low = 0;
    let high = merged.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (merged[middle]!.start <= at) low = middle + 1;
      else high = middle;
    }
    return low > 0 && at < merged[low - 1]!.end;
  };
}
