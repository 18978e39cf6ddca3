type Child = Node | string | null;
type Attributes = Record<string, string | number | boolean | null>;

/** Letters that go from right to left, and characters that turn the direction of what follows. */
const TURNING =
  /[\u0590-\u08ff\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;
/** Pieces of a text, which have its direction. */
const PIECES = new Set(["ins", "del", "mark"]);

/**
 * An element with attributes and children. Strings become text nodes, so nothing that a paper says is read as markup, and
 * what is written from right to left does not turn the words beside it. `true` sets an attribute without a value; `false`
 * and `null` leave it out.
 */
export function el<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[Tag] {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== false) node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children.filter((child): child is Node | string => child !== null));
  if (children.some((child) => typeof child === "string" && TURNING.test(child)) && !PIECES.has(tag))
    node.dir ||= "auto";
  return node;
}

/** A push button; `label` is its name for screen readers where the text is a sign only. */
export function button(
  text: string,
  onClick: () => void,
  { label = null, className = "figloom-button" }: { label?: string | null; className?: string } = {},
): HTMLButtonElement {
  const node = el("button", { type: "button", class: className, "aria-label": label, title: label }, text);
  node.addEventListener("click", onClick);
  return node;
}

/** Whether keys typed into an element are text. */
export function takesText(target: EventTarget | null): boolean {
  if (target instanceof HTMLInputElement) return target.type !== "range" && target.type !== "checkbox";
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}
