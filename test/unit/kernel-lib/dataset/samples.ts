import type { PaperEntry, StoredFigure, StoredPaper } from "../../../../kernel-lib/src/dataset/schema.js";
import type { Recaption, Score } from "../../../../kernel-lib/src/model.js";

export async function collected<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

export function samplePaper(paper_id: string, over: Partial<StoredPaper> = {}): StoredPaper {
  return {
    paper_id,
    kind: "latex",
    source: `${paper_id}.tar.gz`,
    source_sha256: "00",
    title: `On ${paper_id}`,
    abstract: null,
    discipline: "Astronomy",
    categories: ["astro-ph.IM"],
    licence: null,
    arxiv_id: null,
    doi: null,
    paragraphs: [{ text: "As figure 1 shows.", section: "Results" }],
    warnings: [],
    ...over,
  };
}

export function sampleFigure(
  paper_id: string,
  ordinal: number,
  over: Partial<StoredFigure> = {},
): StoredFigure {
  return {
    figure_id: `${paper_id}#fig${ordinal + 1}`,
    paper_id,
    ordinal,
    layout_reader: null,
    kind: "latex",
    float: "figure",
    environment: "figure",
    label: `fig:${ordinal + 1}`,
    number: String(ordinal + 1),
    caption: `Caption ${ordinal + 1}.`,
    caption_source: `Caption~${ordinal + 1}.`,
    graphics: ["a.png", "b.png"],
    panels: [
      {
        panel_id: `${paper_id}#fig${ordinal + 1}a`,
        label: null,
        number: "a",
        caption: "Left.",
        caption_source: "Left.",
        graphics: ["a.png"],
        row: 0,
      },
    ],
    contexts: [{ text: "As figure 1 shows.", section: "Results", paragraph: 0, sentences: [[0, 18]] }],
    provenance: { file: "main.tex", start: 10, end: 90, line: 2, page: null, bbox: null },
    confidence: null,
    image_origin: null,
    image_path: null,
    width: null,
    height: null,
    sha256: null,
    phash: null,
    image_missing: "no file",
    ...over,
  };
}

export function sampleEntry(paper_id: string, figures = 2, over: Partial<StoredPaper> = {}): PaperEntry {
  return {
    key: `key of ${paper_id}`,
    paper: samplePaper(paper_id, over),
    figures: Array.from({ length: figures }, (_, ordinal) => sampleFigure(paper_id, ordinal)),
  };
}

export function sampleRecaption(figure_id: string, over: Partial<Recaption> = {}): Recaption {
  return {
    figure_id,
    variant: "extractive",
    text: `A new caption of ${figure_id}.`,
    captioner: "extractive",
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
    ...over,
  };
}

export function sampleScore(figure_id: string, over: Partial<Score> = {}): Score {
  return {
    figure_id,
    metric: "support",
    caption: "raw",
    value: 0.5,
    scorer: "support",
    scorer_version: 1,
    truncated: null,
    detail: null,
    ...over,
  };
}
