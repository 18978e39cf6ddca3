import { readFile, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Paper } from "../model.js";
import { diskProblem, namesIn, partial, safeName, within, writeWhole } from "../disk/files.js";

/**
 * Where a figure's picture belongs, relative to the dataset: `images/<source>/<yymm>/<paper>/<figure>.png`. Papers
 * without an arXiv id stand under their kind and `undated`.
 */
export function imagePath(paper: Pick<Paper, "paper_id" | "kind" | "arxiv_id">, figure_id: string): string {
  const figure = figure_id.startsWith(`${paper.paper_id}#`)
    ? figure_id.slice(paper.paper_id.length + 1)
    : figure_id;
  const month = /^(?:[a-z-]+(?:\.[A-Z]{2})?\/)?(\d{4})/.exec(paper.arxiv_id ?? "")?.[1];
  const shelf = month ? ["arxiv", month] : [paper.kind, "undated"];
  return ["images", ...shelf, safeName(paper.paper_id), `${safeName(figure)}.png`].join("/");
}

/** Where the small WebP of a picture stands. */
export const thumbPath = (image: string): string =>
  image.replace(/^images\//, "thumbs/").replace(/\.png$/, ".webp");

/** A picture's thumbnail as a data URL; `null` where there is none. */
export async function thumbOf(folder: string, image: string | null): Promise<string | null> {
  const thumb = image && within(folder, thumbPath(image));
  const bytes = thumb && (await readFile(thumb).catch(() => null));
  return bytes ? `data:image/webp;base64,${bytes.toString("base64")}` : null;
}

/**
 * Puts a picture into the dataset folder; it is there whole or not at all, also where two machines work on the same paper
 * without knowing of each other.
 */
export async function writeImage(dataset: string, path: string, bytes: Uint8Array): Promise<void> {
  await writeWhole(join(dataset, path), bytes).catch((error: unknown) => {
    throw diskProblem(dataset, error);
  });
}

/** Old enough for its writer to be dead, whichever machine's clock is asked. */
const ABANDONED_MS = 24 * 3600 * 1000;

/** Removes what writers of a paper's pictures left unfinished when they were killed, a day ago or longer. */
export async function clearAbandoned(
  dataset: string,
  paper: Pick<Paper, "paper_id" | "kind" | "arxiv_id">,
): Promise<void> {
  const image = imagePath(paper, `${paper.paper_id}#`);
  for (const folder of [image, thumbPath(image)].map((path) => join(dataset, dirname(path))))
    for (const name of (await namesIn(folder)).filter((name) => name.endsWith(partial("")))) {
      const path = join(folder, name);
      const found = await stat(path).catch(() => null);
      if (found && Date.now() - found.mtimeMs > ABANDONED_MS) await rm(path, { force: true });
    }
}
