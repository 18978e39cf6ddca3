import type { Discipline } from "../model.js";

/**
 * The discipline of each arXiv archive or category. S1-MMAlign (arXiv 2601.00264) names nine disciplines and not how
 * arXiv's categories fall to them, so the table is ours: an archive falls to the discipline of its own field, and the
 * categories that cross over to another field (astrophysics of the Earth, medical physics, …) fall to that one.
 * A category that is not listed takes its archive's discipline.
 */
const BY_CATEGORY: Readonly<Record<string, Discipline>> = {
  "math": "Mathematics", "math-ph": "Mathematics", "stat": "Mathematics", "alg-geom": "Mathematics", "dg-ga": "Mathematics", "funct-an": "Mathematics", "q-alg": "Mathematics",
  "stat.ML": "Computer Science",
  "physics": "Physics", "quant-ph": "Physics", "cond-mat": "Physics", "hep-ex": "Physics", "hep-lat": "Physics", "hep-ph": "Physics", "hep-th": "Physics",
  "gr-qc": "Physics", "nucl-ex": "Physics", "nucl-th": "Physics", "nlin": "Physics", "acc-phys": "Physics", "atom-ph": "Physics", "chao-dyn": "Physics",
  "plasm-ph": "Physics", "supr-con": "Physics", "mtrl-th": "Physics", "solv-int": "Physics", "patt-sol": "Physics", "adap-org": "Physics",
  "physics.chem-ph": "Chemistry", "physics.atm-clus": "Chemistry", "chem-ph": "Chemistry",
  "physics.bio-ph": "Biology", "q-bio": "Biology", "bayes-an": "Mathematics",
  "physics.med-ph": "Medicine",
  "physics.geo-ph": "Earth Science", "physics.ao-ph": "Earth Science", "ao-sci": "Earth Science",
  "physics.space-ph": "Astronomy", "astro-ph": "Astronomy", "astro-ph.EP": "Astronomy",
  "physics.app-ph": "Engineering", "eess": "Engineering", "econ": "Mathematics", "q-fin": "Mathematics",
  "cs": "Computer Science", "cs.RO": "Engineering", "cs.SY": "Engineering", "cs.CE": "Engineering", "cmp-lg": "Computer Science",
}; // prettier-ignore

/** The discipline that a paper's arXiv categories name, the primary one first; `null` where none is known. */
export function disciplineOf(categories: readonly string[]): Discipline | null {
  for (const category of categories) {
    // A stranger's category may have a name that every object knows, such as "constructor".
    const known = [category, category.split(".")[0]!].find((name) => Object.hasOwn(BY_CATEGORY, name));
    if (known !== undefined) return BY_CATEGORY[known]!;
  }
  return null;
}

/** The archives and categories that the table gives a discipline. */
export function categoriesOf(discipline: Discipline): string[] {
  return Object.keys(BY_CATEGORY).filter((category) => BY_CATEGORY[category] === discipline);
}

/** What a paper's source says about its field. */
export interface DisciplineCues {
  documentClass: string | null;
  /** The source's opening, preamble included. */
  opening: string;
  keywords: string | null;
}

/** Document classes and packages that only one field uses. Publishers' general classes say nothing. */
const CLASSES: readonly (readonly [RegExp, Discipline])[] = [
  [/^(?:aastex\w*|emulateapj\w*|mnras|mn2e|mn|aa|aas\w*|aasms\d*|aaspp\d*|openjournal|rnaas)$/i, "Astronomy"],
  [/^(?:agujournal\w*|agutex\w*|ametsoc\w*|gji)$/i, "Earth Science"],
  [/^(?:achemso|mhchem|rsc)$/i, "Chemistry"],
  [/^(?:jhep\w*|JINST|elsart-hep|PoS)$/i, "Physics"],
  [/^(?:acmart|sig-alternate\w*|acm_proc\w*|acmsmall)$/i, "Computer Science"],
  [/^(?:amsart|gtpart|compositio)$/i, "Mathematics"],
  [/^(?:ieeeconf|asme\w*|aiaa\w*|new-aiaa)$/i, "Engineering"],
];
const OPENINGS: readonly (readonly [RegExp, Discipline])[] = [
  [/\\documentclass\s*\[[^\]]*\b(?:apj|apjl|apjs|aj)\b[^\]]*\]/i, "Astronomy"],
  [/\\documentclass\s*\[[^\]]*\b(?:pra|prb|prc|prd|prl|prx)\b[^\]]*\]\s*\{revtex/i, "Physics"],
  [
    /\\usepackage(?:\[[^\]]*\])?\{(?:neurips|nips|icml|iclr|cvpr|iccv|eccv|acl|emnlp|naacl|aaai|ijcai|interspeech)[\w.-]*\}/i,
    "Computer Science",
  ],
  [
    /\\documentclass\s*\[[^\]]*\b(?:amt|acp|gmd|tc|hess|bg|esd|nhess|se|cp|wes)\b[^\]]*\]\s*\{copernicus\}/,
    "Earth Science",
  ],
  [
    /\\journal\{[^}]*(?:Astrophysical|Astronomy|MNRAS)[^}]*\}|\\(?:submitjournal|shorttitle)\{(?:ApJ|AJ|PASP)[^}]*\}/i,
    "Astronomy",
  ],
];

/** The discipline that a paper's class, journal options or packages make plain; `null` when they leave a doubt. */
export function disciplineFromPaper({ documentClass, opening, keywords }: DisciplineCues): Discipline | null {
  const found = new Set<Discipline>();
  for (const [pattern, discipline] of CLASSES)
    if (documentClass && pattern.test(documentClass)) found.add(discipline);
  for (const [pattern, discipline] of OPENINGS) if (pattern.test(opening)) found.add(discipline);
  const category =
    /\b(astro-ph|cond-mat|hep-(?:ph|th|ex|lat)|quant-ph|gr-qc|q-bio|physics\.[a-z-]+|math\.[A-Z]{2}|cs\.[A-Z]{2})\b/.exec(
      keywords ?? "",
    )?.[1];
  const named = category === undefined ? null : disciplineOf([category]);
  if (named) found.add(named);
  const [only] = found;
  return found.size === 1 ? only! : null;
}
