import type { DiffView } from "figloom/views";
import { countText, differs, EMPTY_DIFF } from "figloom/views";
import { button, el, OWN_KEYS, takesText } from "../common/dom.js";
import type { DrawContext } from "../common/context.js";
import { openLightbox } from "../figure/lightbox.js";
import { drawItem, type Layout } from "./item.js";
import { findChanges } from "./steps.js";

/** Draws captions compared by word, with steps from change to change (`n`, `p`) and two layouts. */
export function drawDiff(view: DiffView, node: HTMLElement, context: DrawContext): void {
  const title = el("div", { class: "figloom-title" }, view.title);
  if (view.items.length === 0) {
    node.replaceChildren(title, el("p", { class: "figloom-note" }, EMPTY_DIFF));
    return;
  }
  const different = view.items.filter(differs);
  const cards = view.items.map(({ card }) => card);
  const list = el("div", {
    class: "figloom-diff-list",
    tabindex: "0",
    role: "group",
    "aria-label": `${view.title}: n goes to the next change, p to the previous one`,
  });
  let layout: Layout = "unified";
  let changes: HTMLElement[][] = [];
  let current = -1;

  const position = el("span", { class: "figloom-soft figloom-position", role: "status" });
  const only = el("input", { type: "checkbox" });
  const unified = button("Unified", () => setLayout("unified"));
  const split = button("Side by side", () => setLayout("split"));
  const previous = button("‹", () => step(-1), { label: "Previous change (p)" });
  const next = button("›", () => step(1), { label: "Next change (n)" });

  function redraw(): void {
    const items = only.checked ? different : view.items;
    list.replaceChildren(
      ...items.map((item) => {
        const open = () =>
          openLightbox(cards, cards.indexOf(item.card), context, () =>
            drawn.querySelector("button")?.focus(),
          );
        const drawn = drawItem(item, layout, open);
        return drawn;
      }),
    );
    if (items.length === 0)
      list.append(el("p", { class: "figloom-note" }, "All captions here are the same."));
    unified.setAttribute("aria-pressed", String(layout === "unified"));
    split.setAttribute("aria-pressed", String(layout === "split"));
    changes = findChanges(list);
    mark(Math.min(current, changes.length - 1));
  }

  function setLayout(to: Layout): void {
    layout = to;
    redraw();
  }

  function mark(to: number): void {
    changes[current]?.forEach((piece) => piece.classList.remove("figloom-current"));
    current = to;
    changes[current]?.forEach((piece) => piece.classList.add("figloom-current"));
    position.textContent = current < 0 ? `${changes.length} changes` : `${current + 1} / ${changes.length}`;
    previous.disabled = current <= 0;
    next.disabled = current >= changes.length - 1;
  }

  function step(by: 1 | -1): void {
    const to = current + by;
    if (to < 0 || to >= changes.length) return;
    mark(to);
    scrollInto(list, changes[to]![0]!);
  }

  only.addEventListener("change", redraw);
  node.onkeydown = (event) => {
    if (takesText(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "n") step(1);
    else if (event.key === "p") step(-1);
    else return;
    event.preventDefault();
  };

  const figures = `${countText(view.items.length, view.total, "figure")}, ${different.length} differ`;
  const tools = el(
    "div",
    { class: "figloom-tools" },
    el("label", { class: "figloom-check" }, only, "Different only"),
    el("span", { class: "figloom-group", role: "group", "aria-label": "Layout" }, unified, split),
    el("span", { class: "figloom-group", role: "group", "aria-label": "Changes" }, previous, position, next),
  );
  const titles = el(
    "div",
    { class: "figloom-titles" },
    title,
    el("span", { class: "figloom-soft" }, figures),
  );
  node.replaceChildren(
    el(
      "div",
      { class: "figloom-keys", ...OWN_KEYS },
      el("div", { class: "figloom-bar" }, titles, tools),
      drawLegend(view),
      list,
    ),
  );
  redraw();
}

function drawLegend({ from, to }: DiffView): HTMLElement {
  return el(
    "div",
    { class: "figloom-legend" },
    el("del", { class: "figloom-removed" }, `only in ${from}`),
    el("ins", { class: "figloom-added" }, `only in ${to}`),
    el(
      "mark",
      { class: "figloom-doubt", title: "Neither in the paper's text nor in its raw caption" },
      "unsupported",
    ),
  );
}

/** Scrolls the list, and the page only as far as needed to show the list's place. */
function scrollInto(list: HTMLElement, piece: HTMLElement): void {
  const outer = list.getBoundingClientRect();
  const inner = piece.getBoundingClientRect();
  if (inner.top < outer.top || inner.bottom > outer.bottom) {
    list.scrollTop += inner.top - outer.top - outer.height / 3;
  }
  piece.scrollIntoView?.({ block: "nearest" });
}
