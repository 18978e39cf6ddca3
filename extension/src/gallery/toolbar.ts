import type { GroupBy, Query, Sort } from "figloom/views";
import { button, el } from "../common/dom.js";
import { keysButton } from "../common/keys-dialog.js";
import { __ } from "../common/words.js";
import { dropdown } from "../common/dropdown.js";
import type { GalleryModel } from "./model.js";

const SIZES = { smallest: 80, largest: 400 };

/** How long after a key a search is asked. */
const TYPING_MS = 250;

export interface ToolbarOptions {
  model: GalleryModel;
  signal: AbortSignal;
  /** Width of the tiles at first. */
  size: number;
  /** What can be taken away. */
  menu: HTMLElement | null;
  onSize(size: number): void;
  onFilter(): void;
  onHelp(): void;
  /** The search box is left for the figures. */
  onLeave(): void;
}

/** Search, filter, group, sort and size. */
export class Toolbar {
  readonly element: HTMLElement;
  readonly search: HTMLInputElement;
  readonly filter: HTMLButtonElement;
  readonly #model: GalleryModel;
  readonly #asking: HTMLElement;
  readonly #group: ReturnType<typeof dropdown>;
  readonly #floats: ReturnType<typeof dropdown>;
  readonly #sort: ReturnType<typeof dropdown>;
  readonly #direction: HTMLButtonElement;
  #typing: ReturnType<typeof setTimeout> | undefined;

  constructor({ model, signal, size, menu, onSize, onFilter, onHelp, onLeave }: ToolbarOptions) {
    this.#model = model;
    this.search = el("input", {
      type: "search",
      class: "figloom-input",
      placeholder: __("Search  /"),
      "aria-label": __("Search figures by words"),
      title: __("Words that stand in captions, labels, ids or the paper's title (/)"),
      maxlength: 500,
    });
    this.search.value = model.query.search;
    this.search.addEventListener("input", () => this.#typed());
    this.search.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.search.value !== "") {
        this.search.value = "";
        this.#searchNow();
      } else if (["Escape", "ArrowDown", "Enter"].includes(event.key)) {
        this.#searchNow();
        onLeave();
      } else return;
      event.preventDefault();
      event.stopPropagation();
    });
    signal.addEventListener("abort", () => clearTimeout(this.#typing));

    const change = (query: Partial<Query>) => void model.change({ query });
    this.filter = button(__("Filter"), onFilter, { label: __("Choose what is shown (f)") });
    this.filter.setAttribute("aria-expanded", "false");
    this.#group = dropdown(__("Group"), (value) => change({ group: (value || null) as GroupBy | null }));
    this.#floats = dropdown(__("Show"), (value) => change({ floats: value as Query["floats"] }));
    this.#sort = dropdown(__("Sort"), (column) => change({ sort: column ? firstSort(column) : null }));
    this.#direction = button("↓", () => {
      const { sort } = model.query;
      if (sort) change({ sort: { ...sort, descending: !sort.descending } });
    });
    this.#asking = el(
      "span",
      { class: "figloom-asking" },
      this.#group.element,
      el("span", { class: "figloom-labelled" }, this.#sort.element, this.#direction),
      this.#floats.element,
    );
    this.element = el(
      "div",
      { class: "figloom-tools", role: "group", "aria-label": __("What is shown") },
      this.search,
      this.filter,
      this.#asking,
      sizeSlider(size, onSize),
      menu,
      keysButton(onHelp),
    );
  }

  update(): void {
    const { about, query, reachable, choices, where } = this.#model;
    this.#asking.hidden = !reachable;
    const count = choices.length + (where === null ? 0 : 1);
    this.filter.textContent = count > 0 ? `${__("Filter")} (${count})` : __("Filter");
    this.#group.offer(
      [
        { value: "", label: __("none") },
        { value: "paper", label: __("paper") },
        { value: "discipline", label: __("discipline") },
        { value: "kind", label: __("figure type") },
      ],
      query.group ?? "",
    );
    this.#floats.offer(
      [
        { value: "figure", label: __("figures") },
        { value: "table", label: __("tables") },
        { value: "both", label: __("figures and tables") },
      ],
      query.floats,
    );
    // Scores first: they are what one sorts by.
    const rank = (ref: string) => (ref.startsWith("score.") ? 0 : 1);
    const columns = [...(about?.columns ?? [])].sort((a, b) => rank(a.ref) - rank(b.ref));
    const unknown = query.sort && !columns.some(({ ref }) => ref === query.sort!.column);
    this.#sort.offer(
      [
        { value: "", label: __("paper's order") },
        ...(unknown ? [{ value: query.sort!.column, label: query.sort!.column }] : []),
        ...columns.map(({ ref, label }) => ({ value: ref, label })),
      ],
      query.sort?.column ?? "",
    );
    this.#direction.hidden = query.sort === null;
    const descending = query.sort?.descending ?? false;
    this.#direction.textContent = descending ? "↓" : "↑";
    this.#direction.title = descending ? __("Highest first: turn round") : __("Lowest first: turn round");
    this.#direction.setAttribute("aria-label", this.#direction.title);
  }

  #typed(): void {
    clearTimeout(this.#typing);
    // What the output holds is searched at once; a kernel is asked when the typing rests.
    if (!this.#model.reachable) this.#searchNow();
    else this.#typing = setTimeout(() => this.#searchNow(), TYPING_MS);
  }

  #searchNow(): void {
    clearTimeout(this.#typing);
    const search = this.search.value.trim();
    if (search !== this.#model.query.search) void this.#model.change({ query: { search } });
  }
}

const firstSort = (column: string): Sort => ({ column, descending: column.startsWith("score.") });

function sizeSlider(first: number, onSize: (size: number) => void): HTMLElement {
  const size = el("input", {
    type: "range",
    class: "figloom-range",
    min: SIZES.smallest,
    max: SIZES.largest,
    step: 4,
    value: first,
    "aria-label": __("Size of the thumbnails"),
    title: __("Size of the thumbnails"),
  });
  size.addEventListener("input", () => onSize(Number(size.value)));
  return size;
}
