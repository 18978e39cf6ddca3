import { ConfigurationError } from "../errors.js";

/** The licences that papers come under, by the names that a selection takes; each in every version. */
export const LICENCES = [
  "cc0",
  "cc-by",
  "cc-by-sa",
  "cc-by-nd",
  "cc-by-nc",
  "cc-by-nc-sa",
  "cc-by-nc-nd",
  "public-domain",
  "arxiv",
] as const;
export type Licence = (typeof LICENCES)[number];

/**
 * The name of the licence that an address (`http://creativecommons.org/licenses/by/4.0/`) or PubMed Central's code
 * (`CC BY-NC`) stands for; `null` for none, or one without a name here.
 */
export function licenceName(licence: string | null): Licence | null {
  if (licence === null) return null;
  const text = licence.trim().toLowerCase();
  if (/arxiv\.org\/licenses\/nonexclusive-distrib/.test(text)) return "arxiv";
  if (/creativecommons\.org\/publicdomain\/zero|^cc[ -]?0/.test(text)) return "cc0";
  if (/creativecommons\.org\/(?:publicdomain\/mark|licenses\/publicdomain)/.test(text))
    return "public-domain";
  const terms = /creativecommons\.org\/licenses\/([a-z-]+)|^cc[ -](by[a-z-]*)/.exec(text);
  const name = terms ? `cc-${terms[1] ?? terms[2]!}` : null;
  return LICENCES.find((known) => known === name) ?? null;
}

/** @throws {ConfigurationError} for a name that is none of {@link LICENCES} */
export function checkLicences(names: readonly string[]): Licence[] {
  return names.map((name) => {
    const known = LICENCES.find((licence) => licence === name.toLowerCase());
    if (known === undefined)
      throw new ConfigurationError(`"${name}" is no licence; take one of ${LICENCES.join(", ")}.`);
    return known;
  });
}
