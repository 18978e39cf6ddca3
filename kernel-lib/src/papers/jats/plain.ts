import { script } from "../markup/symbols.js";
import { CITATION, MENTION, takeMentions, tidy } from "../markup/tidy.js";
import { attribute, childAt, childrenOf } from "./elements.js";
import { mathMl, texMath } from "./math.js";
import type { Element } from "./xml.js";

/** Characters of a paragraph or caption that are kept. */
const MAX_TEXT = 40_000;

/** Stands where a formula is that the source holds only as an image. */
const FORMULA_IMAGE = "[formula]";

/** Elements whose text is no part of the sentence that they stand in. */
const LEFT_OUT = new Set(
  "fig fig-group table-wrap table-wrap-group supplementary-material media graphic inline-graphic fn label object-id alt-text long-desc permissions attrib index-term ref-list inline-supplementary-material glyph-data glyph-ref rt processing-meta".split(
    " ",
  ),
);
/** Elements that begin and end a line of their own. */
const BLOCKS = new Set(
  "p title list list-item def-list def-item def term disp-quote disp-formula disp-formula-group verse-group verse-line speech statement boxed-text sec td th tr break preformat subtitle".split(
    " ",
  ),
);
const FORMULAS = new Set([
  "inline-formula",
  "disp-formula",
  "alternatives",
  "chem-struct",
  "tex-math",
  "math",
]);
/** Notes and addresses: their marks are not read aloud. */
const UNSPOKEN_XREFS = new Set(["fn", "table-fn", "aff", "corresp", "author-notes", "contrib"]);

export interface PlainOptions {
  /** Whether an `xref` leads to a reference of the bibliography. */
  isCitation(xref: Element): boolean;
  /** Whether a mark is to be left before an `xref`. */
  isMention(xref: Element): boolean;
}

export interface PlainText {
  text: string;
  /** The marked `xref`s in order, each with the position that its text begins at. */
  mentions: { xref: Element; at: number }[];
}

/**
 * Renders an element's content as plain text: scripts and formulas in Unicode, citations gone, references as printed,
 * floats and notes inside it left out.
 */
export function plainText(element: Element, options: PlainOptions): PlainText {
  const writer = new Writer(options);
  writer.inside(element);
  // Long runs of separators are no prose, and cost much to mend.
  const written = writer.out.slice(0, MAX_TEXT).replace(/[,;\s]{20,}/g, " ");
  const { text, mentions } = takeMentions(tidy(written));
  return { text, mentions: mentions.map((at, i) => ({ xref: writer.mentioned[i]!, at })) };
}

class Writer {
  out = "";
  readonly mentioned: Element[] = [];
  private brackets = 0;
  constructor(private readonly options: PlainOptions) {}

  inside(element: Element): void {
    for (const child of element.children) {
      if (this.out.length > MAX_TEXT) return;
      if (typeof child === "string") this.write(child);
      else this.element(child);
    }
  }

  private write(text: string): void {
    // The marks are private characters that no text may bring along.
    const written = text.replaceAll(CITATION, "").replaceAll(MENTION, "");
    for (const char of written.slice(0, MAX_TEXT)) {
      if (char === "(" || char === "[") this.brackets++;
      else if (char === ")" || char === "]") this.brackets = Math.max(0, this.brackets - 1);
    }
    this.out += written;
  }

  private element(element: Element): void {
    const { name } = element;
    if (FORMULAS.has(name)) this.formula(element);
    else if (LEFT_OUT.has(name)) return;
    else if (name === "xref") this.xref(element);
    else if (name === "sup" || name === "sub") this.script(element);
    else if (BLOCKS.has(name)) {
      this.out += " ";
      this.inside(element);
      if (name === "title" && !/[.:!?]\s*$/.test(this.out.slice(-3)) && this.out.trim()) this.out += ".";
      this.out += " ";
    } else this.inside(element);
  }

  private formula(element: Element): void {
    const text = formulaText(element);
    if (text === null) this.inside(element);
    else this.out += element.name === "disp-formula" ? ` ${text} ` : text;
  }

  private script(element: Element): void {
    const inner = new Writer(this.options);
    inner.inside(element);
    this.mentioned.push(...inner.mentioned);
    const text = inner.out.trim();
    const isCited = text.includes(CITATION) && /^[\s,;–-]*$/.test(text.replaceAll(CITATION, ""));
    if (isCited) this.out += CITATION;
    else if (text.includes(CITATION) || text.includes(MENTION)) this.out += text;
    else {
      // Publishers put the space between words inside the script.
      const space = /\s$/.test(inner.out) ? " " : "";
      this.out += script(element.name === "sup" ? "^" : "_", text.replaceAll("-", "−")) + space;
    }
  }

  private xref(element: Element): void {
    if (this.options.isMention(element)) {
      this.mentioned.push(element);
      this.out += MENTION;
      this.inside(element);
      return;
    }
    if (this.options.isCitation(element)) {
      const inner = new Writer(this.options);
      inner.inside(element);
      const printed = inner.out.trim();
      // "Smith et al. (2010) showed" needs its names; "(Smith et al., 2010)" and "[12]" do not.
      const isSpoken = this.brackets === 0 && /\p{L}{2}/u.test(printed) && !/^[([]/.test(printed);
      if (isSpoken) this.write(printed);
      else this.out += CITATION;
      return;
    }
    if (!UNSPOKEN_XREFS.has(attribute(element, "ref-type") ?? "")) this.inside(element);
  }
}

/** A formula's text; `null` where it is made of ordinary text, which is read as such. */
function formulaText(element: Element): string | null {
  if (element.name === "math") return mathMl(element);
  if (element.name === "tex-math") return texMath(element);
  const holder = childAt(element, "alternatives") ?? element;
  const tex = childAt(holder, "tex-math");
  const math = childAt(holder, "math");
  const text = (tex && texMath(tex)) || (math && mathMl(math));
  if (text) return text;
  const parts = childrenOf(holder);
  const isImage =
    parts.some(({ name }) => name === "graphic" || name === "inline-graphic") &&
    !holder.children.some((child) => typeof child === "string" && child.trim());
  const isFormula = element.name.endsWith("formula");
  return isImage ? (isFormula ? FORMULA_IMAGE : "") : null;
}
