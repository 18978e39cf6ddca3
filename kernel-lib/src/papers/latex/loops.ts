import type { Braced } from "../markup/scan.js";

/** A `\foreach` with what it repeats, written out. */
export interface Loop {
  text: string;
  next: number;
}

/** Rounds of one loop, and characters that it may be written out to. */
const MAX_ROUNDS = 200;
const MAX_TEXT = 100_000;
/** Only what makes pictures is written out: other loops draw. */
const PICTURES = /\\(?:includegraphics|subfloat|subfigure|subcaptionbox|begin\s*\{subfigure|caption|plotone)/;

/** Writes out the loop whose command ends at `at`; `null` where it is none that makes pictures. */
export function readLoop(source: Braced, at: number, meaning: (macro: string) => string): Loop | null {
  const head = /^\s*((?:\\[A-Za-z]+\s*\/?\s*)+)(?:\[[^\]]*\]\s*)?in\s*/.exec(source.text.slice(at, at + 300));
  if (!head) return null;
  const list = source.argument(at + head[0].length);
  const body = list && source.group(list.next);
  if (!body || !PICTURES.test(source.slice(body))) return null;
  const names = Array.from(head[1]!.matchAll(/\\([A-Za-z]+)/g), (match) => match[1]!);
  const given = source.slice(list);
  const values = valuesOf(given.startsWith("\\") ? meaning(given.slice(1).trim()) : given);
  let text = "";
  for (const value of values.slice(0, MAX_ROUNDS)) {
    const parts = names.length > 1 ? value.split("/") : [value];
    text += names.reduce(
      (round, name, i) =>
        round.replace(new RegExp(`\\\\${name}(?![A-Za-z])`, "g"), () => parts[i] ?? parts.at(-1)!),
      source.slice(body),
    );
    if (text.length > MAX_TEXT) return null;
  }
  return { text, next: body.next };
}

/** `1,...,5`, `0,2,...,8`, `a,...,e`, `one,two`. */
function valuesOf(list: string): string[] {
  const items = list
    .slice(0, 5_000)
    .split(",")
    .map((item) => item.trim());
  const values: string[] = [];
  items.forEach((item, i) => {
    if (item !== "..." && item !== "\\dots") return void values.push(item);
    const last = items[i + 1] ?? "";
    const from = values.at(-1) ?? "";
    if (/^-?\d+$/.test(from) && /^-?\d+$/.test(last)) {
      const before = values.at(-2);
      const step =
        before !== undefined && /^-?\d+$/.test(before)
          ? Number(from) - Number(before)
          : Math.sign(Number(last) - Number(from));
      if (step === 0) return;
      for (
        let n = Number(from) + step;
        (Number(last) - n) * step > 0 && values.length < MAX_ROUNDS;
        n += step
      )
        values.push(String(n));
    } else if (/^[A-Za-z]$/.test(from) && /^[A-Za-z]$/.test(last))
      for (let code = from.charCodeAt(0) + 1; code < last.charCodeAt(0); code++)
        values.push(String.fromCharCode(code));
  });
  return values;
}
