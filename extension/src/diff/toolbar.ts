import type { DiffView, Sort } from "figloom/views";
import { comparable, gainRef, integer } from "figloom/views";
import { button, el } from "../common/dom.js";
import { __ } from "../common/words.js";
import type { Manner } from "./item.js";

export interface ToolbarOptions {
  view: DiffView;
  manner: Manner;
  onManner(manner: Manner): void;
  onDifferentOnly(only: boolean): void;
  /** `null` is the view's own order. */
  onSort(sort: Sort | null): void;
  step(by: 1 | -1): void;
  move(by: 1 | -1): void;
  jump(row: number): void;
  /** The row box is left for the figures. */
  onLeave(): void;
}

/** What stands above the figures. */
export interface Toolbar {
  node: HTMLElement;
  /** Says which change of how many is marked; none below 0. */
  changes(at: number, count: number): void;
  /** Says which row of how many is being read. */
  place(row: number, total: number): void;
  /** Orders are worked out by the kernel. */
  offerSorts(metrics: readonly string[]): void;
  /** Goes into the row box. */
  goTo(): void;
}

export function drawToolbar(options: ToolbarOptions): Toolbar {
  const { view, manner } = options;
  const only = el("input", { type: "checkbox" });
  only.addEventListener("change", () => options.onDifferentOnly(only.checked));
  const layout = toggles(
    __("Layout"),
    manner.layout,
    { unified: __("Unified"), split: __("Side by side") },
    (to) => {
      manner.layout = to;
      options.onManner(manner);
    },
  );
  const unit = toggles(
    __("Compare by"),
    manner.unit,
    { word: __("Words"), sentence: __("Sentences") },
    (to) => {
      manner.unit = to;
      options.onManner(manner);
    },
  );
  const sort = el("select", { class: "figloom-input figloom-diff-sort", "aria-label": __("Order") });
  sort.addEventListener("change", () => options.onSort(JSON.parse(sort.value) as Sort | null));
  sort.hidden = true;

  const change = el("span", { class: "figloom-soft figloom-position", role: "status" });
  const previous = button("‹", () => options.step(-1), { label: __("Previous change (p)") });
  const next = button("›", () => options.step(1), { label: __("Next change (n)") });
  const up = button("↑", () => options.move(-1), { label: __("Previous figure (k)") });
  const down = button("↓", () => options.move(1), { label: __("Next figure (j)") });
  const row = el("input", {
    type: "number",
    class: "figloom-input figloom-diff-row",
    min: 1,
    "aria-label": __("Go to row"),
    title: __("Go to a row by its number (g)"),
  });
  row.addEventListener("focus", () => row.select());
  row.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    options.onLeave();
  });
  row.addEventListener("change", () => row.value !== "" && options.jump(Math.round(Number(row.value)) - 1));
  const of = el("span", { class: "figloom-soft" });

  const node = el(
    "div",
    { class: "figloom-tools" },
    el("label", { class: "figloom-check" }, only, __("Different only")),
    sort,
    unit,
    layout,
    group(__("Changes"), previous, change, next),
    el(
      "span",
      { class: "figloom-diff-place" },
      el("span", { class: "figloom-soft" }, __("Row")),
      group(__("Figures"), up, row, down),
      of,
    ),
  );
  return {
    node,
    changes(at, count) {
      change.textContent = at < 0 ? __("%1 changes", count) : `${at + 1} / ${count}`;
      change.title = __("Changes in the figures around this one");
    },
    goTo: () => row.focus(),
    place(at, total) {
      if (document.activeElement !== row) row.value = total === 0 ? "" : String(at + 1);
      row.max = String(total);
      of.textContent = __("of %1", integer(total));
      up.disabled = at <= 0;
      down.disabled = at >= total - 1;
    },
    offerSorts(metrics) {
      const [from, to] = [view.captions[0]!, view.captions.at(-1)!];
      const gains = metrics
        .filter((metric) => comparable(metric, from, to))
        .flatMap((metric) =>
          [true, false].map((descending) => ({
            sort: { column: gainRef(metric, from, to), descending },
            label: descending ? __("Most gain of %1 first", metric) : __("Most loss of %1 first", metric),
          })),
        );
      const plain = metrics.map((metric) => ({
        sort: { column: `score.${metric}@${to}`, descending: false },
        label: __("Lowest %1 of %2 first", metric, to),
      }));
      const all = [{ sort: null, label: __("In the view's order") }, ...gains, ...plain];
      sort.replaceChildren(...all.map((one) => el("option", { value: JSON.stringify(one.sort) }, one.label)));
      sort.hidden = metrics.length === 0;
    },
  };
}

const group = (label: string, ...children: Node[]): HTMLElement =>
  el("span", { class: "figloom-group", role: "group", "aria-label": label }, ...children);

/** Buttons of which one is pressed. */
function toggles<Name extends string>(
  label: string,
  first: Name,
  names: Record<Name, string>,
  choose: (name: Name) => void,
): HTMLElement {
  const buttons = (Object.keys(names) as Name[]).map((name) => {
    const one = button(names[name], () => {
      for (const other of buttons) other.setAttribute("aria-pressed", String(other === one));
      choose(name);
    });
    one.setAttribute("aria-pressed", String(name === first));
    return one;
  });
  return group(label, ...buttons);
}
