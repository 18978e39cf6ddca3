import { script } from "./symbols.js";

/** Formulas of mhchem and chemformula: `H2O` → `H₂O`, `Ca^2+` → `Ca²⁺`, `Na+` → `Na⁺`. */
export function chemical(formula: string): string {
  return formula
    .replace(/\^\{?([\d+−-]+)\}?/g, (_, charge: string) => script("^", charge))
    .replace(/(?<=[A-Za-z)\]])_?\{?(\d+)\}?/g, (_, count: string) => script("_", count))
    .replace(/(?<=[A-Za-z)\]₀-₉])[+−-](?=$|[\s,.;)}])/g, (charge) => script("^", charge))
    .replace(/<-+>|<=+>/g, "⇌")
    .replace(/-+>/g, "→");
}

/** `\isotope[13]{C}`, `\isotope{13}{C}` → `¹³C`. */
export function isotope(mass: string, element: string): string {
  return script("^", mass) + element;
}

/** `\ion{C}{4}`, `\ion{C}{iv}` → `C IV`. */
export function ion(element: string, stage: string): string {
  const numerals = ["", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X"];
  return `${element} ${numerals[Number(stage)] ?? stage.toUpperCase()}`;
}
