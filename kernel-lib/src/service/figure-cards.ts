import { isAbsolute, relative, sep } from "node:path";
import { within } from "../disk/files.js";
import { thumbOf } from "../dataset/images.js";
import type { FigureRow, Reader } from "../dataset/query.js";
import { oneOf } from "../dataset/sql.js";
import type { Measurement, PictureText, Recaption, Score } from "../model.js";
import { buildCard } from "../views/card.js";
import type { FigureCard } from "../views/protocol.js";

/** A view carries its cards in one message: more of them fit no screen. */
export const CARDS_LIMIT = 500;

/** What the views show of these figures: captions, scores, thumbnails. */
export async function cardsOf(reader: Reader, folder: string, figures: FigureRow[]): Promise<FigureCard[]> {
  if (figures.length === 0) return [];
  const these = oneOf(
    "figure_id",
    figures.map(({ figure_id }) => figure_id),
  );
  const [recaptions, scores, texts, measured] = await Promise.all([
    reader.all<Recaption>(`SELECT * FROM recaptions WHERE ${these} ORDER BY variant`).then(byFigure),
    reader.all<Score>(`SELECT * FROM scores WHERE ${these} ORDER BY metric, caption`).then(byFigure),
    reader
      .all<Read>(`SELECT figure_id, sha256, reader, text FROM picture_texts WHERE ${these}`)
      .then(byFigure),
    reader
      .all<Measured>(`SELECT figure_id, ${MEASURED.join(", ")} FROM measurements WHERE ${these}`)
      .then(byFigure),
  ]);
  return Promise.all(
    figures.map(async (figure) =>
      buildCard(figure, {
        paper: figure,
        recaptions: recaptions.get(figure.figure_id) ?? [],
        scores: scores.get(figure.figure_id) ?? [],
        thumb: await thumbOf(folder, figure.image_path),
        path: fromNotebook(folder, figure),
        marks: figure.marks,
        said: figure,
        figure_text: texts.get(figure.figure_id)?.find(({ sha256 }) => sha256 === figure.sha256) ?? null,
        measurements: valuesOf(measured.get(figure.figure_id)?.[0]),
      }),
    ),
  );
}

type Read = Pick<PictureText, "figure_id" | "sha256" | "reader" | "text">;

/** Measurements that are numbers to look at. */
const MEASURED = ["image_bytes", "entropy", "colours", "content", "words", "prose", "commands"] as const;
type Measured = Pick<Measurement, "figure_id" | (typeof MEASURED)[number]>;

function valuesOf(measured: Measured | undefined): Record<string, number> {
  const values = MEASURED.map((name) => [name, measured?.[name] ?? null] as const);
  return Object.fromEntries(
    values.filter((value): value is [(typeof MEASURED)[number], number] => value[1] !== null),
  );
}

function byFigure<T extends { figure_id: string }>(rows: T[]): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const group = groups.get(row.figure_id);
    if (group) group.push(row);
    else groups.set(row.figure_id, [row]);
  }
  return groups;
}

/** A kernel works in its notebook's folder: files in it and below are named from there, and go with the folder. */
function fromNotebook(folder: string, { image_path }: FigureRow): string | null {
  const image = image_path && within(folder, image_path);
  if (!image) return null;
  const path = relative(process.cwd(), image);
  return path.startsWith("..") || isAbsolute(path) ? image : path.split(sep).join("/");
}
