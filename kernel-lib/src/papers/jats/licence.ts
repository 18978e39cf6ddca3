import { attribute, childAt, descendants, rawText } from "./elements.js";
import { plainText, type PlainOptions } from "./plain.js";
import type { Element } from "./xml.js";

/** Characters of a licence's wording that are kept. */
const MAX_LENGTH = 500;

/**
 * The licence of an article: the address of a Creative Commons licence in the form that arXiv writes it
 * (`http://creativecommons.org/licenses/by/4.0/`), however the article states it; else the address that it gives, else
 * its wording; `null` where it states none.
 */
export function licenceOf(meta: Element | null, options: PlainOptions): string | null {
  // Before NLM 3.0 the licence could stand beside the permissions, and in the statement of the copyright.
  const licence = childAt(meta, "permissions", "license") ?? childAt(meta, "license");
  const permissions = childAt(meta, "permissions") ?? licence;
  const inside = permissions ? [...descendants(permissions)] : [];
  const copyright = childAt(permissions, "copyright-statement") ?? childAt(meta, "copyright-statement");
  const wording = licence ? plainText(licence, options).text : "";
  const links = [
    ...inside.filter(({ name }) => name === "license_ref").map((element) => rawText(element).trim()),
    licence && attribute(licence, "href"),
    ...inside
      .filter(({ name }) => LINKS.has(name))
      .map((link) => attribute(link, "href") ?? rawText(link).trim()),
  ].filter((link): link is string => link !== null && link !== "");
  const kind = licence ? (attribute(licence, "license-type") ?? "") : "";
  for (const stated of [...links, wording, kind, copyright ? rawText(copyright) : ""]) {
    const address = creativeCommons(stated);
    if (address !== null) return address;
  }
  const named = links.find((link) => /licen[cs]e|open-?access/i.test(link));
  return named ?? (wording.slice(0, MAX_LENGTH) || null);
}

const LINKS = new Set(["ext-link", "uri"]);
const TERMS =
  /\b(?:licen[cs]es\/|cc[\s-]+)(by(?:[\s-](?:nc|nd|sa))*)\b[\s/-]*(?:v(?:ersion|\.)?\s*)?(\d\.\d)?/i;
const WORDS: readonly (readonly [term: string, words: RegExp])[] = [
  ["nc", /non-?\s?commercial/i],
  ["nd", /no-?\s?deriv/i],
  ["sa", /share-?\s?alike/i],
];

/** The address of the Creative Commons licence that a text names by address, by short or by full name. */
function creativeCommons(text: string): string | null {
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
