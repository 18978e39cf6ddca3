import { decodeHTMLStrict } from "entities";

/** Characters of an entity that an article declares itself: enough for a character or a short name. */
const MAX_DECLARED = 32;

/** Names of unknown entities that are remembered. */
const MAX_UNKNOWN = 100;

/** The letters of ISO 8879's set ISOgrk1, each entity `<name>gr` or, for capitals, `<Name>gr`. */
const GREEK = new Map(
  "a:α b:β g:γ d:δ e:ε z:ζ ee:η th:θ i:ι k:κ l:λ m:μ n:ν x:ξ o:ο p:π r:ρ s:σ sf:ς t:τ u:υ ph:φ kh:χ ps:ψ oh:ω"
    .split(" ")
    .map((entry) => entry.split(":") as [string, string]),
);

/**
 * What the named entities of an article stand for: XML's own, those that its DTD subset declares as short texts, and
 * the ISO sets that every version of the NLM and JATS DTDs brings in. HTML's names hold all of these but one set. An
 * entity that stands for other entities, for markup or for a file is none, so that nothing grows or is fetched: it stays
 * as written, and its name is left in `unknown`.
 */
export function namedEntities(doctype: string, unknown: Set<string>): Record<string, string> {
  const declared = new Map<string, string>();
  for (const [, name, , value] of doctype.matchAll(/<!ENTITY\s+([\w.-]+)\s+(["'])([^<%]*?)\2\s*>/g)) {
    const text = value!.replace(/&#(?:x[\da-f]{1,6}|\d{1,7});/gi, (reference) => decodeHTMLStrict(reference));
    if (text.length <= MAX_DECLARED && !/[&\0-\x08]/.test(text) && !declared.has(name!))
      declared.set(name!, text);
  }
  const meaning = (name: string) => {
    const text = declared.get(name) ?? known(name);
    if (text === undefined && unknown.size < MAX_UNKNOWN) unknown.add(name.slice(0, 64));
    return text ?? `&${name};`;
  };
  return new Proxy<Record<string, string>>({}, { get: (_, name) => meaning(String(name)) });
}

function known(name: string): string | undefined {
  const written = `&${name};`;
  const decoded = decodeHTMLStrict(written);
  if (decoded !== written) return decoded;
  const letter = /^([A-Za-z]{1,2})gr$/.exec(name)?.[1];
  const greek = letter && GREEK.get(letter.toLowerCase());
  return greek && letter !== letter.toLowerCase() ? greek.toUpperCase() : greek;
}
