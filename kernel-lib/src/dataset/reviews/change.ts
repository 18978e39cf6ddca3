import { ConfigurationError } from "../../errors.js";
import type { Verdict } from "../../model.js";
import type { Delta } from "./state.js";
import type { Edit } from "./line.js";

/** What to say about figures. What is left out stays. */
export interface ReviewInput {
  /** `null` takes it away. */
  verdict?: Verdict | null | undefined;
  addTags?: readonly string[] | undefined;
  removeTags?: readonly string[] | undefined;
}

/** Characters of a tag. */
const TAG_LENGTH = 64;
/** Tags of a figure. */
export const TAGS_A_FIGURE = 100;

/**
 * What an input does to each figure.
 * @throws {ConfigurationError} for a tag or verdict that is none, and where nothing is to be done
 */
export function deltaOf({ verdict, addTags = [], removeTags = [] }: ReviewInput): Delta {
  if (verdict !== undefined && verdict !== null && verdict !== "accepted" && verdict !== "rejected")
    throw new ConfigurationError(
      `A verdict is "accepted", "rejected" or null, not ${JSON.stringify(verdict)}.`,
    );
  const add = tagsOf(addTags);
  const remove = tagsOf(removeTags);
  const both = add.find((tag) => remove.includes(tag));
  if (both !== undefined)
    throw new ConfigurationError(`The tag "${both}" is to be added and removed at once.`);
  if (verdict === undefined && add.length + remove.length === 0)
    throw new ConfigurationError("Nothing is said: give a verdict, tags to add or tags to remove.");
  return { ...(verdict !== undefined && { verdict: verdict ?? "none" }), add, remove };
}

/** Control characters, and those that turn the direction of writing, so that a tag would read as another. */
const UNSEEN = /[\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;

function tagsOf(given: readonly string[]): string[] {
  return [...new Set(given.map(tagOf))];
}

function tagOf(given: string): string {
  const tag = typeof given === "string" ? given.trim().normalize("NFC") : "";
  const length = [...tag].length;
  if (length >= 1 && length <= TAG_LENGTH && !UNSEEN.test(tag)) return tag;
  throw new ConfigurationError(
    `A tag has 1 to ${TAG_LENGTH} characters and no control characters; ${JSON.stringify(given)?.slice(0, 200)} is none.`,
  );
}

/** What was done, for people: `accepted 12 figures`, `tagged 1 figure "nice"`. */
export function saidOf({ verdict, add = [], remove = [] }: Delta, figures: number): string {
  const these = `${figures.toLocaleString("en")} ${figures === 1 ? "figure" : "figures"}`;
  const quoted = (tags: string[]) => tags.map((tag) => `"${tag}"`).join(", ");
  const parts = [
    ...(verdict === undefined
      ? []
      : [verdict === "none" ? `took the verdict off ${these}` : `${verdict} ${these}`]),
    ...(add.length > 0 ? [`tagged ${these} ${quoted(add)}`] : []),
    ...(remove.length > 0 ? [`took ${quoted(remove)} off ${these}`] : []),
  ];
  return parts.join(", ");
}

/** Figures with the same delta go together. */
export function grouped(deltas: Iterable<readonly [figure_id: string, delta: Delta]>): Edit[] {
  const groups = new Map<string, Edit>();
  for (const [figure_id, delta] of deltas) {
    const key = JSON.stringify([delta.verdict, delta.before, delta.add, delta.remove]);
    const group = groups.get(key);
    if (group) group.figure_ids.push(figure_id);
    else groups.set(key, { figure_ids: [figure_id], ...delta });
  }
  return [...groups.values()];
}
