import { childAt, childrenOf, rawText } from "./elements.js";
import { letterOf, numberOf } from "./labels.js";
import type { Element } from "./xml.js";

/** The label of a float or of a part of one; `""` where it has none. */
export function labelOf(element: Element): string {
  const label = childAt(element, "label") ?? childAt(element, "caption", "label");
  return label ? rawText(label) : "";
}

export const captionOf = (element: Element) => childAt(element, "caption");

/**
 * The parts of a float that is one figure: the figures of a group, or pictures that are labelled or captioned
 * themselves; none where it has no parts.
 */
export function panelsOf(float: Element): Element[] {
  if (float.name === "fig-group") return groupPanels(float);
  const pictures = childrenOf(float, "graphic");
  const isSpoken = (picture: Element) => labelOf(picture) !== "" || captionOf(picture) !== null;
  return pictures.length > 1 && pictures.some(isSpoken) ? pictures : [];
}

/**
 * A group is one figure when it has a label or caption of its own and its figures only letters, or the group's number
 * and a letter. In a group of a figure and its supplements each is a figure.
 */
function groupPanels(group: Element): Element[] {
  if (!captionOf(group) && !labelOf(group)) return [];
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
