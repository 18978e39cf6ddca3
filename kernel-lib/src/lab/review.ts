import type { ReviewInput } from "../dataset/reviews/change.js";
import type { ReviewOutcome, Reviews } from "../dataset/reviews/reviews.js";
import { unknownFigures } from "../dataset/reviews/unknown.js";
import type { Reader, Selection } from "../dataset/query.js";
import { ConfigurationError } from "../errors.js";
import type { Verdict } from "../model.js";
import { count, saying } from "./summary.js";
import { asking } from "./work.js";
import { whole } from "../text/whole.js";

/** What to say about figures; what is left out stays. */
export interface ReviewOptions {
  /** `null` takes it away. */
  verdict?: Verdict | null | undefined;
  /** 1 to 64 characters each; a figure has at most 100. */
  addTags?: readonly string[] | undefined;
  removeTags?: readonly string[] | undefined;
}

/** Which figures: a condition, condition and limit, or the figures themselves or their ids. */
export type Reviewable = string | Selection | readonly (string | { figure_id: string })[];

/** What was said of how many figures, and what undo and redo would do. */
export interface ReviewResult {
  /** For people: `accepted 12 figures`. */
  done: string;
  /** How many figures changed. */
  figures: number;
  /** What undo and redo would take back next; `null` for nothing. */
  undo: string | null;
  redo: string | null;
}

/** A result that has nothing else to say. */
const NOTHING = (done: string): ReviewOutcome => ({ done, figure_ids: [] });

/** Says something about figures, see `Lab.review`. */
export async function review(
  folder: string,
  reviews: Reviews,
  figures: Reviewable,
  input: ReviewInput,
): Promise<ReviewResult> {
  const ids = await asking(folder, (reader) =>
    isList(figures)
      ? known(reader, folder, figures)
      : chosen(reader, typeof figures === "string" ? { where: figures } : figures),
  );
  return resultOf(reviews, await reviews.review(ids, input));
}

/** Takes back what the history did last, see `Lab.undo`. */
export async function undo(reviews: Reviews): Promise<ReviewResult> {
  return resultOf(reviews, (await reviews.undo()) ?? NOTHING("nothing to undo"));
}

/** Does again what was taken back last, see `Lab.redo`. */
export async function redo(reviews: Reviews): Promise<ReviewResult> {
  return resultOf(reviews, (await reviews.redo()) ?? NOTHING("nothing to redo"));
}

const isList = (figures: Reviewable): figures is Exclude<Reviewable, string | Selection> =>
  Array.isArray(figures);

async function chosen(reader: Reader, { where, limit }: Selection): Promise<string[]> {
  await reader.checkWhere("figures", where);
  if (limit !== undefined && !(Number.isSafeInteger(limit) && limit >= 0))
    throw new ConfigurationError(`A limit is a whole number from 0, not ${limit}.`);
  const ids: string[] = [];
  const rows = reader.rows<{ figure_id: string }>(
    `SELECT figure_id FROM figures WHERE (${where ?? "true"}\n) ORDER BY paper_id, ordinal ${limit === undefined ? "" : `LIMIT ${limit}`}`,
  );
  for await (const { figure_id } of rows) ids.push(figure_id);
  return ids;
}

async function known(
  reader: Reader,
  folder: string,
  figures: readonly (string | { figure_id: string })[],
): Promise<string[]> {
  const ids = figures.map((figure) => (typeof figure === "string" ? figure : figure.figure_id));
  const missing = await reader.all<{ figure_id: string }>(
    "SELECT figure_id FROM (SELECT unnest($1::JSON::VARCHAR[]) AS figure_id) ANTI JOIN figures USING (figure_id)",
    [JSON.stringify(ids.map(whole))],
  );
  if (missing.length > 0)
    throw unknownFigures(
      folder,
      missing.map(({ figure_id }) => figure_id),
    );
  return ids;
}

function resultOf(reviews: Reviews, { done, figure_ids }: ReviewOutcome): ReviewResult {
  const { undo, redo } = reviews.history;
  return saying({ done, figures: figure_ids.length, undo, redo }, `${capital(done)}.`);
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** Tags with how many figures have them, most frequent first. */
export function tagsText(tags: { tag: string; count: number }[]): string {
  return tags.length === 0
    ? "No tags."
    : tags.map(({ tag, count: n }) => `${tag}: ${count(n, "figure")}`).join("\n");
}
