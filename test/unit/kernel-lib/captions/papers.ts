import type { CaptionInput } from "../../../../kernel-lib/src/captions/captioner.js";
import type { Figure } from "../../../../kernel-lib/src/model.js";
import { references } from "../../../../kernel-lib/src/text/references.js";
import { sentenceRanges } from "../../../../kernel-lib/src/text/sentences.js";

export const paper: CaptionInput["paper"] = {
  paper_id: "p",
  title: "Transiting planets of quiet stars",
  abstract: "The catalogue lists quiet stars observed for 90 days. Their planets are small.",
  discipline: "Astronomy",
};

interface Parts {
  number?: string | null;
  float?: Figure["float"];
  caption: string;
  panels?: string[];
  contexts?: string[];
}

/** Figure 3 of a paper, with the sentences that refer to it marked as a reader of papers does. */
export function figureWith({
  number = "3",
  float = "figure",
  caption,
  panels = [],
  contexts = [],
}: Parts): Figure {
  return {
    figure_id: "p#fig3",
    paper_id: "p",
    kind: "latex",
    float,
    environment: "figure",
    label: "fig:flux",
    number,
    caption,
    caption_source: caption,
    graphics: ["flux.pdf"],
    panels: panels.map((text, i) => ({
      panel_id: `p#fig3${"abcdef"[i]}`,
      label: null,
      number: "abcdef"[i]!,
      caption: text,
      caption_source: text,
      graphics: [],
      row: 0,
    })),
    contexts: contexts.map((text, paragraph) => ({
      text,
      section: null,
      paragraph,
      sentences: sentenceRanges(text).filter(([start, end]) =>
        references(text.slice(start, end)).some(
          (ref) => ref.kind === float && ref.numbers.includes(number ?? ""),
        ),
      ),
    })),
    provenance: { file: "main.tex", start: 0, end: 10, line: 1, page: null, bbox: null },
    confidence: null,
    image_origin: null,
    image_path: null,
    width: null,
    height: null,
    sha256: null,
    phash: null,
    image_missing: null,
  };
}
