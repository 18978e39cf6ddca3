import { creativeCommons } from "../creative-commons.js";
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
