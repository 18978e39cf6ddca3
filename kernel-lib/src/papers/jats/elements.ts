import type { Element } from "./xml.js";

/** An attribute by its name without prefix: `href` of `xlink:href`. */
export function attribute(element: Element, name: string): string | null {
  const { attributes } = element;
  if (attributes[name] !== undefined) return attributes[name];
  const key = Object.keys(attributes).find((written) => written.endsWith(`:${name}`));
  return key === undefined ? null : attributes[key]!;
}

/** The child elements, those of one name where it is given. */
export function childrenOf(element: Element, name?: string): Element[] {
  return element.children.filter(
    (child): child is Element => typeof child !== "string" && (name === undefined || child.name === name),
  );
}

/** The first element on a path of child names. */
export function childAt(element: Element | null, ...path: string[]): Element | null {
  return path.reduce<Element | null>((found, name) => (found && childrenOf(found, name)[0]) ?? null, element);
}

/** The elements inside one, in document order; those that `closed` names are given but not entered. */
export function* descendants(
  element: Element,
  closed: (inner: Element) => boolean = () => false,
): Generator<Element> {
  for (const child of childrenOf(element)) {
    yield child;
    if (!closed(child)) yield* descendants(child, closed);
  }
}

/** The nearest element around this one that has one of the names. */
export function ancestor(element: Element, names: ReadonlySet<string>): Element | null {
  for (let at = element.parent; at; at = at.parent) if (names.has(at.name)) return at;
  return null;
}

/** All characters inside, as they stand. */
export function rawText(element: Element): string {
  return element.children.map((child) => (typeof child === "string" ? child : rawText(child))).join("");
}
