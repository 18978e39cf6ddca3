import { button, el } from "./dom.js";
import { __ } from "./words.js";

export interface ChipOptions {
  /** `null` where it cannot be taken away now. */
  onRemove: (() => void) | null;
  onEdit?: (() => void) | null;
  title?: string;
  className?: string;
}

/** Something that narrows what is shown, with a way to take it away: an item of a list. */
export function drawChip(
  text: string,
  { onRemove, onEdit = null, title = text, className = "" }: ChipOptions,
): HTMLElement {
  const name = onEdit
    ? button(text, onEdit, { label: __("Edit the condition %1", text), className: "figloom-filter-text" })
    : el("span", { class: "figloom-filter-text", dir: "auto", title }, text);
  return el(
    "span",
    { class: `figloom-filter ${className}`, role: "listitem" },
    name,
    onRemove && button("✕", onRemove, { label: __("Remove %1", text), className: "figloom-sign" }),
  );
}
