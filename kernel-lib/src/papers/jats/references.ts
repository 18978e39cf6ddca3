import { references } from "../../text/references.js";
import { attribute } from "./elements.js";
import type { Float } from "./floats.js";
import type { PlainText } from "./plain.js";
import type { Element } from "./xml.js";

/** Numbers that a range may span; a longer one is a slip. */
const MAX_RANGE = 50;

/** Which floats the `xref`s of an article mean. */
export class FloatReferences {
  private readonly byId = new Map<string, number>();
  private readonly byNumber = new Map<string, number>();

  constructor(private readonly floats: readonly Float[]) {
    for (const [i, { ids, kind, number }] of floats.entries()) {
      for (const name of ids) if (!this.byId.has(name)) this.byId.set(name, i);
      const key = `${kind} ${number}`;
      if (number !== null && !this.byNumber.has(key)) this.byNumber.set(key, i);
    }
  }

  /** The floats that the ids of an `xref` name, in order. */
  targets(xref: Element): number[] {
    const ids = (attribute(xref, "rid") ?? "").split(/\s+/);
    return ids.flatMap((id) => this.byId.get(id) ?? []);
  }

  /** The floats that a text refers to, with the positions of the references; ranges spelled out. */
  mentioned({ text, mentions }: PlainText): Map<number, number[]> {
    const found = new Map<number, number[]>();
    const add = (float: number, at: number) => found.set(float, [...(found.get(float) ?? []), at]);
    for (const [i, { xref, at }] of mentions.entries()) {
      const targets = this.targets(xref);
      for (const target of targets) add(target, at);
      const next = mentions[i + 1];
      const last = next && this.targets(next.xref)[0];
      const before = targets.at(-1);
      if (before !== undefined && last !== undefined && joinsRange(text.slice(at, next!.at)))
        for (const float of this.between(before, last)) add(float, at);
      if (targets[0] !== undefined)
        for (const float of this.printedRange(targets[0], text.slice(at, at + 40))) add(float, at);
    }
    // Of "Figs. 2 and 3" often only one number is a link.
    if (mentions.length)
      for (const { float, at, end } of this.typed(text))
        if (mentions.some((mention) => mention.at >= at && mention.at < end)) add(float, at);
    return found;
  }

  /** The floats that a text names by number without a link; for articles that link none of their references. */
  typed(text: string): { float: number; at: number; end: number }[] {
    return references(text).flatMap(({ kind, numbers, range: [at, end] }) => {
      if ((kind !== "figure" && kind !== "table") || /^(?:supp|ext|onl)/i.test(text.slice(at, end)))
        return [];
      return numbers.flatMap((number) => {
        const float = this.byNumber.get(`${kind} ${number}`);
        return float === undefined ? [] : [{ float, at, end }];
      });
    });
  }

  /** The floats of the numbers between those of two floats. */
  private between(first: number, last: number): number[] {
    const { kind, number } = this.floats[first]!;
    const from = counted(number);
    const to = counted(this.floats[last]!.number);
    if (!from || !to || from.prefix !== to.prefix || this.floats[last]!.kind !== kind) return [];
    return this.numbered(kind, from.prefix, from.count + 1, to.count - 1);
  }

  /** The floats of a range that is printed in one link: "Figs 2–4". */
  private printedRange(target: number, printed: string): number[] {
    const match = /^\P{N}{0,12}?([A-Z]?)(\d{1,4})\s?[-–—]\s?([A-Z]?)(\d{1,4})(?![\p{L}\p{N}])/u.exec(printed);
    if (!match) return [];
    const [, prefix, from, lastPrefix, to] = match;
    if (
      this.floats[target]!.number !== `${prefix}${from}` &&
      this.floats[target]!.number !== `${lastPrefix}${to}`
    )
      return [];
    return lastPrefix === "" || lastPrefix === prefix
      ? this.numbered(this.floats[target]!.kind, prefix!, Number(from), Number(to))
      : [];
  }

  private numbered(kind: Float["kind"], prefix: string, from: number, to: number): number[] {
    if (to - from > MAX_RANGE) return [];
    const counts = Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i);
    return counts.flatMap((count) => this.byNumber.get(`${kind} ${prefix}${count}`) ?? []);
  }
}

/** Whether what stands from one reference to the next makes a range of them: "Figures 1A–", "1 to ". */
const joinsRange = (text: string) =>
  text.length < 60 &&
  /[\p{L}\p{N})]\s?(?:[-–—]|\bto\b|\bthrough\b)\s?(?:fig(?:ure)?s?\.?|tables?)?\s?$/iu.test(text);

function counted(number: string | null): { prefix: string; count: number } | null {
  const match = /^([A-Z]?)(\d{1,4})$/.exec(number ?? "");
  return match && { prefix: match[1]!, count: Number(match[2]) };
}
