import type { Message } from "@lumino/messaging";
import { Widget } from "@lumino/widgets";
import { isEnded, RUN_TARGET, type RunState } from "figloom/views";
import type { Kernels } from "../common/context.js";
import { el } from "../common/dom.js";
import { OWN_KEYS } from "../common/shortcuts.js";
import { __ } from "../common/words.js";
import type { RunLink } from "../run/follow.js";
import { drawRuns } from "./list.js";

/** How often it asks while it is in sight: with a run under way, and without. */
const BUSY_MS = 1000;
const IDLE_MS = 5000;

/** All runs of the workspace's datasets, newest first. Asks only while it is seen. */
export class RunsPanel extends Widget {
  readonly #kernels: Kernels;
  readonly #openRun: (state: RunState) => void;
  readonly #ended = new AbortController();
  readonly #note = el("p", { class: "figloom-note", role: "status" }, __("Looking for runs …"));
  readonly #list = el("ul", { class: "figloom-runs-list" });
  #link: RunLink | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asking = false;

  constructor(kernels: Kernels, openRun: (state: RunState) => void) {
    super();
    this.#kernels = kernels;
    this.#openRun = openRun;
    this.addClass("figloom");
    this.addClass("figloom-runs");
    for (const [name, value] of Object.entries(OWN_KEYS)) this.node.setAttribute(name, value);
    this.node.setAttribute("role", "region");
    this.node.setAttribute("aria-label", __("Runs"));
    this.node.append(el("h2", { class: "figloom-title" }, __("Runs")), this.#note, this.#list);
  }

  override dispose(): void {
    clearTimeout(this.#timer);
    this.#ended.abort();
    super.dispose();
  }

  /** Asks what runs there are, and again after a while as long as it is seen. */
  async refresh(): Promise<void> {
    clearTimeout(this.#timer);
    if (this.#asking) return;
    this.#asking = true;
    let busy = false;
    try {
      this.#link ??= this.#kernels.context(this.#ended.signal).connect(RUN_TARGET, {});
      const runs = await this.#link.ask("runs", { datasets: null }, this.#ended.signal);
      busy = runs.some((state) => !isEnded(state));
      this.#draw(runs);
    } catch (error) {
      if (!this.#ended.signal.aborted) this.#say(error instanceof Error ? error.message : String(error));
    } finally {
      this.#asking = false;
    }
    if (!this.#ended.signal.aborted && this.isVisible)
      this.#timer = setTimeout(() => this.#again(), busy ? BUSY_MS : IDLE_MS);
  }

  protected override onAfterShow(message: Message): void {
    super.onAfterShow(message);
    void this.refresh();
  }

  protected override onBeforeHide(message: Message): void {
    clearTimeout(this.#timer);
    super.onBeforeHide(message);
  }

  #again(): void {
    if (!document.hidden) return void this.refresh();
    this.#timer = setTimeout(() => this.#again(), IDLE_MS);
  }

  #draw(runs: RunState[]): void {
    this.#say(runs.length > 0 ? "" : __("No work was done on a dataset here yet: await lab.ingest(…)."));
    const ask = (method: "pause" | "resume") => (state: RunState) => {
      const { dataset, run } = state;
      void this.#link!.ask(method, { dataset, run }, this.#ended.signal).then(
        () => this.refresh(),
        (error: unknown) => this.#say(error instanceof Error ? error.message : String(error)),
      );
    };
    drawRuns(this.#list, runs, { open: this.#openRun, pause: ask("pause"), resume: ask("resume") });
  }

  #say(text: string): void {
    this.#note.textContent = text;
    this.#note.hidden = text === "";
  }
}
