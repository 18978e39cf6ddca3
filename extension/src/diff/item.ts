import type { DiffSegment, DiffSide, DiffView } from "figloom/views";
import { changesText, diffSegments, figureName, paperName, scorePairs } from "figloom/views";
import { el } from "../common/dom.js";
import { drawDoubts, drawSegment } from "../figure/caption.js";
import { drawThumb } from "../figure/picture.js";

type Item = DiffView["items"][number];
export type Layout = "unified" | "split";

/** One figure with its two captions compared: the picture beside the words. */
export function drawItem(item: Item, layout: Layout, onOpen: () => void): HTMLElement {
  const { card, from, to } = item;
  const picture = el(
    "button",
    {
      type: "button",
      class: "figloom-diff-picture",
      "aria-label": `Open ${figureName(card)}, ${paperName(card)}`,
    },
    drawThumb(card),
  );
  picture.addEventListener("click", onOpen);
  const texts =
    layout === "unified"
      ? [drawText(item, "both")]
      : [drawColumn(from.name, drawText(item, "from")), drawColumn(to.name, drawText(item, "to"))];
  const doubts = drawDoubts(to);
  return el(
    "article",
    { class: "figloom-diff-item", "aria-label": `${figureName(card)}, ${paperName(card)}` },
    picture,
    el(
      "div",
      { class: "figloom-diff-words" },
      el(
        "div",
        { class: "figloom-diff-head" },
        el("b", {}, figureName(card)),
        el("span", { class: "figloom-diff-paper", dir: "auto" }, paperName(card)),
      ),
      el("div", { class: `figloom-diff-${layout}` }, ...texts),
      el(
        "div",
        { class: "figloom-diff-foot" },
        el("span", { class: "figloom-soft" }, changesText(item)),
        ...drawDeltas(item),
        doubts,
      ),
    ),
  );
}

function drawColumn(name: string, text: HTMLElement): HTMLElement {
  return el("div", {}, el("div", { class: "figloom-soft" }, name), text);
}

function drawText(item: Item, side: DiffSide): HTMLElement {
  const pieces = drawPieces(diffSegments(item, side));
  if (pieces.length === 0) return el("p", { class: "figloom-text figloom-soft" }, "No caption.");
  return el("p", { class: "figloom-text", dir: "auto" }, ...pieces);
}

/** Pieces of one change share one element, whatever is marked inside. */
function drawPieces(segments: DiffSegment[]): Node[] {
  const nodes: Node[] = [];
  segments.forEach((segment, i) => {
    const { kind, change } = segment;
    const piece = drawSegment(segment);
    if (kind === "kept") nodes.push(piece);
    else if (segments[i - 1]?.kind === kind) nodes.at(-1)!.appendChild(piece);
    else
      nodes.push(
        el(kind === "added" ? "ins" : "del", { class: `figloom-${kind}`, "data-change": change }, piece),
      );
  });
  return nodes;
}

const UNLIKE =
  "Not to be subtracted: a new caption has the raw one as evidence, which the raw one itself has not.";

function drawDeltas({ from, to }: Item): HTMLElement[] {
  return scorePairs(from, to).map(({ metric, text, delta }) =>
    el(
      "span",
      { class: "figloom-chip", ...(delta === null && { title: UNLIKE }) },
      `${metric} ${text}`,
      ...(delta === null ? [] : [" (", el("b", {}, delta), ")"]),
    ),
  );
}
