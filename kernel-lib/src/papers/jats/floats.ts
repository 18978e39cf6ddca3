import { ancestor, attribute, descendants, rawText } from "./elements.js";
import { isContinued, labelInCaption, letterOf, numberOf } from "./labels.js";
import { captionOf, labelOf, panelsOf } from "./panels.js";
import { filmOf, picturesOf } from "./pictures.js";
import type { Element } from "./xml.js";

/** A figure or table of an article, before its files and texts are read. */
export interface Float {
  element: Element;
  kind: "figure" | "table";
  /** Its own id first, then those of its parts and of its continuation. */
  ids: string[];
  number: string | null;
  caption: Element | null;
  /** Whether the caption begins with the number: for want of a label, or beside it. */
  numberedInCaption: boolean;
  /** Picture elements in order, panels included; of alternatives all, each group once. */
  pictures: Element[][];
  /** The file of a film that it shows in place of a picture. */
  film: string | null;
  panels: FloatPanel[];
}

export interface FloatPanel {
  id: string | null;
  letter: string | null;
  caption: Element | null;
  pictures: Element[][];
}

/** Figures in these are portraits of the authors. */
const NOT_READ = new Set(["bio", "contrib", "journal-meta"]);
const CONTINUATION = /^\(?cont(?:inued|['’]?d)?\b\.?\)?\.?$/i;

/** The figures and tables of an article, its sub-articles included, in the order of the source. */
export function readFloats(root: Element): Float[] {
  const floats: Float[] = [];
  const byNumber = new Map<string, Float>();
  const abstracts = new Set<Element>();
  for (const element of descendants(root, (inner) => NOT_READ.has(inner.name) || isWhole(inner))) {
    const isFigure = element.name === "fig" || isWhole(element);
    if (!isFigure && !(element.name === "table-wrap" && isNamed(element))) continue;
    const float = readFloat(element, isFigure ? "figure" : "table");
    if (float.caption === null) float.caption = graphicalAbstract(element, abstracts);
    const begun = element.name === "fig" ? beginningOf(float, floats.at(-1), byNumber) : undefined;
    if (begun) append(begun, float);
    else floats.push(float);
    if (isFigure && float.number !== null) byNumber.set(float.number, begun ?? float);
  }
  return floats;
}

/** Whether nothing inside an element is a float of its own. */
const isWhole = (element: Element) => element.name === "fig-group" && panelsOf(element).length > 0;

const isNamed = (element: Element) =>
  attribute(element, "id") !== null || labelOf(element) !== "" || captionOf(element) !== null;

function readFloat(element: Element, kind: Float["kind"]): Float {
  const panels = panelsOf(element);
  const label = labelOf(element);
  const caption = captionOf(element);
  const inCaption = caption && labelInCaption(textOf(caption));
  const isSame = inCaption !== null && (label === "" || numberOf(label) === numberOf(inCaption));
  const own = attribute(element, "id");
  return {
    element,
    kind,
    ids: [...(own === null ? [] : [own]), ...innerIds(element)],
    number: numberOf(label === "" ? (inCaption ?? "") : label),
    caption,
    numberedInCaption: isSame,
    pictures: picturesOf(element),
    film: filmOf(element),
    panels: panels.map((panel) => ({
      id: attribute(panel, "id"),
      letter: letterOf(labelOf(panel)),
      caption: captionOf(panel),
      pictures: picturesOf(panel),
    })),
  };
}

const textOf = (element: Element) => rawText(element).slice(0, 300).replace(/\s+/g, " ").trim();

const REFERRED = new Set(["fig", "graphic", "media", "alternatives"]);

/** Ids that references may lead to instead of the float's: of its parts and pictures, of its group. */
function innerIds(element: Element): string[] {
  const closed = (inner: Element) => inner.name === "caption" || inner.name === "table";
  const inside = [...descendants(element, closed)].flatMap((inner) =>
    REFERRED.has(inner.name) ? (attribute(inner, "id") ?? []) : [],
  );
  const group = element.parent?.name === "fig-group" ? attribute(element.parent, "id") : null;
  return group === null ? inside : [...inside, group];
}

/** What a graphical abstract says beside its picture, the first where it has several. */
function graphicalAbstract(element: Element, known: Set<Element>): Element | null {
  const abstract = ancestor(element, new Set(["abstract"]));
  if (!abstract || attribute(abstract, "abstract-type") === null || known.has(abstract)) return null;
  known.add(abstract);
  return abstract;
}

/**
 * The figure that another goes on with: one that says so ("Figure 3 (continued)"), or the next of a group's figures
 * under the same number, or without any of their own.
 */
function beginningOf(
  { element, number, caption }: Float,
  last: Float | undefined,
  byNumber: ReadonlyMap<string, Float>,
): Float | undefined {
  if (number !== null && isContinued(labelOf(element))) return byNumber.get(number);
  const isInGroup = element.parent?.name === "fig-group" && last?.element.parent === element.parent;
  if (!isInGroup) return undefined;
  const isUnnamed = number === null && caption === null;
  return isUnnamed || last.number === number || (last.number === null && !hasCaption(last))
    ? last
    : undefined;
}

const hasCaption = ({ caption }: Float) => caption !== null && !CONTINUATION.test(textOf(caption));

function append(float: Float, part: Float): void {
  float.ids.push(...part.ids);
  // The same figure in another language brings the same picture again.
  if (attribute(float.element, "lang") !== attribute(part.element, "lang")) return;
  float.pictures.push(...part.pictures);
  float.number ??= part.number;
  float.film ??= part.film;
  if (hasCaption(float) || part.caption === null) return;
  float.caption = part.caption;
  float.numberedInCaption = part.numberedInCaption;
}
