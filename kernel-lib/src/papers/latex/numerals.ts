/** How LaTeX's `\arabic`, `\alph`, `\roman` and their capitals print a counter. */
export function numeral(style: string, value: number): string {
  if (style === "alph" || style === "Alph") {
    const letter = value > 0 && value < 27 ? String.fromCharCode(96 + value) : String(value);
    return style === "Alph" ? letter.toUpperCase() : letter;
  }
  if (style === "roman" || style === "Roman") {
    const roman = romanNumeral(value);
    return style === "Roman" ? roman.toUpperCase() : roman;
  }
  return String(value);
}

function romanNumeral(value: number): string {
  if (value <= 0 || value > 4000) return String(value);
  let rest = value;
  let out = "";
  for (const [worth, letters] of [
    [1000, "m"],
    [900, "cm"],
    [500, "d"],
    [400, "cd"],
    [100, "c"],
    [90, "xc"],
    [50, "l"],
    [40, "xl"],
    [10, "x"],
    [9, "ix"],
    [5, "v"],
    [4, "iv"],
    [1, "i"],
  ] as const)
    // prettier-ignore
    while (rest >= worth) {
      out += letters;
      rest -= worth;
    }
  return out;
}
