import type { MatrixColumn } from "figloom/views";
import { el } from "../common/dom.js";
import { __ } from "../common/words.js";
import type { Arrangement, GainSort } from "./order.js";

export interface Tools {
  node: HTMLElement;
  readonly arrangement: Arrangement;
  readonly against: string;
  readonly unfolded: boolean;
  /** Offers what there is to sort by. */
  offer(columns: readonly MatrixColumn[], against: string): void;
  focusFilter(): void;
}

/** What a reader chooses: baseline, order, filters. */
export function drawTools(
  columns: readonly MatrixColumn[],
  initial: { against: string; repeats: boolean },
  onChange: (what: "against" | "arrangement" | "fold") => void,
): Tools {
  const against = el(
    "select",
    { class: "figloom-input figloom-select" },
    el("option", { value: "raw" }, __("the raw caption")),
    ...columns.map(({ name }) => el("option", { value: name }, name)),
  );
  against.value = initial.against;
  const sort = el("select", { class: "figloom-input figloom-select" });
  const direction = el(
    "select",
    { class: "figloom-input figloom-select", "aria-label": __("Direction of the order") },
    el("option", { value: "down" }, __("↓ largest first")),
    el("option", { value: "up" }, __("↑ smallest first")),
  );
  const words = el("input", {
    type: "search",
    class: "figloom-input",
    placeholder: __("Filter  /"),
    "aria-label": __("Filter figures by words"),
  });
  const different = el("input", { type: "checkbox" });
  const unfolded = el("input", { type: "checkbox" });
  against.addEventListener("change", () => onChange("against"));
  for (const node of [sort, direction, different])
    node.addEventListener("change", () => onChange("arrangement"));
  words.addEventListener("input", () => onChange("arrangement"));
  unfolded.addEventListener("change", () => onChange("fold"));
  const labelled = (text: string, control: HTMLElement) =>
    el("label", { class: "figloom-check" }, text, control);
  const node = el(
    "div",
    { class: "figloom-tools" },
    labelled(__("Compare with"), against),
    labelled(__("Sort"), sort),
    direction,
    el("label", { class: "figloom-check" }, different, __("Different only")),
    initial.repeats ? el("label", { class: "figloom-check" }, unfolded, __("All repeats")) : null,
    words,
  );
  return {
    node,
    get arrangement() {
      direction.hidden = sort.value === "";
      return {
        sort: parseSort(sort.value, direction.value === "down"),
        words: words.value,
        differentOnly: different.checked,
      };
    },
    get against() {
      return against.value;
    },
    get unfolded() {
      return unfolded.checked;
    },
    offer(columns, against) {
      const chosen = sort.value;
      const groups = columns.map((column, i) => {
        const base = column.name === against;
        const options = Object.keys(column.means).map((measure) =>
          el("option", { value: `${i} ${measure}` }, optionText(measure, column, base)),
        );
        return el("optgroup", { label: column.name }, ...options);
      });
      sort.replaceChildren(el("option", { value: "" }, __("as drawn")), ...groups);
      sort.value = chosen;
      if (sort.selectedIndex < 0) sort.value = "";
      direction.hidden = sort.value === "";
    },
    focusFilter: () => words.focus(),
  };
}

function optionText(measure: string, { name, deltas }: MatrixColumn, base: boolean): string {
  const delta = base ? undefined : deltas?.[measure];
  return delta && delta.mean !== null ? __("gain in %1, %2", measure, name) : __("%1, %2", measure, name);
}

function parseSort(value: string, descending: boolean): GainSort | null {
  const at = value.indexOf(" ");
  return at < 0 ? null : { column: Number(value.slice(0, at)), measure: value.slice(at + 1), descending };
}
