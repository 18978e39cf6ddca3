import type { DrawContext } from "../common/context.js";
import { el } from "../common/dom.js";
import { dropdown, type Option } from "../common/dropdown.js";
import { __ } from "../common/words.js";

/** What a view is drawn of, chosen from a list. */
export interface ViewChoice {
  label: string;
  options: readonly Option[];
  first: string;
}

type DrawChosen = (values: string[], node: HTMLElement, context: DrawContext) => Promise<void> | void;

/** Draws a view below lists of what it can be drawn of; another choice draws it anew. */
export function drawChosen(
  choices: readonly ViewChoice[],
  node: HTMLElement,
  context: DrawContext,
  draw: DrawChosen,
): void {
  const body = el("div", { class: "figloom-chosen" });
  const values = choices.map(({ first }) => first);
  let drawing = new AbortController();
  context.signal.addEventListener("abort", () => drawing.abort(), { once: true });
  const lists = choices.map(({ label, options, first }, i) => {
    const list = dropdown(label, (value) => {
      values[i] = value;
      void again();
    });
    list.offer(options, first);
    return list.element;
  });
  node.replaceChildren(el("div", { class: "figloom-tools figloom-choices" }, ...lists), body);
  void again();

  async function again(): Promise<void> {
    drawing.abort();
    const { signal } = (drawing = new AbortController());
    const fresh = el("div", { class: body.className });
    body.replaceChildren(el("p", { class: "figloom-note", role: "status" }, __("Working it out…")), fresh);
    try {
      await draw([...values], fresh, { ...context, signal });
      if (!signal.aborted) body.firstElementChild!.remove();
    } catch (error) {
      if (signal.aborted) return;
      const reason = error instanceof Error ? error.message : String(error);
      body.replaceChildren(el("p", { class: "figloom-note figloom-problem", role: "alert" }, reason));
    }
  }
}
