import { ancestor, childAt, childrenOf, descendants, rawText } from "./elements.js";
import { letterOf, numberOf } from "./labels.js";
import type { Element } from "./xml.js";

/** A figure or table of an article, before its files and texts are read. */
export interface Float {
  element: Element;
  kind: "figure" | "table";
  id: string | null;
  number: string | null;
  caption: Element | null;
  /** Picture elements in order, panels included; of alternatives all, each group once. */
  pictures: Element[][];
  panels: FloatPanel[];
}

export interface FloatPanel {
  id: string | null;
  letter: string | null;
  caption: Element | null;
  pictures: Element[][];
}

const FLOATS = new Set(["fig", "fig-group", "table-wrap"]);
/** Graphics inside these are formulas, notes or files to download. */
const NO_PICTURES = new Set(
  "caption inline-formula disp-formula disp-formula-group supplementary-material table table-wrap-foot label attrib permissions fn".split(
    " ",
  ),
);
const BODIES = new Set(["table"]);

/** The figures and tables of an article, its sub-articles included, in the order of the source. */
export function readFloats(root: Element): Float[] {
  const floats: Float[] = [];
  for (const element of descendants(root, isWhole)) {
    if (element.name === "table-wrap") floats.push(readFloat(element, "table"));
    else if (element.name === "fig" || isWhole(element)) floats.push(readFloat(element, "figure"));
  }
  return floats;
}

/** Whether nothing inside an element is a float of its own. */
function isWhole(element: Element): boolean {
  return element.name === "fig-group" && panelsOf(element).length > 0;
}

function readFloat(element: Element, kind: Float["kind"]): Float {
  return {
    element,
    kind,
    id: element.attributes["id"] ?? null,
    number: numberOf(labelOf(element)),
    caption: captionOf(element),
    pictures: picturesOf(element, element.name === "fig-group"),
    panels: panelsOf(element).map((panel) => ({
      id: panel.attributes["id"] ?? null,
      letter: letterOf(labelOf(panel)),
      caption: captionOf(panel),
      pictures: picturesOf(panel, false),
    })),
  };
}

/**
 * The parts of a group that is one figure: it has a label or caption of its own and its figures only letters, or the
 * group's number and a letter. In a group of a figure and its supplements each is a figure.
 */
function panelsOf(group: Element): Element[] {
  if (group.name !== "fig-group" || !(captionOf(group) || labelOf(group))) return [];
  const number = numberOf(labelOf(group));
  const figures = childrenOf(group, "fig");
  const isPanel = (figure: Element) => {
    const own = numberOf(labelOf(figure));
    return (
      own === null ||
      letterOf(own) === own.replace(/[()]/g, "") ||
      (number !== null && own.startsWith(number) && /^\s*\(?[A-Za-z]\)?$/.test(own.slice(number.length)))
    );
  };
  return figures.every(isPanel) ? figures : [];
}

const labelOf = (element: Element): string => {
  const label = childAt(element, "label") ?? childAt(element, "caption", "label");
  return label ? rawText(label) : "";
};
const captionOf = (element: Element) => childAt(element, "caption");

/** The pictures of a float, but not those of figures that stand in it. */
function picturesOf(element: Element, withFigures: boolean): Element[][] {
  const closed = (inner: Element) =>
    NO_PICTURES.has(inner.name) || (FLOATS.has(inner.name) && !withFigures) || BODIES.has(inner.name);
  const groups = new Map<Element, Element[]>();
  for (const inner of descendants(element, closed)) {
    if (inner.name !== "graphic") continue;
    const alternatives = ancestor(inner, new Set(["alternatives"]));
    const group = alternatives && alternatives.start > element.start ? alternatives : inner;
    const known = groups.get(group);
    if (known) known.push(inner);
    else groups.set(group, [inner]);
  }
  return [...groups.values()];
}
