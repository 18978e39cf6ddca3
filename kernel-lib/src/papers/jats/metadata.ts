import { attribute, childAt, childrenOf, descendants, rawText } from "./elements.js";
import { plainText, type PlainOptions } from "./plain.js";
import type { Element } from "./xml.js";

export interface Metadata {
  title: string | null;
  abstract: string | null;
  doi: string | null;
  arxivId: string | null;
  /** The licence's address, else its wording. */
  licence: string | null;
  /** Subjects as the journal lists them, outermost first. */
  subjects: string[];
}

/** Headings that say what kind of article it is, not what it is about. */
const ARTICLE_KIND =
  /^(?:(?:original|research|review|short|brief|regular|technical|methods?|case|full|invited|feature|data)\s)*(?:articles?|papers?|reports?|reviews?|letters?|communications?|research|notes?|corrections?|errat(?:um|a)|editorials?|commentar(?:y|ies)|perspectives?|tools and resources|software|other)$/i;
/** Characters of a licence's wording that are kept. */
const MAX_LICENCE = 500;

/** Title, abstract, identifiers, licence and subjects of an article's front matter. */
export function readMetadata(root: Element, options: PlainOptions): Metadata {
  const meta = childAt(root, "front", "article-meta") ?? childAt(root, "front-stub");
  const text = (element: Element | null) => (element && plainText(element, options).text) || null;
  const abstracts = meta ? childrenOf(meta, "abstract") : [];
  const abstract = abstracts.find((found) => attribute(found, "abstract-type") === null) ?? abstracts[0];
  return {
    title: text(childAt(meta, "title-group", "article-title")),
    abstract: abstract ? abstractText(abstract, options) : null,
    doi: identifier(meta, "doi"),
    arxivId: identifier(meta, "arxiv"),
    licence: licenceOf(childAt(meta, "permissions"), options),
    subjects: subjectsOf(childAt(meta, "article-categories")),
  };
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
  return said.join(" ").trim() || null;
}

function identifier(meta: Element | null, type: string): string | null {
  const ids = meta ? childrenOf(meta, "article-id") : [];
  const id = ids.find((found) => attribute(found, "pub-id-type") === type);
  return (id && rawText(id).trim()) || null;
}

function licenceOf(permissions: Element | null, options: PlainOptions): string | null {
  if (!permissions) return null;
  const inside = [...descendants(permissions)];
  const stated = inside.find(({ name }) => name === "license_ref");
  if (stated && rawText(stated).trim()) return rawText(stated).trim();
  const licence = childAt(permissions, "license");
  const links = [...(licence ? [licence] : []), ...inside.filter(({ name }) => name === "ext-link")];
  const href = links
    .map((link) => attribute(link, "href"))
    .find((link, i) => link && (i === 0 || /creativecommons|licen[cs]e/i.test(link)));
  if (href) return href;
  return (licence && plainText(licence, options).text.slice(0, MAX_LICENCE)) || null;
}

function subjectsOf(categories: Element | null): string[] {
  if (!categories) return [];
  const groups = childrenOf(categories, "subj-group").filter(
    (group) => attribute(group, "subj-group-type") !== "display-channel",
  );
  const subjects = groups.flatMap((group) =>
    [...descendants(group)].filter(({ name }) => name === "subject").map((subject) => rawText(subject)),
  );
  const names = subjects.map((subject) => subject.replace(/\s+/g, " ").trim());
  return [...new Set(names.filter((name) => name && !ARTICLE_KIND.test(name)))];
}
