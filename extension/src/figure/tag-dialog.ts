import type { ReviewChange } from "figloom/views";
import { button, el } from "../common/dom.js";
import { OWN_KEYS } from "../common/shortcuts.js";
import { __ } from "../common/words.js";

export interface TagDialogOptions {
  /** What is tagged, for people: `12 figures`. */
  what: string;
  /** Tags that any of the figures has. */
  present: readonly string[];
  /** All tags there are. */
  known(): Promise<readonly string[]>;
  signal: AbortSignal;
  write(change: Pick<ReviewChange, "addTags" | "removeTags">): void;
  onClose(): void;
}

/** Opens a small dialog that adds tags and takes them away; what is typed is completed from the tags there are. */
export function openTagDialog({ what, present, known, signal, write, onClose }: TagDialogOptions): void {
  const listId = `figloom-tags-${Math.random().toString(36).slice(2)}`;
  const suggestions = el("datalist", { id: listId });
  const input = el("input", {
    type: "text",
    class: "figloom-input",
    list: listId,
    placeholder: __("A tag, or several with commas"),
    "aria-label": __("Tags to add"),
    maxlength: 500,
    dir: "auto",
    autocomplete: "off",
  });
  const add = () => {
    const tags = [...new Set(input.value.split(",").map((tag) => tag.trim()))].filter(Boolean);
    dialog.close();
    if (tags.length > 0) write({ addTags: tags });
  };
  const chips = present.map((tag) =>
    el(
      "span",
      { class: "figloom-filter", role: "listitem" },
      el("span", { class: "figloom-filter-text", dir: "auto" }, tag),
      button(
        "✕",
        () => {
          dialog.close();
          write({ removeTags: [tag] });
        },
        { label: __("Take the tag %1 away", tag), className: "figloom-sign" },
      ),
    ),
  );
  const title = __("Tag %1", what);
  const dialog = el(
    "dialog",
    { class: "figloom figloom-dialog", "aria-label": title, ...OWN_KEYS },
    el(
      "header",
      { class: "figloom-dialog-head" },
      el("h2", { class: "figloom-title" }, title),
      button("✕", () => dialog.close(), { label: __("Close") }),
    ),
    el("div", { class: "figloom-dialog-line" }, input, suggestions, button(__("Add"), add)),
    chips.length > 0
      ? el("div", { class: "figloom-chips", role: "list", "aria-label": __("Tags there are") }, ...chips)
      : null,
  );
  const leave = () => dialog.remove();
  dialog.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.key === "Enter" && event.target === input) add();
    else if (event.key === "Escape") dialog.close();
    else return;
    event.preventDefault();
  });
  dialog.addEventListener("close", () => {
    signal.removeEventListener("abort", leave);
    leave();
    onClose();
  });
  signal.addEventListener("abort", leave, { once: true });
  document.body.append(dialog);
  dialog.showModal();
  input.focus();
  void known().then((tags) => suggestions.append(...tags.map((tag) => el("option", { value: tag }))));
}
