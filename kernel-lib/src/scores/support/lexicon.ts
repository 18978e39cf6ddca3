import { stem } from "../../text/words.js";

/** What a claim of each kind weighs in the score: a wrong number or name misleads more than a stray word. */
export const WEIGHTS = { number: 2, name: 2, acronym: 2, formula: 2, symbol: 1, term: 1 } as const;

/** Names of Greek letters, so that `alpha` in the text supports `α` in a caption and the other way round. */
export const GREEK: Readonly<Record<string, string>> = {
  alpha: "α", beta: "β", gamma: "γ", delta: "δ", epsilon: "ε", zeta: "ζ", eta: "η", theta: "θ", iota: "ι",
  kappa: "κ", lambda: "λ", mu: "μ", nu: "ν", xi: "ξ", pi: "π", rho: "ρ", sigma: "σ", tau: "τ", phi: "φ",
  chi: "χ", psi: "ψ", omega: "ω",
}; // prettier-ignore

/** Verbs and nouns that say nothing by themselves: what they are said of are the claims. */
export const LIGHT_WORDS: ReadonlySet<string> = new Set(
  (
    "give gave given reach take took taken make made find found hold held keep kept remain stay need run ran begin began " +
    "start follow come came go went get got set lead led see saw provide yield obtain use occur appear amount correspond " +
    "mark label highlight compare include contain consist stand stood lie lay perform conduct carry collect base accord " +
    "belong involve serve act allow enable help seem tend turn place put apply work play bring brought call name mean let " +
    "do did done exhibit demonstrate reveal describe summarise report " +
    "value result comparison case way kind total overall range amount part versus"
  )
    .split(" ")
    .map(stem),
);

/** Words for the same change or measure, and nothing else: the text's `drops` supports a caption's `falls`. */
const SYNONYMS: readonly (readonly string[])[] = [
  "decrease drop fall fell fallen decline reduce reduction diminish lower",
  "increase rise rose risen grow grew grown climb gain",
  "large larger big bigger great greater high higher",
  "small smaller less low lower",
  "double twice",
  "best optimal highest",
].map((group) => group.split(" ").map(stem));

/** Words that mean the same, by stem. */
export const SAME: ReadonlyMap<string, readonly string[]> = new Map(
  SYNONYMS.flatMap((group) => group.map((word) => [word, group] as const)),
);

/** Substances that have both a formula and a name without any doubt. */
export const SUBSTANCES: Readonly<Record<string, string>> = {
  H2O: "water", CO2: "carbon dioxide", CO: "carbon monoxide", CH4: "methane", NH3: "ammonia", CH3OH: "methanol",
  C2H5OH: "ethanol", H2: "hydrogen", O2: "oxygen", N2: "nitrogen", O3: "ozone", SiO2: "silica", TiO2: "titanium dioxide",
  Al2O3: "alumina", NaCl: "sodium chloride", NaOH: "sodium hydroxide", KOH: "potassium hydroxide", C2H4: "ethylene",
  SO2: "sulfur dioxide", N2O: "nitrous oxide", H2O2: "hydrogen peroxide", "NO3-": "nitrate", "NH4+": "ammonium",
  "SO42-": "sulfate", "PO43-": "phosphate", "Cl-": "chloride", "Br-": "bromide",
  Cu: "copper", Fe: "iron", Pt: "platinum", Au: "gold", Ag: "silver", Pd: "palladium", Ni: "nickel", Zn: "zinc",
  Al: "aluminium", Ti: "titanium", Si: "silicon", Pb: "lead", Cd: "cadmium", Mg: "magnesium", Ca: "calcium", Na: "sodium",
}; // prettier-ignore

/** Parts and marks of a picture: how many there are of them, only the picture can say. */
export const LAYOUT: ReadonlySet<string> = new Set(
  (
    "panel subpanel subfigure subplot plot row column inset curve line bar marker symbol arrow box circle square colour " +
    "color image photograph graph histogram"
  )
    .split(" ")
    .map(stem),
);
