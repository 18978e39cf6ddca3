import type { Range } from "../../model.js";

/** A chemical formula as a text prints it. */
export interface FormulaMention {
  text: string;
  range: Range;
  /** The same for `TiO2`, `TiO₂` and `TiO_{2}`. */
  canonical: string;
}

const SYMBOLS =
  "H He Li Be B C N O F Ne Na Mg Al Si P S Cl Ar K Ca Sc Ti V Cr Mn Fe Co Ni Cu Zn Ga Ge As Se Br Kr Rb Sr Y Zr Nb Mo Tc " +
  "Ru Rh Pd Ag Cd In Sn Sb Te I Xe Cs Ba La Ce Pr Nd Pm Sm Eu Gd Tb Dy Ho Er Tm Yb Lu Hf Ta W Re Os Ir Pt Au Hg Tl Pb Bi " +
  "Po At Rn Fr Ra Ac Th Pa U Np Pu Am Cm";
const ELEMENT = SYMBOLS.split(" ")
  .sort((a, b) => b.length - a.length)
  .join("|");
/** Elements that stand alone, and are no word, variable or other abbreviation. */
const ALONE = new Set(
  "Al Si Ca Sc Ti Cr Mn Fe Ni Cu Zn Ge Se Br Rb Sr Zr Nb Ru Rh Pd Ag Cd Sb Te Cs Ba Pt Au Hg Pb Bi Mg Na Nd Gd".split(
    " ",
  ),
);
/** Formulas that other rules would take for abbreviations, and the other way round. */
const KNOWN = new Set(
  "CO NO HF HI CN OH HCN KCN KI KF KOH BN SCN HCN H2 N2 O2 O3 F2 Cl2 Br2 I2 S8 P4 C60 C70".split(" "),
);
const NONE = new Set("HeLa InSAR CaCo PoS NiCE CoRoT".split(" "));

const COUNT = String.raw`(?:_?\{?\d{1,3}(?:\.\d{1,3})?(?:[±+−-][xyzδ](?!\p{Ll}))?\}?|[₀-₉]{1,3}(?:\.[₀-₉]{1,3})?|[xyz](?![a-z]))`;
const ATOMS = String.raw`(?:${ELEMENT})${COUNT}?`;
const CHARGE = String.raw`(?:\^\{?\d?[+−-]\}?|[⁰¹²³⁴-⁹]?[⁺⁻]|[+−](?=[\s,.;:)\]/]|$))`;
const FORMULA = new RegExp(
  String.raw`(?<![\p{L}\p{N}_^])(?:[([](?:${ATOMS}){1,8}[)\]]${COUNT}?|${ATOMS}){1,14}(?:[·•⋅]\d?H[2₂]O)?${CHARGE}?(?![\p{L}\p{N}])`,
  "gu",
);
const BONDED = new RegExp(
  String.raw`(?<![\p{L}\p{N}–-])(?:${ELEMENT})(?:[–=≡](?:${ELEMENT})){1,3}(?![\p{L}\p{N}–-])`,
  "gu",
);
const ISOTOPE = new RegExp(
  String.raw`(?<![\p{L}\p{N}_^])(?:[δΔ](?:[⁰¹²³⁴-⁹]{1,3}|\^\{?\d{1,3}\}?|\d{1,3})|[⁰¹²³⁴-⁹]{1,3}|\^\{?\d{1,3}\}?|(?=(?:1[345]|17|18|19|29|31|87)[CNOFPSR])\d\d)(?:${ELEMENT})(?![\p{L}\p{N}])`,
  "gu",
);

/**
 * The chemical formulas of a text in order: compounds (`CH₃OH`, `La1-xSrxMnO3`), ions (`SO₄²⁻`, `Fe3+`), bonds (`Fe–N`),
 * isotopes (`⁸⁷Rb`, `δ18O`), and symbols of metals. Abbreviations that could be read as one (`CNN`, `CB1`) are none.
 * Linear in the text's length.
 */
export function formulas(text: string): FormulaMention[] {
  const found: FormulaMention[] = [];
  for (const pattern of [ISOTOPE, BONDED, FORMULA])
    for (const match of text.matchAll(pattern)) {
      if (pattern === FORMULA && !isFormula(match[0])) continue;
      const range: Range = [match.index, match.index + match[0].length];
      found.push({ text: match[0], range, canonical: canonicalFormula(match[0]) });
    }
  found.sort((a, b) => a.range[0] - b.range[0] || b.range[1] - a.range[1]);
  let end = 0;
  return found.filter(({ range }) => range[0] >= end && ((end = range[1]), true));
}

function canonicalFormula(text: string): string {
  return text
    .normalize("NFKC")
    .replace(/[_^{}]/g, "")
    .replace(/[−–]/g, "-")
    .replace(/[•⋅]/g, "·");
}

const PARTS = new RegExp(String.raw`(${ELEMENT})(\d+(?:\.\d+)?|[xyz])?`, "gu");

function isFormula(text: string): boolean {
  const plain = canonicalFormula(text);
  if (NONE.has(plain)) return false;
  if (KNOWN.has(plain) || ALONE.has(plain)) return true;
  const parts = [...plain.matchAll(PARTS)];
  const charged = new RegExp(`${CHARGE}$`, "u").test(text);
  const kinds = new Set(parts.map((part) => part[1])).size;
  const counts = parts.flatMap((part) => (part[2] ? [part[2]] : []));
  if (charged) return kinds > 1 || parts[0]![1]!.length > 1 || /^[HKIF][+-]$/.test(plain);
  if (kinds < 2 || counts.some((count) => /^0\d/.test(count) || Number(count) > 40)) return false;
  if (counts.length > 0) return counts.some((count) => count !== "1");
  return parts.some((part) => part[1]!.length > 1);
}
