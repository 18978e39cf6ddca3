import { button, el, OWN_KEYS } from "../common/dom.js";
import { __ } from "../common/words.js";
import { keyList } from "./keys.js";

/** Opens a list of the keys over the page. */
export function openHelp(signal: AbortSignal, onClose: () => void): void {
  const close = button("✕", () => dialog.close(), { label: __("Close") });
  const dialog = el(
    "dialog",
    { class: "figloom figloom-dialog", "aria-label": __("Keys"), ...OWN_KEYS },
    el("header", { class: "figloom-dialog-head" }, el("h2", { class: "figloom-title" }, __("Keys")), close),
    el(
      "dl",
      { class: "figloom-keys-list" },
      ...keyList().flatMap(([keys, does]) => [el("dt", {}, keys), el("dd", {}, does)]),
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
