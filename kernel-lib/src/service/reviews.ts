import { Reviews, type ReviewOutcome } from "../dataset/reviews/reviews.js";
import type { Reviewed } from "../views/dataset-service.js";

/** Figures that one answer or event names; of more of them, only these. */
const FIGURES_TOLD = 10_000;

/** A figure and what is said about it. */
export type ReviewedFigure = Reviewed["figures"][number];

/** What a service does with news: keeps its rows right, and tells the pages. */
export interface ReviewNews {
  reviewed: Reviewed;
  /** Ids of all figures that changed. */
  figure_ids: string[];
  /** What is said about one of them now. */
  get(figure_id: string): ReviewedFigure;
}

/** The reviews of a service's dataset, read when they are first asked for. */
export class ServiceReviews {
  #opened: Promise<Reviews> | null = null;

  /**
   * @param folder the dataset's
   * @param tell is told of everything that changes, by whomever
   */
  constructor(
    private readonly folder: string,
    private readonly tell: (news: ReviewNews) => void,
  ) {}

  /** Those of the dataset. */
  open(): Promise<Reviews> {
    if (!this.#opened) {
      const opening = Reviews.open(this.folder);
      this.#opened = opening;
      opening.catch(() => (this.#opened = null));
    }
    return this.#opened;
  }

  /** Does something, and tells of it. */
  async act(action: (reviews: Reviews) => Promise<ReviewOutcome | null>): Promise<Reviewed | null> {
    const reviews = await this.open();
    const outcome = await action(reviews);
    return outcome && this.#told(reviews, outcome);
  }

  /** Tells what others have written since it was last asked. A look at a few files where there is nothing. */
  async notice(): Promise<void> {
    const reviews = await this.open();
    this.#told(reviews, { done: "reviewed elsewhere", figure_ids: await reviews.refresh() });
  }

  #told(reviews: Reviews, { done, figure_ids }: ReviewOutcome): Reviewed {
    const get = (figure_id: string) => ({ figure_id, ...reviews.get(figure_id) });
    const figures = figure_ids.slice(0, FIGURES_TOLD).map(get);
    const reviewed = { done, count: figure_ids.length, figures, ...reviews.history };
    if (figure_ids.length > 0) this.tell({ reviewed, figure_ids, get });
    return reviewed;
  }
}
