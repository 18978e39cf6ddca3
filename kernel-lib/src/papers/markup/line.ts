import type { Sign } from "./symbols.js";

/** A formula's text in the making, with TeX's spaces between its atoms. */
export class Line {
  text = "";
  /** Whether the name of a function stands last: its argument keeps a distance. */
  private named = false;
  constructor(readonly tight: boolean) {}

  add(piece: string): void {
    if (this.named && /^[\p{L}\p{N}√]/u.test(piece)) this.text += " ";
    this.text += piece;
    this.named &&= piece === "";
  }

  /** TeX's `a \over b`: what stands before is the numerator. */
  over(): void {
    const numerator = this.text.trim();
    this.text = /^[<>=]$/.test(numerator) ? numerator : `${grouped(numerator)}/`;
    this.named = false;
  }

  sign({ text, kind }: Sign): void {
    if (kind === "relation") this.relation(text);
    else if (kind === "operator") this.operator(text);
    else this.add(text);
  }

  attach(script: string): void {
    this.text = this.text.trimEnd() + script;
  }

  name(name: string): void {
    if (/[\p{L}\p{N})]$/u.test(this.text.slice(-2))) this.text += " ";
    this.text += name;
    this.named = true;
  }

  relation(sign: string): void {
    const before = this.text.trimEnd();
    this.named = false;
    if (this.tight) this.text += sign;
    // At the beginning it belongs to the number behind it: "∼5".
    else this.text = before ? `${before} ${sign} ` : sign === "=" ? "= " : sign;
  }

  operator(sign: string): void {
    const binary = /[\p{L}\p{N}\p{M})\]}⁰-₟²³¹′|⟩!°%…∞]$/u.test(this.text.slice(-6).trimEnd());
    if (this.tight || !binary) this.text += sign;
    else this.text = `${this.text.trimEnd()} ${sign} `;
  }

  space(): void {
    if (!this.text.endsWith(" ")) this.text += " ";
  }

  character(c: string): void {
    if (c === "=" || c === "<" || c === ">") this.relation(c);
    else if (c === "+") this.operator("+");
    else if (c === "-") this.operator("−");
    else if (c === "'") this.text += "′";
    else if (c === ",") this.text += this.tight ? "," : ", ";
    else if (c === "~" || c === "&") this.space();
    else if (c === "*") this.operator("*");
    else if (c === " " || c === "\n" || c === "$" || c === "}") return;
    else if (LETTER.test(c)) this.add(c);
    else if (/\s/.test(c)) return;
    else this.text += c;
    this.named = false;
  }
}

const LETTER = /[\p{L}\p{N}]/u;

/** Brackets round what has an operator or a space in it. */
export function grouped(text: string): string {
  return /[\s+−±/=<>-]/.test(text) && !/^\([^()]*\)$/.test(text) && !/^−?[\p{L}\p{N}.]+$/u.test(text)
    ? `(${text})`
    : text;
}
