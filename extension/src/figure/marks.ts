import type { ReviewChange, Reviewed } from "figloom/views";
import type { DatasetLink } from "../common/context.js";
import { figureCount } from "../common/count.js";
import { __ } from "../common/words.js";
import type { LightboxReview } from "./lightbox.js";
import { openTagDialog } from "./tag-dialog.js";

export interface MarksOptions {
  /** `null` where the figures come without a kernel. */
  link: DatasetLink | null;
  signal: AbortSignal;
  /** Figures were marked here. */
  marked(reviewed: Reviewed): void;
  /** Says what was done, or why not. */
  say(text: string, undo: boolean): void;
}

/** Verdicts and tags, as they are written to the dataset. */
export class Marks {
  readonly #options: MarksOptions;

  constructor(options: MarksOptions) {
    this.#options = options;
  }

  /** Writes a verdict or tags. */
  write(change: ReviewChange): Promise<void> {
    return this.#ask((link) => link.ask("review", change), "");
  }

  undo(): Promise<void> {
    return this.#ask((link) => link.ask("undoReview", {}), __("There is nothing to undo."));
  }

  redo(): Promise<void> {
    return this.#ask((link) => link.ask("redoReview", {}), __("There is nothing to do again."));
  }

  /** Asks for tags, and writes them. @param present those that any of the figures has */
  tag(figure_ids: string[], present: readonly string[], onClose: () => void): void {
    openTagDialog({
      what: figureCount(figure_ids.length),
      present,
      known: () => this.#tags(),
      signal: this.#options.signal,
      write: (change) => void this.write({ figure_ids, ...change }),
      onClose,
    });
  }

  /** What a lightbox can do with them; `null` where nobody writes. */
  forLightbox(): LightboxReview | null {
    const { link } = this.#options;
    if (!link || link.state === "gone") return null;
    return {
      write: (change) => this.write(change),
      undo: () => this.undo(),
      redo: () => this.redo(),
      tag: ({ card, tags }, onClose) => this.tag([card.figure_id], tags, onClose),
      onReviewed: (listener) => link.on("reviewed", listener),
    };
  }

  /** Tags there are, most frequent first; none where nobody knows. */
  async #tags(): Promise<string[]> {
    const tags = await this.#options.link?.ask("tags", {}).catch(() => null);
    return tags?.map(({ tag }) => tag) ?? [];
  }

  async #ask(question: (link: DatasetLink) => Promise<Reviewed | null>, nothing: string): Promise<void> {
    const { link, marked, say } = this.#options;
    if (!link || link.state === "gone")
      return say(__("Verdicts and tags are written by the kernel: start it first."), false);
    try {
      const reviewed = await question(link);
      if (!reviewed) return say(nothing, false);
      marked(reviewed);
      say(sentence(reviewed.done), reviewed.undo !== null);
    } catch (error) {
      say(error instanceof Error ? error.message : String(error), false);
    }
  }
}

const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
