import type { CaptionDiff, CaptionText, DiffSegment, DiffSide, DiffUnit, Verdict } from "figloom/views";
import {
  captionDiffs,
  captionSegments,
  changesText,
  diffSegments,
  figureName,
  paperName,
  scorePairs,
} from "figloom/views";
import { button, el } from "../common/dom.js";
import { __ } from "../common/words.js";
import { drawDoubts, drawSegment } from "../figure/caption.js";
import { drawThumb } from "../figure/picture.js";
import type { DiffFigure } from "./figures.js";

/** How captions are set against each other. */
export interface Manner {
  layout: "unified" | "split";
  unit: DiffUnit;
}

/** What can be done with a figure. */
export interface Acts {
  open(): void;
  /** `null` where nobody can. */
  marks: { judge(verdict: Verdict): void; tag(): void } | null;
  copy(): void;
}

/** One figure with its captions compared: the picture beside the words. */
export function drawItem(
  { card, row, verdict, tags }: DiffFigure,
  captions: readonly string[],
  { layout, unit }: Manner,
  acts: Acts,
): HTMLElement {
  const name = `${figureName(card)}, ${paperName(card)}`;
  const picture = el(
    "button",
    { type: "button", class: "figloom-diff-picture", "aria-label": __("Open %1", name) },
    drawThumb(card),
  );
  picture.addEventListener("click", acts.open);
  const diffs = captionDiffs(card, captions, unit);
  const texts = layout === "unified" ? drawUnified(diffs) : drawColumns(diffs);
  return el(
    "article",
    { class: "figloom-diff-item", "aria-label": name, "data-row": row, tabindex: "-1" },
    picture,
    el(
      "div",
      { class: "figloom-diff-words" },
      el(
        "div",
        { class: "figloom-diff-head" },
        el("b", { dir: "auto" }, figureName(card)),
        el("span", { class: "figloom-diff-paper", dir: "auto", title: paperName(card) }, paperName(card)),
        ...tags.map((tag) => el("span", { class: "figloom-chip figloom-tag", dir: "auto" }, tag)),
        el(
          "span",
          { class: "figloom-diff-acts" },
          ...drawMarks(verdict, acts),
          button(__("Copy reference"), acts.copy, {
            label: __("Copy code that shows this comparison in a cell"),
          }),
        ),
      ),
      el("div", { class: `figloom-diff-${layout}` }, ...texts),
    ),
  );
}

function drawMarks(verdict: Verdict | null, { marks }: Acts): HTMLElement[] {
  if (!marks) return [];
  const one = (which: Verdict, sign: string, label: string) => {
    const node = button(sign, () => marks.judge(which), {
      label,
      className: `figloom-button figloom-diff-${which}`,
    });
    node.setAttribute("aria-pressed", String(verdict === which));
    return node;
  };
  return [
    el(
      "span",
      { class: "figloom-group", role: "group", "aria-label": __("Verdict") },
      one("accepted", "✓", __("Accept (a)")),
      one("rejected", "✕", __("Reject (r)")),
    ),
    button(__("Tag"), marks.tag, { label: __("Tag (t)") }),
  ];
}

function drawUnified(diffs: CaptionDiff[]): HTMLElement[] {
  return diffs.map((diff) =>
    el(
      "div",
      { class: "figloom-diff-text" },
      diffs.length > 1 ? drawName(diff.to.name) : null,
      drawText(diffSegments(diff, "both")),
      drawFoot(diff),
    ),
  );
}

/** Beside one other caption the first is marked with what went; of several each would mark something else. */
function drawColumns(diffs: CaptionDiff[]): HTMLElement[] {
  const [first] = diffs;
  if (!first) return [];
  const side = (diff: CaptionDiff, which: DiffSide) => drawText(diffSegments(diff, which));
  return [
    el(
      "div",
      { class: "figloom-diff-text" },
      drawName(first.from.name),
      diffs.length === 1 ? side(first, "from") : drawPlain(first.from),
      drawDoubts(first.from),
    ),
    ...diffs.map((diff) =>
      el("div", { class: "figloom-diff-text" }, drawName(diff.to.name), side(diff, "to"), drawFoot(diff)),
    ),
  ];
}

const drawName = (name: string): HTMLElement => el("div", { class: "figloom-soft", dir: "auto" }, name);

function drawPlain(caption: CaptionText): HTMLElement {
  return drawText(
    captionSegments(caption).map((segment) => ({ ...segment, kind: "kept", change: null, sentence: null })),
  );
}

function drawText(segments: DiffSegment[]): HTMLElement {
  if (segments.length === 0) return el("p", { class: "figloom-text figloom-soft" }, __("No caption."));
  return el("p", { class: "figloom-text", dir: "auto" }, ...drawPieces(segments));
}

/** Pieces of one change share one element, whatever is marked inside. */
function drawPieces(segments: DiffSegment[]): Node[] {
  const nodes: Node[] = [];
  segments.forEach((segment, i) => {
    const { kind, change, sentence } = segment;
    const piece = drawSegment(segment);
    // Reached by key: a screen reader's user and one without a pointer read the reason there.
    if (piece instanceof HTMLElement) piece.tabIndex = -1;
    const last = segments[i - 1];
    if (kind === "kept") nodes.push(sentence ? el("span", { class: "figloom-rewritten" }, piece) : piece);
    else if (last?.kind === kind && last.sentence === sentence) nodes.at(-1)!.appendChild(piece);
    else nodes.push(drawChange(kind, change, sentence, piece));
  });
  return nodes;
}

function drawChange(
  kind: "added" | "removed",
  change: number | null,
  sentence: DiffSegment["sentence"],
  piece: Node,
): HTMLElement {
  const moved = sentence === "moved";
  const title = moved ? (kind === "added" ? __("Moved here") : __("Moved elsewhere")) : null;
  const classes = [`figloom-${kind}`, ...(sentence ? [`figloom-${sentence}`] : [])];
  return el(
    kind === "added" ? "ins" : "del",
    { class: classes.join(" "), "data-change": change, title },
    piece,
  );
}

function drawFoot(diff: CaptionDiff): HTMLElement {
  return el(
    "div",
    { class: "figloom-diff-foot" },
    el("span", { class: "figloom-soft" }, changesText(diff)),
    ...drawDeltas(diff),
    drawDoubts(diff.to),
  );
}

function drawDeltas({ from, to }: CaptionDiff): HTMLElement[] {
  const unlike = __(
    "Not to be subtracted: a new caption has the raw one as evidence, which the raw one itself has not.",
  );
  return scorePairs(from, to).map(({ metric, text, delta }) =>
    el(
      "span",
      { class: "figloom-chip", ...(delta === null && { title: unlike }) },
      `${metric} ${text}`,
      ...(delta === null ? [] : [" (", el("b", {}, delta), ")"]),
    ),
  );
}
