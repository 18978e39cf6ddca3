import type { Figure } from "../../model.js";
import { references, type Reference } from "../../text/references.js";

/** Stands for a reference to the figure itself. */
export const OWN = "\ue000";
/** Stands for a reference to anything else. */
export const OTHER = "\ue001";
/** The nth panel reference of a sentence stands as the nth of these; a character class for patterns. */
export const PANEL = "[\ue100-\ue1ff]";
const FIRST_PANEL = 0xe100;
const MAX_PANELS = 256;

/** A sentence with its references replaced by signs, so that rules about them are rules about single characters. */
export interface Marked {
  text: string;
  /** How to name each panel reference: `panel a`, `panels a and b`, `the left panel`. */
  panels: string[];
}

/** Marks the references of a sentence. A figure without a number owns none of them. */
export function mark(sentence: string, figure: Pick<Figure, "float" | "number">): Marked {
  const panels: string[] = [];
  let text = "";
  let from = 0;
  for (const reference of references(sentence)) {
    text += sentence.slice(from, reference.range[0]);
    from = reference.range[1];
    if (!isOwn(reference, figure) || panels.length === MAX_PANELS) text += OTHER;
    else if (reference.panels.length === 0) text += OWN;
    else {
      text += String.fromCharCode(FIRST_PANEL + panels.length);
      panels.push(panelName(reference.panels));
    }
  }
  return { text: text + sentence.slice(from), panels };
}

function isOwn(reference: Reference, { float, number }: Pick<Figure, "float" | "number">): boolean {
  return reference.kind === float && number !== null && reference.numbers.every((n) => n === number);
}

function panelName(panels: readonly string[]): string {
  if (panels.length === 1 && /\p{L}{3}/u.test(panels[0]!)) return `the ${panels[0]} panel`;
  if (panels.length === 1) return `${/[,–-]/.test(panels[0]!) ? "panels" : "panel"} ${panels[0]}`;
  return `panels ${panels.slice(0, -1).join(", ")} and ${panels.at(-1)}`;
}

/** Puts words back for the signs that are left; {@link OTHER} must be gone. `self` is `figure` or `table`. */
export function unmark({ text, panels }: Marked, self: string): string {
  return text
    .replace(/(?:\b(?:the|this)\s)?([\ue000\ue100-\ue1ff])/gi, (_, sign: string, at: number) => {
      if (sign === OWN) return at === 0 ? `the ${self}` : `this ${self}`;
      return panels[sign.charCodeAt(0) - FIRST_PANEL]!;
    })
    .replace(/\(the (\p{L}+ panel)\)/gu, "($1)");
}
