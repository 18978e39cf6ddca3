import type { Figure, Recaption, Score } from "../../../../kernel-lib/src/model.js";
import { buildCard, type CardExtras } from "../../../../kernel-lib/src/views/card.js";
import type { FigureCard } from "../../../../kernel-lib/src/views/protocol.js";

/** The smallest WebP there is: one pixel. */
export const THUMB = "data:image/webp;base64,UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==";
export const RAW = "Reflectance of the three sites.";
export const NEW = "Reflectance of the three sites between 300 nm and 700 nm.";

export function figure(change: Partial<Figure> = {}): Figure {
  return {
    figure_id: "penguins#fig3",
    paper_id: "penguins",
    kind: "latex",
    float: "figure",
    environment: "figure",
    label: "fig:sites",
    number: "3",
    caption: RAW,
    caption_source: RAW,
    graphics: ["figs/sites.pdf"],
    panels: [],
    contexts: [
      { text: "We went there. Figure 3 shows it.", section: "Results", paragraph: 4, sentences: [[15, 33]] },
    ],
    provenance: { file: "main.tex", start: 10, end: 90, line: 12, page: null, bbox: null },
    confidence: null,
    image_origin: null,
    image_path: "images/3.png",
    width: 800,
    height: 600,
    sha256: null,
    phash: null,
    image_missing: null,
    ...change,
  };
}

export function recaption(text: string, variant = "extractive"): Recaption {
  return {
    figure_id: "penguins#fig3",
    variant,
    text,
    captioner: variant,
    captioner_version: 1,
    prompt_id: null,
    prompt_hash: null,
    model: null,
    sampling: null,
    finish_reason: null,
    prompt_tokens: null,
    completion_tokens: null,
    seconds: null,
    attempts: null,
    detail: null,
  };
}

export function supportScore(caption: string, value: number, claims: unknown): Score {
  return {
    figure_id: "penguins#fig3",
    metric: "support",
    caption,
    value,
    scorer: "support",
    scorer_version: 1,
    truncated: null,
    detail: JSON.stringify({ claims }),
  };
}

export function card(change: Partial<Figure> = {}, extras: Partial<CardExtras> = {}): FigureCard {
  return buildCard(figure(change), {
    paper: { title: "Penguins of three islands", discipline: "Biology", source: "penguins.tar.gz" },
    recaptions: [recaption(NEW)],
    scores: [],
    thumb: THUMB,
    path: "data/images/3.png",
    ...extras,
  });
}
