import type { PlainText } from "./plain.js";
import type { Braced } from "../markup/scan.js";
import type { Structure } from "./structure.js";

export interface Metadata {
  title: string | null;
  abstract: string | null;
  /** Keywords as the paper lists them. */
  keywords: string | null;
  documentClass: string | null;
}

const TITLE = new Set(["title", "Title", "icmltitle", "papertitle", "thetitle", "doctitle", "TITLE"]);
const ABSTRACT = new Set(["abstract", "Abstract", "abstracts", "ABSTRACT"]);

/** Title, abstract and keywords, by command or environment. */
export function readMetadata(source: Braced, structure: Structure, plain: PlainText): Metadata {
  let title: string | null = null;
  let abstract: string | null = null;
  let keywords: string | null = null;
  let documentClass: string | null = null;
  for (const { name, at, next } of structure.controls) {
    const command =
      TITLE.has(name) ||
      ABSTRACT.has(name) ||
      name === "keywords" ||
      name === "documentclass" ||
      name === "documentstyle";
    if (command) {
      const start = source.text[next] === "*" ? next + 1 : next;
      const argument = source.group(source.optional(start)?.next ?? start);
      if (!argument) continue;
      if (name.startsWith("document")) documentClass ??= source.slice(argument).trim();
      else if (TITLE.has(name)) title ??= plain.of(argument.start, argument.end) || null;
      else if (name === "keywords") keywords ??= plain.of(argument.start, argument.end) || null;
      else abstract ??= plain.of(argument.start, argument.end) || null;
    } else if (name === "begin") {
      const environment = structure.environments.get(at);
      if (!environment) continue;
      if (/^(?:abstract\*?|Abstract|onecolabstract|sciabstract|abstracts)$/.test(environment.name)) {
        const start = source.optional(environment.bodyStart)?.next ?? environment.bodyStart;
        abstract ??= plain.of(start, environment.bodyEnd) || null;
      } else if (/^keywords?$/.test(environment.name))
        keywords ??= plain.of(environment.bodyStart, environment.bodyEnd) || null;
    }
    if (title && abstract && keywords) break;
  }
  return { title, abstract, keywords, documentClass };
}
