/** Follows a text as it grows and tells whether its end stands in a formula. */
export class MathMode {
  private inside = false;
  private closing = "";

  /** Takes the next stretch of the text; an empty line ends every formula. */
  read(text: string): void {
    for (const [sign, side, name] of text.matchAll(SIGNS)) {
      if (/^\n/.test(sign)) this.inside = false;
      else if (this.inside)
        this.inside = !(sign === this.closing || (side === "end" && name === this.closing));
      else if (sign in CLOSED_BY || side === "begin") {
        this.inside = true;
        this.closing = side === "begin" ? name! : CLOSED_BY[sign]!;
      }
    }
  }

  get isOn(): boolean {
    return this.inside;
  }
}

const CLOSED_BY: Record<string, string> = { $: "$", $$: "$$", "\\(": "\\)", "\\[": "\\]" };
const SIGNS =
  /\n[ \t]*\n|\\(begin|end)\{((?:equation|align|alignat|flalign|gather|multline|eqnarray|displaymath|math|array|split|aligned)\*?)\}|\\[^A-Za-z]|\$\$?/g;
