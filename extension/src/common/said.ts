import { button, el } from "./dom.js";
import { __ } from "./words.js";

/** A line that says what was done last, with a way back where there is one. */
export class Said {
  readonly element: HTMLElement;
  readonly #text = el("span", { role: "status" });
  readonly #undo: HTMLButtonElement;

  constructor(onUndo: () => void = () => undefined) {
    this.#undo = button(__("Undo"), onUndo, { label: __("Undo (u)"), className: "figloom-link" });
    this.#undo.hidden = true;
    this.element = el("span", { class: "figloom-said" }, this.#text, this.#undo);
  }

  say(text: string, undo = false): void {
    // The same text again would not be read out.
    this.#text.replaceChildren(el("span", {}, text));
    this.#undo.hidden = !undo;
  }

  /** Says why something did not work. */
  fail(error: unknown): void {
    this.say(error instanceof Error ? error.message : String(error));
  }
}
