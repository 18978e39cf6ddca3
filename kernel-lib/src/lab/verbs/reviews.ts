import { Reviews } from "../../dataset/reviews/reviews.js";
import { Once } from "../../once.js";
import {
  redo,
  review,
  tagsText,
  undo,
  type Reviewable,
  type ReviewOptions,
  type ReviewResult,
} from "../review.js";
import { saying } from "../summary.js";

/** What a person says of figures. */
export interface ReviewVerbs {
  /**
   * Accepts, rejects or tags figures; on the disk when it resolves, also while a stage works on the dataset. Any condition
   * can ask about it afterwards: `verdict = 'rejected'`, `list_contains(tags, 'nice')`.
   *
   * ```ts
   * await lab.review("list_contains(flags, 'exact-duplicate')", { verdict: "rejected" });
   * await lab.review(["1703.09824#fig3"], { addTags: ["nice"] });
   * ```
   * @param figures a condition, condition and limit, or figures or their ids
   * @throws {ConfigurationError} for a figure that is not in the dataset, a tag that is none, a wrong condition
   */
  review(figures: Reviewable, change: ReviewOptions): Promise<ReviewResult>;

  /** Takes back what was last said about figures in this kernel, by a cell or in a view; says what that was. */
  undo(): Promise<ReviewResult>;

  /** Says again what {@link undo} took back. */
  redo(): Promise<ReviewResult>;

  /** All tags there are with how many figures have them, most frequent first. */
  tags(): Promise<{ tag: string; count: number }[]>;
}

/** @param folder the dataset's */
export function reviewVerbs(folder: string): ReviewVerbs {
  const reviews = new Once<Reviews>();
  const opened = () => reviews.get(() => Reviews.open(folder));
  return {
    review: async (figures, change) => review(folder, await opened(), figures, change),
    undo: async () => undo(await opened()),
    redo: async () => redo(await opened()),
    async tags() {
      const all = await opened();
      await all.refresh();
      const tags = all.tags();
      return saying(tags, tagsText(tags));
    },
  };
}
