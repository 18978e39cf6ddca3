import { Dataset } from "../dataset/store.js";
import { saying } from "./summary.js";
import { captionVerbs, type CaptionVerbs } from "./verbs/captions.js";
import { contentVerbs, type ContentVerbs } from "./verbs/contents.js";
import { measureVerbs, type MeasureVerbs } from "./verbs/measures.js";
import { reviewVerbs, type ReviewVerbs } from "./verbs/reviews.js";
import { runVerbs, type RunVerbs } from "./verbs/runs.js";
import { viewVerbs, type ViewVerbs } from "./verbs/views.js";

/** How a dataset is opened. */
export interface LabOptions {
  /** Whether a dataset is made where there is none. @default true */
  create?: boolean;
}

/**
 * A dataset and what can be done with it. Every verb that takes long shows its progress, stops at an interrupt, keeps
 * what it has done, and does only what is missing when it is called again.
 */
export interface Lab extends ContentVerbs, ViewVerbs, CaptionVerbs, MeasureVerbs, ReviewVerbs, RunVerbs {
  /** Absolute path of the dataset's folder. */
  readonly path: string;
}

/**
 * Opens the dataset at `path`, and makes one where there is none.
 *
 * ```ts
 * const lab = await openLab("data/astronomy");
 * await lab.ingest("papers/*.tar.gz");
 * await lab.gallery({ where: "discipline = 'Astronomy'" });
 * ```
 * @throws {ConfigurationError} when the folder is something else
 */
export async function openLab(path: string, { create = true }: LabOptions = {}): Promise<Lab> {
  return labOf(await (create ? Dataset.openOrCreate(path) : Dataset.open(path)));
}

/** The lab of a dataset that is open. */
export function labOf(dataset: Dataset): Lab {
  const path = dataset.folder;
  const lab: Lab = {
    path,
    ...contentVerbs(dataset),
    ...viewVerbs(path),
    ...captionVerbs(dataset),
    ...measureVerbs(dataset),
    ...reviewVerbs(path),
    ...runVerbs(path),
  };
  return saying(lab, `Lab of ${path}`);
}
