type Child = Node | string | null;
type Attributes = Record<string, string | number | boolean | null>;

/**
 * An element with attributes and children. Strings become text nodes, so nothing that a paper says is read as markup.
 * `true` sets an attribute without a value; `false` and `null` leave it out.
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

/**
 * Keeps JupyterLab's notebook shortcuts off: they act on any key while a cell is selected, and in the views `n`, `/`
 * and the arrows have a meaning of their own.
 */
export const OWN_KEYS = { "data-lm-suppress-shortcuts": "true" };
