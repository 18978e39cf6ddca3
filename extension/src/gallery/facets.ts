import type { ColumnInfo, FigureCard } from "figloom/views";
import { flagText } from "figloom/views";
import { __ } from "../common/words.js";

/** A property that figures are chosen by. */
export interface Facet {
  /** What the kernel counts it by. */
  ref: string;
  label(): string;
  /** Condition for one value, over the figures' columns. */
  sql(value: string | null): string;
  /** A card's values; `null` where a card does not tell. */
  of(card: FigureCard): readonly (string | null)[] | null;
  /** A value as words. */
  text(value: string): string;
}

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;
const column =
  (name: string) =>
  (value: string | null): string =>
    value === null ? `${name} IS NULL` : `${name} = ${quoted(value)}`;
const listed =
  (name: string) =>
  (value: string | null): string =>
    value === null ? `len(coalesce(${name}, [])) = 0` : `list_contains(${name}, ${quoted(value)})`;
const asIs = (value: string): string => value;

export const PAPER: Facet = {
  ref: "figure.paper_id",
  label: () => __("Paper"),
  sql: column("paper_id"),
  of: ({ paper_id }) => [paper_id],
  text: asIs,
};

/** What the filter offers, where the dataset has it. */
export const FACETS: readonly Facet[] = [
  {
    ref: "figure.discipline",
    label: () => __("Discipline"),
    sql: column("discipline"),
    of: ({ discipline }) => [discipline],
    text: asIs,
  },
  {
    ref: "figure.kind",
    label: () => __("Source"),
    sql: column("kind"),
    of: () => null,
    text: (kind) => ({ latex: "LaTeX", jats: "JATS", pdf: "PDF" })[kind] ?? kind,
  },
  {
    ref: "figure.flags",
    label: () => __("Flags"),
    sql: listed("flags"),
    of: ({ flags }) => flags.map(({ name }) => name),
    text: (name) => flagText({ name }),
  },
  {
    ref: "review.verdict",
    label: () => __("Verdict"),
    sql: column("verdict"),
    of: () => null,
    text: (verdict) => (verdict === "accepted" ? __("accepted") : __("rejected")),
  },
  {
    ref: "review.tags",
    label: () => __("Tags"),
    sql: listed("tags"),
    of: () => null,
    text: asIs,
  },
];

/** Facets that a dataset with these columns has. */
export function facetsFor(columns: readonly ColumnInfo[]): Facet[] {
  const refs = new Set(columns.map(({ ref }) => ref));
  return FACETS.filter(({ ref }) => refs.has(ref));
}

export interface Count {
  value: string | null;
  count: number;
}

/** How many cards have each value, most frequent first. */
export function countCards(facet: Facet, cards: readonly FigureCard[]): Count[] {
  const counts = new Map<string | null, number>();
  for (const card of cards)
    for (const value of facet.of(card) ?? []) counts.set(value, (counts.get(value) ?? 0) + 1);
  return Array.from(counts, ([value, count]) => ({ value, count })).sort((a, b) => b.count - a.count);
}

/** Chosen values of one facet: a figure has one of them. */
export interface Choice {
  facet: Facet;
  values: readonly (string | null)[];
  /** What a person reads instead of the values. */
  label?: string;
}

/** The user's condition and the choices as one condition; `null` for all figures. */
export function conditionOf(where: string | null, choices: readonly Choice[]): string | null {
  const chosen = choices.map(({ facet, values }) => values.map((value) => facet.sql(value)).join(" OR "));
  const all = [...(where?.trim() ? [where.trim()] : []), ...chosen];
  if (all.length === 0) return null;
  // A line of its own: a condition may end in a comment.
  return all.length === 1 ? all[0]! : all.map((condition) => `(${condition}\n)`).join(" AND ");
}

/** Whether a card has what was chosen, as far as a card tells. */
export function chosen(card: FigureCard, choices: readonly Choice[]): boolean {
  return choices.every(({ facet, values }) => {
    const own = facet.of(card);
    if (own === null) return true;
    return values.some((value) => (value === null ? own.every((one) => one === null) : own.includes(value)));
  });
}

/** `Discipline: Biology, Physics`. */
export function choiceText({ facet, values, label }: Choice): string {
  const texts = values.map((value) => (value === null ? __("none") : facet.text(value)));
  return `${facet.label()}: ${label ?? texts.join(", ")}`;
}

/** The choices after a value was ticked or unticked. */
export function withValue(
  choices: readonly Choice[],
  facet: Facet,
  value: string | null,
  on: boolean,
): Choice[] {
  const own = choices.find((choice) => choice.facet.ref === facet.ref);
  const values = (own?.values ?? []).filter((other) => other !== value);
  const next = { facet, values: on ? [...values, value] : values };
  const others = choices.filter((choice) => choice !== own);
  return next.values.length > 0 ? [...others, next] : others;
}
