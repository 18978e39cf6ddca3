import type { PlainText } from "./plain.js";
import type { Argument, Braced } from "../markup/scan.js";
import { controlsIn, type Control, type Part, type Structure } from "./structure.js";

export interface Metadata {
  title: string | null;
  abstract: string | null;
  /** Keywords as the paper lists them. */
  keywords: string | null;
  documentClass: string | null;
}

/** What commands say of a paper. */
const COMMANDS = new Map(
  Object.entries({
    class: "documentclass documentstyle",
    title: "title Title TITLE TITRE icmltitle papertitle thetitle doctitle ArticleTitle",
    abstract: "abstract abstracts Abstract Abstracts ABSTRACT abst Abst summary Summary",
    keywords: "keyword keywords Keyword Keywords KEYWORDS keyw IEEEkeywords kwd",
    heading: "part chapter section subsection subsubsection paragraph",
  }).flatMap(([what, names]) => names.split(" ").map((name) => [name, what] as const)),
);
const ABSTRACT_ENVIRONMENT =
  /^(?:[aA]bstracts?\*?|onecolabstract|sciabstract|abstracttext|abstractwithkeywords|[sS]ummary|resumen|ABSTRACT)$/;
/** What follows an abstract in its own environment. */
const BEHIND_ABSTRACT =
  /\s*\b(?:Key ?words(?: and phrases)?|KEY ?WORDS|Keywords|Index [Tt]erms|PACS(?: numbers?| codes?)?|Subject headings|MSC(?: 2\d{3})?|AMS subject classifications?|CCS Concepts)\s*[:.—–-]\s?.{0,800}$/s;
const BIG = /^(?:huge|Huge|LARGE|Large)$/;
/** Where a title may stand that no command marks. */
const MAX_FRONT = 4_000;

/** Title, abstract and keywords, by command, environment or heading. */
export function readMetadata(source: Braced, structure: Structure, plain: PlainText): Metadata {
  const found: Record<keyof Metadata, string | null> = {
    title: null,
    abstract: null,
    keywords: null,
    documentClass: null,
  };
  const text = (part: Part) => plain.of(part.start, part.end) || null;
  for (const control of structure.controls) {
    const { name, begins: environment } = control;
    const what = COMMANDS.get(name);
    if (environment) {
      const keywords = COMMANDS.get(environment.name) === "keywords";
      if (!keywords && !ABSTRACT_ENVIRONMENT.test(environment.name)) continue;
      const start = source.optional(environment.bodyStart)?.next ?? environment.bodyStart;
      found[keywords ? "keywords" : "abstract"] ??= text({ start, end: environment.bodyEnd });
    } else if (what === "title") found.title ??= titleOf(source, control, text);
    else if (what === "heading") found.abstract ??= underHeading(source, structure, control, text);
    else if (what !== undefined) {
      const argument = firstGroup(source, control);
      if (!argument) continue;
      if (what === "class") found.documentClass ??= source.slice(argument).trim();
      else if (what === "keywords") found.keywords ??= text(argument);
      else
        found.abstract ??=
          allGroups(source, argument)
            .flatMap((part) => text(part) ?? [])
            .join(" ") || null;
    }
    if (found.title && found.abstract && found.keywords) break;
  }
  found.title ??= bigTitle(source, structure, text);
  found.abstract =
    found.abstract?.replace(/^Abstract\s*[.:—–-]*\s*/i, "").replace(BEHIND_ABSTRACT, "") || null;
  return found;
}

const isHeading = (name: string) => COMMANDS.get(name) === "heading";

function firstGroup(source: Braced, { next }: Control): Argument | null {
  const start = source.text[next] === "*" ? next + 1 : next;
  return source.group(source.optional(start)?.next ?? start);
}

/** harvmac's `\Title{preprint number}{title}` has the title in its second argument. */
function titleOf(source: Braced, control: Control, text: (part: Part) => string | null): string | null {
  const first = firstGroup(source, control);
  const second = first && control.name === "Title" ? source.group(first.next) : null;
  return first && text(second ?? first);
}

/** The structured abstract of A&A has five arguments. */
function allGroups(source: Braced, first: Argument): Argument[] {
  const groups = [first];
  while (
    groups.length < 5 &&
    /^\s*(?:%[^\n]*\n\s*)?\{/.test(source.text.slice(groups.at(-1)!.next, groups.at(-1)!.next + 200))
  ) {
    const next = source.group(groups.at(-1)!.next);
    if (!next) break;
    groups.push(next);
  }
  return groups;
}

/** What stands under the heading "Abstract". */
function underHeading(
  source: Braced,
  structure: Structure,
  control: Control,
  text: (part: Part) => string | null,
): string | null {
  const heading = firstGroup(source, control);
  if (
    !heading ||
    !/^\s*(?:\\\w+\s*)*\{?\s*(?:Abstract|ABSTRACT|Summary)\b[\s.:}]*$/.test(source.slice(heading))
  )
    return null;
  const rest = { start: heading.next, end: Math.min(structure.bodyEnd, heading.next + 12_000) };
  const next = controlsIn(structure, rest).find(({ name }) => isHeading(name) || name === "maketitle");
  return text({ start: rest.start, end: next?.at ?? rest.end });
}

/** A title that is only set in big letters, as in templates without `\title`. */
function bigTitle(source: Braced, structure: Structure, text: (part: Part) => string | null): string | null {
  const front = {
    start: structure.bodyStart,
    end: Math.min(structure.bodyEnd, structure.bodyStart + MAX_FRONT),
  };
  for (const { name, at, next } of controlsIn(structure, front)) {
    if (isHeading(name)) return null;
    const open = source.text.lastIndexOf("{", at);
    if (!BIG.test(name) || open < front.start || !/^\{[\s\\A-Za-z]*$/.test(source.text.slice(open, at)))
      continue;
    const close = source.closing(open);
    const title = close > next && close - next < 600 ? text({ start: next, end: close }) : null;
    if (title !== null && /\p{L}/u.test(title)) return title;
  }
  return null;
}
