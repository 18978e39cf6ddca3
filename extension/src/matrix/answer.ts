import {
  diffSegments,
  captionSegments,
  lengthsOf,
  rewrittenText,
  scoresOf,
  signedText,
  type CaptionFigure,
  type MatrixAnswer,
  type MatrixCaption,
} from "figloom/views";
import { el } from "../common/dom.js";
import { __ } from "../common/words.js";
import { drawSegment } from "../figure/caption.js";

/** One answer: its caption with what differs, its length and its scores; or what has become of the question. */
export function drawAnswer(answer: MatrixAnswer, ordinal: number | null): HTMLElement {
  const number = ordinal === null ? null : el("span", { class: "figloom-ordinal" }, String(ordinal));
  switch (answer.state) {
    case "answered": {
      const rewritten = rewrittenText(answer);
      return el(
        "div",
        { class: "figloom-answer" },
        el(
          "div",
          { class: "figloom-answer-meta" },
          number,
          ...[...lengthsOf(answer).slice(0, 1), ...scoresOf(answer)].map(drawFigure),
          rewritten === null ? null : el("span", { class: "figloom-soft" }, rewritten),
        ),
        drawWords(answer),
      );
    }
    case "failed":
      return el(
        "div",
        { class: "figloom-answer figloom-answer-failed" },
        el("div", { class: "figloom-answer-meta" }, number, el("b", {}, __("failed"))),
        el("p", { class: "figloom-soft", dir: "auto" }, `${answer.message} ${answer.wayOut}`),
      );
    case "asking":
      return el(
        "div",
        { class: "figloom-answer figloom-answer-asking" },
        el(
          "div",
          { class: "figloom-answer-meta" },
          number,
          el("span", { class: "figloom-soft" }, answer.text === "" ? __("asked …") : __("writing …")),
        ),
        el("p", { class: "figloom-text", dir: "auto" }, answer.text),
      );
    default:
      return el(
        "div",
        { class: "figloom-answer" },
        el(
          "div",
          { class: "figloom-answer-meta" },
          number,
          el(
            "span",
            { class: "figloom-soft" },
            answer.state === "waiting" ? __("waiting …") : __("not asked"),
          ),
        ),
      );
  }
}

/** A caption's words, marked where they differ from what it is compared with and where they are unsupported. */
export function drawWords({ caption, changes }: Pick<MatrixCaption, "caption" | "changes">): HTMLElement {
  if (caption.text === "") return el("p", { class: "figloom-text figloom-soft" }, __("No caption."));
  if (changes === null)
    return el("p", { class: "figloom-text", dir: "auto" }, ...captionSegments(caption).map(drawSegment));
  // What stands in the marks of the other caption is for its own cell to show.
  const from = { ...caption, unsupported: [] };
  const pieces = diffSegments({ from, to: caption, changes }, "both").map((segment) => {
    const piece = drawSegment(segment);
    if (segment.kind === "kept") return piece;
    const attributes = { class: `figloom-${segment.kind}`, "data-change": segment.change };
    return el(segment.kind === "added" ? "ins" : "del", attributes, piece);
  });
  return el("p", { class: "figloom-text", dir: "auto" }, ...pieces);
}

function drawFigure({ text, delta }: CaptionFigure): HTMLElement {
  if (delta === null) return el("span", {}, text);
  const direction = delta > 0 ? "figloom-up" : delta < 0 ? "figloom-down" : "";
  return el("span", {}, `${text} `, el("b", { class: direction }, signedText(delta)));
}
