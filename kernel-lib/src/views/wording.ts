/** The words and figures that the views and their twins have in common. */
import { whole } from "../text/whole.js";
import type { CaptionDiff, CaptionText, Change, DistributionForm, FigureCard, Picture } from "./protocol.js";

/** `Figure 3`, `Table 1`; without a number the author's label, without that the id. */
export function figureName(card: Pick<FigureCard, "float" | "number" | "label" | "figure_id">): string {
  const kind = card.float === "table" ? "Table" : "Figure";
  if (card.number) return `${kind} ${card.number}`;
  return card.label ? `${kind} (${card.label})` : card.figure_id;
}

/** Title of a card's paper, or its id. */
export function paperName(card: Pick<FigureCard, "paper_title" | "paper_id">): string {
  return card.paper_title || card.paper_id;
}

/** `showing 60 of 383 figures`, or `60 figures` where all are shown. */
export function countText(shown: number, total: number, noun: string): string {
  const things = total === 1 ? noun : `${noun}s`;
  return shown < total
    ? `showing ${integer(shown)} of ${integer(total)} ${things}`
    : `${integer(total)} ${things}`;
}

// A jump in a gallery writes a hundred numbers: `toLocaleString` would look for their format each time.
const INTEGERS = new Intl.NumberFormat("en-US");

/** `1,234`. */
export function integer(value: number): string {
  return INTEGERS.format(Math.round(value));
}

/** A value with three significant digits, a dash where there is none. */
export function valueText(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return "–";
  if (value !== 0 && (Math.abs(value) >= 1e6 || Math.abs(value) < 1e-3))
    return value.toExponential(2).replaceAll("-", "−");
  return (Math.abs(value) >= 1000 ? integer(value) : String(Number(value.toPrecision(3)))).replace("-", "−");
}

/** A difference with its sign and as many digits as the values that it lies between. */
export function signedText(delta: number): string {
  if (delta === 0) return "±0";
  return `${delta > 0 ? "+" : "−"}${valueText(Math.abs(delta))}`;
}

/**
 * Whether a metric's values for two captions can be set against each other: the support of a new caption counts the raw
 * caption as evidence, which the raw caption's own cannot.
 */
export function comparable(metric: string, from: string, to: string): boolean {
  return metric !== "support" || (from === "raw") === (to === "raw");
}

/** A metric's values for two captions. */
export interface ScorePair {
  metric: string;
  /** `0.25 → 0.5`, or `0.25 | 0.5` where the two cannot be compared. */
  text: string;
  /** `+0.25`; `null` where a value is missing or the two cannot be compared. */
  delta: string | null;
}

/** Metrics that either caption has. */
export function scorePairs(from: CaptionText, to: CaptionText): ScorePair[] {
  const metrics = [...new Set([...Object.keys(from.scores), ...Object.keys(to.scores)])];
  return metrics.map((metric) => {
    const [old, now] = [from.scores[metric] ?? null, to.scores[metric] ?? null];
    const alike = comparable(metric, from.name, to.name);
    const text = `${valueText(old)} ${alike ? "→" : "|"} ${valueText(now)}`;
    return { metric, text, delta: alike && old !== null && now !== null ? signedText(now - old) : null };
  });
}

/** Words put in and taken out. Blanks alone are no word. */
function changeCounts(changes: readonly Change[]): { added: number; removed: number } {
  const words = (kind: Change["kind"]) =>
    changes
      .filter((change) => change.kind === kind)
      .reduce((sum, change) => sum + (change.text.match(/\S+/g)?.length ?? 0), 0);
  return { added: words("added"), removed: words("removed") };
}

/** `12 words added, 3 removed`, or that nothing changed. */
export function changesText(item: Pick<CaptionDiff, "changes">): string {
  if (!differs(item)) return "the same";
  const { added, removed } = changeCounts(item.changes);
  return `${integer(added)} ${added === 1 ? "word" : "words"} added, ${integer(removed)} removed`;
}

/** Whether the two captions of an item differ at all. */
export function differs(item: Pick<CaptionDiff, "changes">): boolean {
  return item.changes.some((change) => change.kind !== "kept");
}

/** The thumbnail where it is what it should be, see {@link inlineImage}. */
export const safeThumb = ({ thumb }: Pick<Picture, "thumb">): string | null => inlineImage(thumb);

/** A data URL that is a raster image and nothing else; otherwise `null`. */
export function inlineImage(url: string | null): string | null {
  return url && /^data:image\/(?:webp|png|jpeg);base64,[A-Za-z0-9+/]+=*$/.test(url) ? url : null;
}

/** Why a card shows no picture. */
export function missingText({ missing }: Pick<Picture, "missing">): string {
  return missing || "There is no thumbnail of this figure.";
}

/** A flag as words: `near duplicate`. */
export function flagText({ name }: Pick<FigureCard["flags"][number], "name">): string {
  return name.replaceAll("-", " ");
}

/** A file's path relative to the notebook as a relative URL: no part of it can be a scheme, host or query. */
export function relativeUrl(path: string): string {
  return whole(path).split("/").map(encodeURIComponent).join("/");
}

export const EMPTY_GALLERY =
  'No figure matches. Widen the query, or ingest papers first: await lab.ingest("papers/*.tar.gz").';
export const EMPTY_DIFF = "No figure has both captions. Make the new ones first: await lab.recaption().";
export const EMPTY_HISTOGRAM =
  'There is no value to draw. Widen the query, or score more captions: await lab.score(["support"]).';
/** How to read a distribution, by its form. */
export const HOW_TO_READ: Record<DistributionForm, string> = {
  histogram: "upright lines mark the means",
  density: "Gaussian kernel, Silverman’s bandwidth; upright lines mark the means",
  cdf: "share of values up to each place; upright lines mark the medians",
  box: "box: quartiles and median; whiskers: up to 1.5 box widths; diamond: mean with its 95 % interval; circles: extremes",
};
