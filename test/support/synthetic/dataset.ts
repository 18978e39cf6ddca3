/** Datasets of made-up figures, written the way an ingest writes them: a wrong picture or wrong words would show. */
import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { imagePath } from "../../../kernel-lib/src/dataset/images.js";
import type { PaperEntry, StoredFigure, StoredPaper } from "../../../kernel-lib/src/dataset/schema.js";
import { Dataset } from "../../../kernel-lib/src/dataset/store.js";
import { numberPicture, type PictureSize } from "./picture.js";
import { nameOf, randomOf, sentencesOf } from "./words.js";

export interface SyntheticOptions {
  figures: number;
  /** Of the words. @default 1 */
  seed?: number;
  /** Pixels of a figure's picture. @default 96 to 320 on each side, by the number */
  size?: (number: number) => PictureSize;
  /** See {@link numberPicture}. @default 0 */
  grain?: number;
  /** A figure's picture. @default {@link numberPicture} */
  picture?: (number: number, size: PictureSize) => Promise<Buffer>;
  /** Paragraphs that refer to a figure, of some fifty words each. @default 0 to 3, by the seed */
  contexts?: (number: number) => number | undefined;
}

/** A figure as it was made. */
export interface SyntheticFigure {
  number: number;
  figure_id: string;
  paper_id: string;
  /** Absolute. */
  image: string;
  sha256: string;
}

const FIGURES_A_PAPER = 5;
/** Papers made at the same time: pictures are encoded by threads. */
const LANES = 8;

const variedSize = (number: number): PictureSize => ({
  width: 96 + ((number * 37) % 225),
  height: 96 + ((number * 53) % 225),
});

/** Makes a dataset; two thousand figures take some seconds. @returns its figures, by number from 0 */
export async function synthesize(folder: string, options: SyntheticOptions): Promise<SyntheticFigure[]> {
  const dataset = await Dataset.openOrCreate(folder);
  const figures: SyntheticFigure[] = [];
  const papers = Math.ceil(options.figures / FIGURES_A_PAPER);
  await dataset.write({ stage: "ingest", stage_version: 1 }, async ({ append }) => {
    const queue = Array.from({ length: papers }, (_, paper) => paper).values();
    const lane = async () => {
      for (const paper of queue) {
        const entry = await paperEntry(folder, paper, options);
        await append(entry);
        for (const figure of entry.figures) {
          const number = paper * FIGURES_A_PAPER + figure.ordinal;
          const { figure_id, paper_id, image_path, sha256 } = figure;
          figures[number] = {
            number,
            figure_id,
            paper_id,
            image: join(folder, image_path!),
            sha256: sha256!,
          };
        }
      }
    };
    await Promise.all(Array.from({ length: LANES }, lane));
  });
  return figures;
}

async function paperEntry(folder: string, at: number, options: SyntheticOptions): Promise<PaperEntry> {
  const random = randomOf((options.seed ?? 1) * 1_000_003 + at);
  const paper = paperOf(at);
  const first = at * FIGURES_A_PAPER;
  const count = Math.min(FIGURES_A_PAPER, options.figures - first);
  const figures = await Promise.all(
    Array.from({ length: count }, (_, ordinal) =>
      figureOf(folder, paper, ordinal, first + ordinal, random, options),
    ),
  );
  paper.paragraphs = figures.flatMap(({ contexts }) =>
    contexts.map(({ text, section }) => ({ text, section })),
  );
  return { key: `made ${at}`, paper, figures };
}

function paperOf(at: number): StoredPaper {
  const paper_id = `paper-${String(at).padStart(6, "0")}`;
  return {
    paper_id,
    kind: "latex",
    source: `${paper_id}.tar.gz`,
    source_sha256: createHash("sha256").update(paper_id).digest("hex"),
    title: `Measurements of series ${at}`,
    abstract: "Several series of samples were measured, and what was seen is shown in the figures.",
    discipline: "Physics",
    categories: ["physics.ins-det"],
    licence: null,
    arxiv_id: null,
    doi: null,
    paragraphs: [],
    warnings: [],
  };
}

async function figureOf(
  folder: string,
  paper: StoredPaper,
  ordinal: number,
  number: number,
  random: () => number,
  { size = variedSize, grain = 0, picture, contexts }: SyntheticOptions,
): Promise<StoredFigure> {
  const figure_id = `${paper.paper_id}#fig${ordinal + 1}`;
  const image_path = imagePath(paper, figure_id);
  const caption = [
    `Samples of ${nameOf(number)}.`,
    ...sentencesOf(number, 1 + Math.floor(random() * 3), random),
  ];
  const count = contexts?.(number) ?? Math.floor(random() * 4);
  const paragraphs = Array.from({ length: count }, (_, paragraph) => {
    const text = sentencesOf(number, 1 + Math.floor(random() * 5), random).join(" ");
    return { text, section: "Results", paragraph, sentences: [[0, text.indexOf(".") + 1] as const] };
  });
  const { width, height } = size(number);
  const png = await (picture?.(number, { width, height }) ?? numberPicture(number, { width, height }, grain));
  await mkdir(dirname(join(folder, image_path)), { recursive: true });
  await writeFile(join(folder, image_path), png);
  return {
    figure_id,
    paper_id: paper.paper_id,
    ordinal,
    layout_reader: null,
    kind: "latex",
    float: "figure",
    environment: "figure",
    label: `fig:${ordinal + 1}`,
    number: String(ordinal + 1),
    caption: caption.join(" "),
    caption_source: caption.join(" "),
    graphics: [`${ordinal + 1}.png`],
    panels: [],
    contexts: paragraphs,
    provenance: { file: "main.tex", start: 0, end: 1, line: 1, page: null, bbox: null },
    confidence: null,
    image_origin: "graphics",
    image_path,
    width,
    height,
    sha256: createHash("sha256").update(png).digest("hex"),
    phash: null,
    image_missing: null,
  };
}
