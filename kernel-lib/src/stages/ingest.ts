import { ingestKey } from "../dataset/keys.js";
import { imagePath, thumbPath, writeImage } from "../dataset/images.js";
import type { PaperEntry, StoredFigure, StoredPaper } from "../dataset/schema.js";
import { renderFigure, type RenderedFigure } from "../figures/render.js";
import { ItemError } from "../errors.js";
import type { Discipline, Figure, ImageOrigin, Paper, QuarantineLine } from "../model.js";
import type { Archive } from "../papers/archive/archive.js";
import { openArchive } from "../papers/archive/open.js";
import { disciplineOf } from "../papers/disciplines.js";
import { readPaper } from "../papers/read-paper.js";
import type { PictureSource } from "../papers/reading.js";
import type { PaperMetadata } from "./metadata.js";
import { quarantineLine } from "./quarantine-line.js";
import type { Stage } from "./stage.js";

/** A paper to be read. Plain data: it travels to worker threads and machines. */
export interface IngestItem {
  path: string;
  paper_id: string;
  /** Folder of the dataset that pictures are written to. */
  dataset: string;
  /** What the user says the papers are about. */
  discipline: Discipline | null;
  metadata: PaperMetadata | null;
  /** Key of the result that the dataset has of this paper. */
  known: string | null;
}

export interface Ingested {
  entry: PaperEntry;
  /** What was refused in the paper though the paper itself was read: members of the archive, pictures. */
  problems: QuarantineLine[];
}

/** Reads a paper and renders its figures into the dataset folder; `null` when the dataset has the result already. */
export const ingestStage: Stage<IngestItem, Ingested | null> = {
  name: "ingest",
  version: 2,
  key: (item) => item.paper_id,
  async run(item, { signal }) {
    const archive = await openArchive(item.path);
    const key = ingestKey(archive.sha256, ingestStage.version, [item.discipline, item.metadata]);
    if (key === item.known) return null;
    const reading = await readPaper(archive, signal);
    const paper = { ...completed(reading.paper, item), warnings: reading.warnings };
    const problems = refusedMembers(item, archive);
    const figures: StoredFigure[] = [];
    for (const [ordinal, figure] of reading.figures.entries()) {
      const sources = reading.pictures.get(figure.figure_id) ?? [];
      const { image, problem } = await picture(figure, sources, paper, archive, item.dataset, signal);
      figures.push({ ...figure, ...image, ordinal });
      if (problem) problems.push(problem);
    }
    // What hangs on this machine and not on the paper is tried again at the next start.
    const passing = problems.some(({ reason }) => PASSING.has(reason));
    return { entry: { key: passing ? `${key} again` : key, paper, figures }, problems };
  },
};

const PASSING = new Set(["ghostscript-missing", "tex-missing", "tex-package-missing", "image-too-slow"]);

/** What the paper's source says, and from outside what it does not say. */
function completed(paper: Paper, { discipline, metadata }: IngestItem): Paper {
  const categories = metadata?.categories.length ? metadata.categories : paper.categories;
  return {
    ...paper,
    title: paper.title ?? metadata?.title ?? null,
    abstract: paper.abstract ?? metadata?.abstract ?? null,
    discipline: discipline ?? disciplineOf(categories) ?? paper.discipline,
    categories,
    licence: metadata?.licence ?? paper.licence,
    doi: metadata?.doi ?? paper.doi,
  };
}

function refusedMembers({ paper_id, path }: IngestItem, archive: Archive): QuarantineLine[] {
  return archive.refused.map((member) => ({
    stage: "ingest",
    item: `${paper_id}/${member.path}`,
    file: path,
    reason: member.reason,
    message: member.message,
    way_out: "The paper was read without it; nothing needs to be done unless a figure lacks it.",
    raw: null,
  }));
}

type StoredImage = Pick<
  StoredFigure,
  "image_path" | "image_origin" | "width" | "height" | "sha256" | "phash" | "image_missing"
>;

/** Renders a figure into the dataset from the first of its sources that can be drawn, or says why there is no picture. */
async function picture(
  figure: Figure,
  sources: readonly PictureSource[],
  paper: StoredPaper,
  archive: Archive,
  dataset: string,
  signal: AbortSignal,
): Promise<{ image: Partial<StoredImage>; problem?: QuarantineLine }> {
  if (figure.float === "table" && sources.length === 0) return { image: {} };
  let problem: ItemError | undefined;
  for (const source of sources) {
    try {
      const rendered = await renderFigure({ archive, source, signal });
      return { image: await stored(rendered, source.from, imagePath(paper, figure.figure_id), dataset) };
    } catch (error) {
      if (!(error instanceof ItemError)) throw error;
      problem ??= error;
    }
  }
  problem ??= incomplete(figure.image_missing ?? "The figure names no image file.");
  // A table without a picture is whole as text; that its TeX cannot be run is said in its row and nowhere else.
  if (figure.float === "table" && problem.reason.startsWith("tex-"))
    return { image: { image_missing: problem.message } };
  return {
    image: { image_missing: problem.message },
    problem: quarantineLine("ingest", figure.figure_id, archive.source, problem),
  };
}

async function stored(
  rendered: RenderedFigure,
  origin: ImageOrigin,
  path: string,
  dataset: string,
): Promise<StoredImage> {
  const { png, thumb, width, height, sha256, phash } = rendered;
  await writeImage(dataset, path, png);
  await writeImage(dataset, thumbPath(path), thumb);
  return { image_path: path, image_origin: origin, width, height, sha256, phash, image_missing: null };
}

const incomplete = (message: string) =>
  new ItemError({
    reason: "image-missing",
    message,
    wayOut: "Take the figure's picture from the paper's PDF, or leave the figure out.",
  });
