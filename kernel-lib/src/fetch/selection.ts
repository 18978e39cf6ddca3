import { ConfigurationError } from "../errors.js";
import { DISCIPLINES, type Discipline } from "../model.js";
import { disciplineOf } from "../papers/disciplines.js";
import { checkLicences, licenceName } from "./licences.js";
import type { ArxivRecord } from "./oai.js";
import { isCategory, isWithin, setOf, setsOfDiscipline } from "./oai-sets.js";

/** Which of arXiv's papers are wanted. */
export interface PaperQuery {
  /** Categories or whole archives, any of which a paper may have, cross-lists included: `astro-ph.GA`, `hep-th`. */
  categories?: readonly string[];
  /** One of S1-MMAlign's nine; it goes by the paper's primary category. */
  discipline?: Discipline;
  /** Day of the first version, `2024-01-01`, this one included. */
  from?: string;
  /** Last such day, included. */
  until?: string;
  /** Licences that are taken, such as `cc-by`; see `LICENCES`. @default all, and papers without one */
  licences?: readonly string[];
}

/** Whether anything of arXiv is asked for by its properties. */
export function isQuery(query: PaperQuery): boolean {
  return (query.categories?.length ?? 0) > 0 || query.discipline !== undefined;
}

/** @throws {ConfigurationError} that says which property is wrong, and how it is written */
export function checkQuery(query: PaperQuery): void {
  const { categories = [], discipline, from, until, licences = [] } = query;
  for (const category of categories)
    if (!isCategory(category))
      throw new ConfigurationError(
        `"${category}" is no arXiv category; they are written as in astro-ph.GA, cs.CV or hep-th.`,
      );
  if (discipline !== undefined && !DISCIPLINES.includes(discipline))
    throw new ConfigurationError(
      `"${String(discipline)}" is no discipline; take one of ${DISCIPLINES.join(", ")}.`,
    );
  for (const [name, day] of Object.entries({ from, until }))
    if (day !== undefined && !isDay(day))
      throw new ConfigurationError(`"${day}" (${name}) is no day; write it as in 2024-01-31.`);
  if (from !== undefined && until !== undefined && from > until)
    throw new ConfigurationError(`There is no day from ${from} until ${until}.`);
  checkLicences(licences);
}

/** The sets that arXiv lists the query's papers under; a paper may be in several. */
export function setsOf({ categories = [], discipline }: PaperQuery): string[] {
  if (categories.length > 0) return [...new Set(categories.map(setOf))];
  return discipline === undefined ? [] : setsOfDiscipline(discipline);
}

/** Whether a paper is wanted, by what is known about it. */
export function matches(record: ArxivRecord, query: PaperQuery): boolean {
  const { categories = [], discipline, from, until, licences = [] } = query;
  const own = record.categories.split(" ");
  if (categories.length > 0 && !own.some((category) => categories.some((name) => isWithin(category, name))))
    return false;
  if (discipline !== undefined && disciplineOf(own) !== discipline) return false;
  if (from !== undefined && (record.created === null || record.created < from)) return false;
  if (until !== undefined && (record.created === null || record.created > until)) return false;
  return (
    licences.length === 0 || checkLicences(licences).some((name) => name === licenceName(record.license))
  );
}

function isDay(text: string): boolean {
  const date = new Date(`${text}T00:00:00Z`);
  return (
    /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text)
  );
}
