import { mathText } from "../markup/math.js";
import { Braced } from "../markup/scan.js";
import { accented, doubleStruck, FUNCTIONS, MATH_ACCENTS, script } from "../markup/symbols.js";
import { childrenOf, rawText } from "./elements.js";
import type { Element } from "./xml.js";

/** Characters of a formula that anyone would read; longer ones are left out. */
const MAX_LENGTH = 6_000;

/** A `tex-math` element as readable Unicode; the document that some publishers wrap round the formula is taken off. */
export function texMath(element: Element): string {
  const written = rawText(element);
  const body = /\\begin\s*\{document\}([\s\S]*?)\\end\s*\{document\}/.exec(written)?.[1] ?? written;
  const formula = body.trim().replace(/^(?:\$\$?|\\[[(])|(?:\$\$?|\\[\])])$/g, "");
  const source = new Braced(formula);
  return mathText(source, 0, formula.length, (from, to) => formula.slice(from, to));
}

/** A MathML element as readable Unicode. */
export function mathMl(element: Element): string {
  const text = render(element).replace(/\s+/g, " ").trim();
  return text.length > MAX_LENGTH ? "" : text;
}

const ACCENTS = new Map<string, string>([
  ["^", MATH_ACCENTS.get("hat")!], ["ˆ", MATH_ACCENTS.get("hat")!], ["~", MATH_ACCENTS.get("tilde")!], ["˜", MATH_ACCENTS.get("tilde")!],
  ["¯", MATH_ACCENTS.get("bar")!], ["‾", MATH_ACCENTS.get("bar")!], ["_", MATH_ACCENTS.get("bar")!], ["→", MATH_ACCENTS.get("vec")!],
  ["˙", MATH_ACCENTS.get("dot")!], [".", MATH_ACCENTS.get("dot")!],
]); // prettier-ignore
const SPACED = /^(?:[=<>≤≥≠≈≅≡∼≃∝→←↔⇒⇔∈∉⊂⊆≪≫±∓×÷+−∗∪∩∧∨]|-)$/u;

function render(element: Element, before?: Element): string {
  const parts = childrenOf(element);
  const part = (position: number) => (parts[position] ? render(parts[position]).trim() : "");
  switch (element.name) {
    case "mi":
    case "mn":
    case "ms":
      return named(inVariant(rawText(element).trim(), element));
    case "mtext":
      return rawText(element).replace(/\s+/g, " ");
    case "mspace":
      return " ";
    case "mo":
      return operator(element, before);
    case "msub":
    case "munder":
      return part(0) + script("_", tight(part(1)));
    case "msup":
      return part(0) + script("^", tight(part(1)));
    case "mover":
      return ACCENTS.has(part(1)) ? accented(part(0), ACCENTS.get(part(1))!) : part(0) + script("^", part(1));
    case "msubsup":
    case "munderover":
      return part(0) + script("_", tight(part(1))) + script("^", tight(part(2)));
    case "mmultiscripts":
      return multiscripts(parts);
    case "mfrac":
      if (element.attributes["linethickness"]?.startsWith("0")) return `(${part(0)} over ${part(1)})`;
      return `${grouped(part(0))}/${grouped(part(1), PRODUCT)}`;
    case "msqrt":
      return `√${grouped(inside(element).trim())}`;
    case "mroot":
      return `${script("^", part(1))}√${grouped(part(0))}`;
    case "mfenced":
      return fenced(element, parts);
    case "mtr":
    case "mtd":
      return `${inside(element)} `;
    case "semantics":
      return part(0);
    case "annotation":
    case "annotation-xml":
    case "mphantom":
    case "mprescripts":
    case "none":
      return "";
    default:
      return inside(element);
  }
}

/** Letters of a double-struck variant as Unicode has them; other variants are read as plain letters. */
const inVariant = (text: string, { attributes }: Element) =>
  attributes["mathvariant"] === "double-struck" ? doubleStruck(text) : text;

/** A base with scripts behind it, in pairs of lower and upper, and behind `mprescripts` those before it. */
function multiscripts([base, ...scripts]: readonly Element[]): string {
  const text = (script: Element | undefined) => (script ? tight(render(script).trim()) : "");
  const split = scripts.findIndex(({ name }) => name === "mprescripts");
  const pairs = (of: readonly Element[]) => {
    let written = "";
    for (let i = 0; i < of.length; i += 2) written += script("_", text(of[i])) + script("^", text(of[i + 1]));
    return written;
  };
  const behind = split < 0 ? scripts : scripts.slice(0, split);
  return (split < 0 ? "" : pairs(scripts.slice(split + 1))) + text(base) + pairs(behind);
}

const inside = (element: Element) =>
  childrenOf(element)
    .map((child, i, all) => render(child, all[i - 1]))
    .join("");
const tight = (text: string) => text.replace(/\s*([=<>≤≥≠+−∗×])\s*/gu, "$1");
const named = (text: string) => (FUNCTIONS.has(text) ? `${text} ` : text);

function operator(element: Element, before: Element | undefined): string {
  const sign = rawText(element)
    .trim()
    .replace(/[\u2061-\u2064]/g, "");
  if (sign === ",") return ", ";
  if (!SPACED.test(sign)) return sign;
  const shown = sign === "-" ? "−" : sign;
  // A sign without anything to its left belongs to what follows: "−1".
  const prefix = !before || (before.name === "mo" && !/^[)\]}⟩⌉⌋|‖!%′]$/.test(rawText(before).trim()));
  return prefix ? shown : ` ${shown} `;
}

function fenced(element: Element, parts: readonly Element[]): string {
  const open = element.attributes["open"] ?? "(";
  const close = element.attributes["close"] ?? ")";
  const separator = (element.attributes["separators"] ?? ",").trim().slice(0, 1);
  return open + parts.map((part) => render(part).trim()).join(separator ? `${separator} ` : "") + close;
}

/** Several factors, of which all stand below the line: `2π`, `a²b`. */
const PRODUCT = /[\d⁰¹²³⁴-⁹₀-₉)]\p{L}/u;

/** Brackets round what has an operator, a space or `other` in it. */
function grouped(text: string, other?: RegExp): string {
  return (/[\s+−±/=<>]/.test(text) || other?.test(text)) && !/^\([^()]*\)$/.test(text) ? `(${text})` : text;
}
