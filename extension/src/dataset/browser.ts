import { button, el } from "../common/dom.js";
import { __, _n } from "../common/words.js";
import { EntryView, type DatasetActions } from "./entry.js";
import { matches } from "./facts.js";
import type { DatasetEntry, Scan } from "./scan.js";

export interface BrowserOptions extends DatasetActions {
  scan(signal: AbortSignal): Promise<Scan>;
  /** Makes a notebook that goes from papers to a dataset. */
  start(): void;
  signal: AbortSignal;
}

/** The datasets of the workspace as a list to filter, unfold and open. */
export class DatasetBrowser {
  readonly #options: BrowserOptions;
  readonly #list = el("ul", { class: "figloom-datasets", "aria-label": __("Datasets") });
  readonly #note = el("div", { class: "figloom-note", role: "status" });
  readonly #filter = el("input", {
    type: "search",
    class: "figloom-input",
    placeholder: __("Filter"),
    "aria-label": __("Filter datasets by words"),
  });
  #scanning: AbortController | null = null;
  #found: Scan | null = null;
  #views: EntryView[] = [];

  constructor(node: HTMLElement, options: BrowserOptions) {
    this.#options = options;
    const refresh = button("↻", () => void this.refresh(), {
      label: __("Look for datasets again"),
      className: "figloom-button figloom-refresh",
    });
    this.#filter.addEventListener("input", () => this.#draw());
    node.addEventListener("keydown", (event) => this.#key(event));
    node.replaceChildren(
      el("div", { class: "figloom-browser-bar" }, this.#filter, refresh),
      this.#note,
      this.#list,
    );
    options.signal.addEventListener("abort", () => {
      this.#scanning?.abort();
      this.#views.forEach((view) => view.dispose());
    });
  }

  /** The dataset in a folder, as it was found last. */
  entry(folder: string): DatasetEntry | null {
    return this.#found?.datasets.find((entry) => entry.folder === folder) ?? null;
  }

  async refresh(): Promise<void> {
    this.#scanning?.abort();
    const scanning = (this.#scanning = new AbortController());
    this.#list.setAttribute("aria-busy", "true");
    if (!this.#found) this.#note.replaceChildren(__("Looking for datasets…"));
    try {
      const found = await this.#options.scan(scanning.signal);
      if (scanning.signal.aborted) return;
      this.#found = found;
      this.#draw();
    } catch (error) {
      if (scanning.signal.aborted) return;
      const reason = error instanceof Error ? error.message : String(error);
      this.#note.replaceChildren(__("The folders cannot be read: %1", reason));
    }
    this.#list.removeAttribute("aria-busy");
  }

  #draw(): void {
    if (!this.#found) return;
    const { datasets, cut } = this.#found;
    const unfolded = new Set(this.#views.filter(({ open }) => open).map(({ element }) => folderOf(element)));
    const focused = folderOf(document.activeElement?.closest<HTMLElement>(".figloom-dataset") ?? null);
    this.#views.forEach((view) => view.dispose());
    const shown = datasets.filter((entry) => matches(entry, this.#filter.value.trim()));
    this.#views = shown.map((entry) => new EntryView(entry, this.#options));
    this.#list.replaceChildren(...this.#views.map(({ element }) => element));
    for (const view of this.#views) {
      const folder = folderOf(view.element);
      view.toggle(unfolded.has(folder));
      if (focused !== undefined && folder === focused) view.name.focus();
    }
    this.#filter.hidden = datasets.length === 0;
    this.#note.replaceChildren(...this.#said(datasets.length, shown.length, cut));
  }

  #said(all: number, shown: number, cut: boolean): (Node | string)[] {
    const partly = cut ? [__("There are more folders than are looked through here.")] : [];
    if (all === 0) return [...this.#drawStart(), ...partly];
    if (shown === 0) return [__("No dataset here holds all these words.")];
    const count = _n("%1 dataset", "%1 datasets", all);
    return [shown < all ? __("%1 of %2", shown, count) : count, ...partly.map((text) => `. ${text}`)];
  }

  #drawStart(): Node[] {
    return [
      el("p", {}, __("There is no dataset in this workspace yet. A notebook makes one out of papers:")),
      el(
        "pre",
        { class: "figloom-code" },
        'const lab = await openLab("data/first");\nawait lab.ingest("papers");',
      ),
      el("p", {}, __("So does the command line:")),
      el("pre", { class: "figloom-code" }, "npx figloom ingest papers/ --out data/first"),
      button(__("New notebook for figure curation"), () => this.#options.start()),
    ];
  }

  /** Up and down go through the datasets, right and left unfold and fold. */
  #key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const at = this.#views.findIndex(({ element }) => element.contains(document.activeElement));
    const here = this.#views[at];
    const focus = (to: number) => this.#views[to]?.name.focus();
    if (event.target === this.#filter && event.key === "Escape" && this.#filter.value !== "") {
      this.#filter.value = "";
      this.#draw();
    } else if (event.target === this.#filter && event.key === "ArrowDown") focus(0);
    else if (!here || document.activeElement !== here.name) return;
    else if (event.key === "ArrowDown") focus(at + 1);
    else if (event.key === "ArrowUp" && at === 0) this.#filter.focus();
    else if (event.key === "ArrowUp") focus(at - 1);
    else if (event.key === "Home") focus(0);
    else if (event.key === "End") focus(this.#views.length - 1);
    else if (event.key === "ArrowRight") here.toggle(true);
    else if (event.key === "ArrowLeft") here.toggle(false);
    else if (event.key === "/") this.#filter.focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}

const folderOf = (element: HTMLElement | null): string | undefined => element?.dataset["folder"];
