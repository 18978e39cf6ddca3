import type { Discipline } from "../model.js";
import { categoriesOf } from "../papers/disciplines.js";

/** arXiv's groups that are not "physics"; each has one archive of the same name. */
const GROUPS = new Set(["cs", "econ", "eess", "math", "q-bio", "q-fin", "stat"]);

/** Archives that were closed; arXiv lists their papers under the categories that took them over. */
const CLOSED = new Set([
  "acc-phys", "adap-org", "alg-geom", "ao-sci", "atom-ph", "bayes-an", "chao-dyn", "chem-ph", "cmp-lg", "comp-gas",
  "dg-ga", "funct-an", "mtrl-th", "patt-sol", "plasm-ph", "q-alg", "solv-int", "supr-con",
]); // prettier-ignore

/**
 * The set that arXiv's OAI-PMH lists a category under, as group:archive:category: `physics:astro-ph:GA`, `cs:cs:LG`,
 * `physics:hep-th`, and `math` for all of mathematics.
 */
export function setOf(category: string): string {
  const [archive, subject] = splitCategory(category);
  if (GROUPS.has(archive)) return subject === null ? archive : `${archive}:${archive}:${subject}`;
  return subject === null ? `physics:${archive}` : `physics:${archive}:${subject}`;
}

/** The fewest sets whose papers hold all of a discipline: `physics:astro-ph` and `physics:physics:space-ph`. */
export function setsOfDiscipline(discipline: Discipline): string[] {
  const categories = categoriesOf(discipline).filter((category) => !CLOSED.has(category));
  const archives = new Set(categories.filter((category) => !category.includes(".")));
  return categories
    .filter((category) => archives.has(category) || !archives.has(splitCategory(category)[0]))
    .map(setOf);
}

/** Whether a name has the form of an arXiv archive or category: `hep-th`, `astro-ph.GA`, `cond-mat.mtrl-sci`. */
export function isCategory(name: string): boolean {
  return /^[a-z]+(?:-[a-z]+)?(?:\.[A-Za-z]{2,}(?:-[A-Za-z]+)*)?$/.test(name);
}

/** Whether a paper's category is the given one, or one of the given archive. */
export function isWithin(category: string, archiveOrCategory: string): boolean {
  return category === archiveOrCategory || category.startsWith(`${archiveOrCategory}.`);
}

function splitCategory(category: string): [archive: string, subject: string | null] {
  const [archive, subject = null] = category.split(".");
  return [archive!, subject];
}
