import { button, el } from "./dom.js";
import { OWN_KEYS } from "./shortcuts.js";
import { __ } from "./words.js";

/** Keys, and what they do in a view. */
export type KeyList = readonly (readonly [keys: string, does: string])[];

/** The button that opens a view's list of keys. */
export function keysButton(onOpen: () => void): HTMLButtonElement {
  return button("?", onOpen, { label: __("Keys (?)"), className: "figloom-button figloom-round" });
}

/** Opens a list of the keys over the page. */
export function openKeys(keys: KeyList, signal: AbortSignal, onClose: () => void): void {
  const close = button("✕", () => dialog.close(), { label: __("Close") });
  const dialog = el(
    "dialog",
    { class: "figloom figloom-dialog", "aria-label": __("Keys"), ...OWN_KEYS },
    el("header", { class: "figloom-dialog-head" }, el("h2", { class: "figloom-title" }, __("Keys")), close),
    el(
      "dl",
      { class: "figloom-keys-list" },
      ...keys.flatMap(([key, does]) => [el("dt", {}, key), el("dd", {}, does)]),
    ),
  );
  const leave = () => dialog.remove();
  dialog.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.key !== "Escape" && event.key !== "?") return;
    event.preventDefault();
    dialog.close();
  });
  dialog.addEventListener("click", ({ target }) => target === dialog && dialog.close());
  dialog.addEventListener("close", () => {
    signal.removeEventListener("abort", leave);
    leave();
    onClose();
  });
  signal.addEventListener("abort", leave, { once: true });
  document.body.append(dialog);
  dialog.showModal();
}
