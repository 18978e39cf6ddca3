import type { DatasetLink } from "../common/context.js";
import { button, el } from "../common/dom.js";
import { __ } from "../common/words.js";
import { countsText, dateText, factsOf, runName, runState, summaryLine } from "./facts.js";
import type { DatasetEntry } from "./scan.js";

/** Runs that are listed under a dataset. */
const RUNS_SHOWN = 12;

/** What can be done with a dataset in the list; the same stands in its context menu. */
export interface DatasetActions {
  open(entry: DatasetEntry): void;
  newNotebook(entry: DatasetEntry): void;
  copyPath(entry: DatasetEntry): void;
  reveal(entry: DatasetEntry): void;
  /** Bytes of its tables. */
  bytes(entry: DatasetEntry): Promise<number>;
  /** A line to a kernel that knows more; it is started by the first question. */
  ask(entry: DatasetEntry, signal: AbortSignal): DatasetLink;
}

/** A dataset in the list: its name opens it, the arrow beside it unfolds what is known about it. */
export class EntryView {
  readonly element: HTMLLIElement;
  readonly name: HTMLButtonElement;
  readonly #entry: DatasetEntry;
  readonly #actions: DatasetActions;
  readonly #fold: HTMLButtonElement;
  readonly #details: HTMLElement;
  #drawing: AbortController | null = null;

  constructor(entry: DatasetEntry, actions: DatasetActions) {
    this.#entry = entry;
    this.#actions = actions;
    this.#fold = button("▸", () => this.toggle(), {
      label: __("What is known about %1", entry.name),
      className: "figloom-fold",
    });
    this.#fold.setAttribute("aria-expanded", "false");
    this.name = el(
      "button",
      { type: "button", class: "figloom-dataset-name", title: __("Open the gallery of %1", place(entry)) },
      el("b", { dir: "auto" }, entry.name),
      el("span", { class: "figloom-soft", dir: "auto" }, place(entry)),
      el("span", { class: "figloom-soft" }, summaryLine(entry)),
    );
    this.name.addEventListener("click", () => actions.open(entry));
    this.#details = el("div", { class: "figloom-dataset-details", hidden: true });
    this.element = el(
      "li",
      { class: "figloom-dataset", "data-folder": entry.folder },
      el("div", { class: "figloom-dataset-row" }, this.#fold, this.name),
      this.#details,
    );
  }

  get open(): boolean {
    return this.#drawing !== null;
  }

  toggle(open = !this.open): void {
    if (open === this.open) return;
    this.#drawing?.abort();
    this.#drawing = open ? new AbortController() : null;
    this.#fold.setAttribute("aria-expanded", String(open));
    this.#fold.textContent = open ? "▾" : "▸";
    this.#details.hidden = !open;
    if (this.#drawing) this.#draw(this.#drawing.signal);
  }

  dispose(): void {
    this.toggle(false);
  }

  #draw(signal: AbortSignal): void {
    const entry = this.#entry;
    const { newNotebook, copyPath, reveal, bytes } = this.#actions;
    const facts = el("dl", { class: "figloom-facts" });
    const say = (size: number | null) =>
      facts.replaceChildren(
        ...factsOf(entry, size).flatMap(([name, value]) => [
          el("dt", {}, name),
          el("dd", { dir: "auto" }, value),
        ]),
      );
    say(null);
    bytes(entry).then(
      (size) => signal.aborted || say(size),
      () => undefined,
    );
    this.#details.replaceChildren(
      this.#drawCounts(signal),
      facts,
      drawRuns(entry),
      el(
        "div",
        { class: "figloom-dataset-actions" },
        button(__("New notebook"), () => newNotebook(entry)),
        button(__("Copy path"), () => copyPath(entry)),
        button(__("Show in files"), () => reveal(entry)),
      ),
    );
  }

  /** Counted when a kernel runs already; otherwise when the user wants it. */
  #drawCounts(signal: AbortSignal): HTMLElement {
    const link = this.#actions.ask(this.#entry, signal);
    const box = el("p", { class: "figloom-dataset-counts", role: "status" });
    const count = async () => {
      box.textContent = __("Counting…");
      try {
        box.textContent = countsText(await link.ask("about", {}, signal));
      } catch (error) {
        if (!signal.aborted) box.textContent = error instanceof Error ? error.message : String(error);
      }
    };
    const start = button(__("Count figures"), () => void count());
    start.title = __("Starts figloom’s kernel, which reads the dataset");
    box.append(start);
    if (link.state === "live") void count();
    const end = link.onState((state) => {
      if (state === "live" && start.isConnected) void count();
      if (state === "live") end();
    });
    return box;
  }
}

function drawRuns({ runs, unread }: DatasetEntry): HTMLElement {
  const shown = runs.slice(-RUNS_SHOWN).reverse();
  const more = runs.length + unread - shown.length;
  const items = shown.map((run) =>
    el(
      "li",
      {},
      el("span", { dir: "auto" }, runName(run)),
      el(
        "span",
        { class: run.sealed === null ? "figloom-chip figloom-unfinished" : "figloom-chip" },
        runState(run),
      ),
      el("span", { class: "figloom-soft" }, dateText(run.started)),
    ),
  );
  return el(
    "div",
    {},
    el("ul", { class: "figloom-dataset-runs", "aria-label": __("Runs, the latest first") }, ...items),
    more > 0 ? el("p", { class: "figloom-soft" }, __("and %1 earlier ones", more)) : null,
  );
}

const place = ({ folder }: DatasetEntry): string => folder || "/";
