import { attribute, childAt, childrenOf, descendants, rawText } from "./elements.js";
import { licenceOf } from "./licence.js";
import { plainText, type PlainOptions } from "./plain.js";
import { disciplineOf, subjectsOf } from "./subjects.js";
import type { Discipline } from "../../model.js";
import type { Element } from "./xml.js";

export interface Metadata {
  title: string | null;
  abstract: string | null;
  doi: string | null;
  arxivId: string | null;
  /** See {@link licenceOf}. */
  licence: string | null;
  /** Subjects as the journal lists them, outermost first. */
  subjects: string[];
  discipline: Discipline | null;
}

/** Kinds of abstracts that do not say what the paper found. */
const NO_SUMMARY = /graphical|toc|teaser|key-?points|highlights|video|web|author-highlights|short/i;

/** Title, abstract, identifiers, licence and subjects of an article's front matter. */
export function readMetadata(root: Element, options: PlainOptions): Metadata {
  const meta = childAt(root, "front", "article-meta") ?? childAt(root, "front-stub");
  const text = (element: Element | null) => (element && plainText(element, options).text) || null;
  const abstract = chooseAbstract(meta ? childrenOf(meta, "abstract") : [], attribute(root, "lang"));
  return {
    title: text(childAt(meta, "title-group", "article-title")),
    abstract: abstract ? abstractText(abstract, options) : null,
    doi: identifier(meta, "doi")?.replace(/^(?:doi:\s*|https?:\/\/(?:dx\.)?doi\.org\/)/i, "") ?? null,
    arxivId: identifier(meta, "arxiv"),
    licence: licenceOf(meta, options),
    subjects: subjectsOf(meta),
    discipline: disciplineOf(childAt(root, "front")),
  };
}

/** The article's own summary: untyped before typed, in the article's language, no pictures or highlights. */
function chooseAbstract(abstracts: readonly Element[], language: string | null): Element | undefined {
  const kind = (abstract: Element) => attribute(abstract, "abstract-type");
  const plain = abstracts.filter((abstract) => kind(abstract) === null);
  return (
    plain.find((abstract) => attribute(abstract, "lang") === language) ??
    plain[0] ??
    abstracts.find((abstract) => !NO_SUMMARY.test(kind(abstract)!)) ??
    abstracts.find((abstract) => kind(abstract) !== "graphical")
  );
}

function abstractText(abstract: Element, options: PlainOptions): string | null {
  const blocks = [...descendants(abstract, ({ name }) => name === "p")].filter(
    ({ name, parent }) => name === "p" || (name === "title" && parent !== abstract),
  );
  const texts = blocks.map((block) => {
    const { text } = plainText(block, options);
    return block.name === "title" ? text.replace(/[.:]?$/, ":") : text;
  });
  // eLife ends its abstracts with their own DOI.
  const said = texts.filter((text) => !/^(?:DOI:\s*)?https?:\/\/(?:dx\.)?doi\.org\/\S+$/.test(text));
  return said.filter((text) => text !== "").join(" ") || null;
}

function identifier(meta: Element | null, type: string): string | null {
  const ids = meta ? childrenOf(meta, "article-id") : [];
  const id = ids.find((found) => attribute(found, "pub-id-type")?.toLowerCase() === type);
  return (id && rawText(id).trim()) || null;
}
