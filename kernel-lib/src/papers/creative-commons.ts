const TERMS =
  /\b(?:licen[cs]es\/|cc[\s-]+)(by(?:[\s-](?:nc|nd|sa))*)\b[\s/-]*(?:v(?:ersion|\.)?\s*)?(\d\.\d)?/i;
const WORDS: readonly (readonly [term: string, words: RegExp])[] = [
  ["nc", /non-?\s?commercial/i],
  ["nd", /no-?\s?deriv/i],
  ["sa", /share-?\s?alike/i],
];

/**
 * The address of the Creative Commons licence that a text names by address, by short or by full name, in the form that
 * arXiv writes it: `http://creativecommons.org/licenses/by/4.0/`; without a version where none is stated.
 */
export function creativeCommons(text: string): string | null {
  if (/creativecommons\.org\/publicdomain\/zero|\bcc[\s-]?(?:0|zero)\b/i.test(text))
    return "http://creativecommons.org/publicdomain/zero/1.0/";
  if (/creativecommons\.org\/publicdomain\/mark/i.test(text))
    return "http://creativecommons.org/publicdomain/mark/1.0/";
  const short = TERMS.exec(text);
  if (short) return address(short[1]!.toLowerCase().replace(/\s+/g, "-"), short[2]);
  const full = /creative commons attribution([\p{L}\s-]{0,80}?)(?:licen[cs]e|(?=\d\.\d)|[(,.;]|$)/iu.exec(
    text,
  );
  if (!full) return null;
  const terms = WORDS.filter(([, words]) => words.test(full[1]!)).map(([term]) => term);
  const version = /\b\d\.\d\b/.exec(text.slice(full.index, full.index + 160))?.[0];
  return address(["by", ...terms].join("-"), version);
}

/** Without a version where none is stated: which one it is changes what may be done. */
const address = (terms: string, version: string | undefined) =>
  `http://creativecommons.org/licenses/${terms}/${version ? `${version}/` : ""}`;
