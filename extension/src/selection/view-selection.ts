import { UUID } from "@lumino/coreutils";
import type { Clause, SelectionPart } from "figloom/views";
import type { DatasetLink } from "../common/context.js";

export interface SelectionListener {
  /** The other views select something else: this one is narrowed anew. */
  narrowed?(): void;
  /** This view's part was taken away elsewhere, or went with its kernel. */
  lost?(): void;
  /** Anything else about it changed. */
  changed?(): void;
}

/** How long a view that is taken away waits for the kernel to hear of it. */
const FAREWELL_MS = 5000;

/** The selection that the views of a dataset share, as one of them sees it and takes part in it. */
export class ViewSelection {
  /** This view, as the kernel knows it. */
  readonly source = UUID.uuid4();
  readonly #link: DatasetLink;
  readonly #listener: SelectionListener;
  #parts: readonly SelectionPart[] = [];
  /** Whether this view believes that it has a part. */
  #held = false;
  /** What is to be selected after what is on its way. */
  #wanted: { label: string; clause: Clause | null } | null = null;
  #sending: Promise<void> | null = null;

  constructor(link: DatasetLink, signal: AbortSignal, listener: SelectionListener = {}) {
    this.#link = link;
    this.#listener = listener;
    const ends = [
      link.on("selection", (parts) => this.#take(parts)),
      link.onState(() => {
        listener.changed?.();
        this.#ask();
      }),
    ];
    signal.addEventListener(
      "abort",
      () => {
        ends.forEach((end) => end());
        this.#leave();
      },
      { once: true },
    );
    this.#ask();
  }

  /** What all views select; as it was last heard of. */
  get parts(): readonly SelectionPart[] {
    return this.#parts;
  }

  /** What this view is narrowed by. */
  get others(): readonly SelectionPart[] {
    return this.#parts.filter(({ source }) => source !== this.source);
  }

  /** Whether the kernel can be told of another selection. */
  get live(): boolean {
    return this.#link.state === "live";
  }

  /**
   * Makes a clause this view's part, or takes it away. While one is on its way to the kernel only the last of those that
   * come after it is sent.
   * @throws {LinkError}
   */
  async select(label: string, clause: Clause | null): Promise<void> {
    this.#wanted = { label, clause };
    this.#held = clause !== null;
    this.#sending ??= this.#send().finally(() => (this.#sending = null));
    await this.#sending;
  }

  /** Takes one view's part away. @throws {LinkError} */
  async remove({ source, label }: SelectionPart): Promise<void> {
    this.#take(await this.#link.ask("select", { source, label, clause: null }));
  }

  /** Takes all parts away. @throws {LinkError} */
  async clear(): Promise<void> {
    this.#take(await this.#link.ask("clearSelection", {}));
  }

  async #send(): Promise<void> {
    while (this.#wanted) {
      const part = this.#wanted;
      this.#wanted = null;
      try {
        const parts = await this.#link.ask("select", { source: this.source, ...part });
        if (!this.#wanted) this.#take(parts, { answered: true });
      } catch (error) {
        if (!this.#wanted) throw error;
      }
    }
  }

  #take(parts: readonly SelectionPart[], { answered = false } = {}): void {
    const before = JSON.stringify(this.others);
    this.#parts = parts;
    if (JSON.stringify(this.others) !== before) this.#listener.narrowed?.();
    // An event may be older than what is on its way.
    const settled = answered || this.#sending === null;
    if (this.#held && settled && !parts.some(({ source }) => source === this.source)) {
      this.#held = false;
      this.#listener.lost?.();
    }
    this.#listener.changed?.();
  }

  /** A restarted kernel knows nothing of what was selected. */
  #ask(): void {
    if (!this.live) return;
    this.#link.ask("selection", {}).then(
      (parts) => this.#take(parts),
      () => undefined,
    );
  }

  #leave(): void {
    if (!this.#held || !this.live) return;
    const farewell = AbortSignal.timeout(FAREWELL_MS);
    this.#link
      .ask("select", { source: this.source, label: "", clause: null }, farewell)
      .catch(() => undefined);
  }
}
