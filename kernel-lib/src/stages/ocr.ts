import { createHash } from "node:crypto";
import { within } from "../dataset/files.js";
import { pictureTextKey } from "../dataset/keys.js";
import type { FigureRow, Reader, Selection } from "../dataset/query.js";
import { ItemError } from "../errors.js";
import type { Figure, PictureText } from "../model.js";
import { PDF_TEXT, readerName, type TextReader } from "../ocr/reader.js";
import { textOf } from "../ocr/reading-order.js";
import { readLimited } from "../quality/picture.js";
import type { Stage } from "./stage.js";

/** A figure or table with a picture. */
export interface OcrItem {
  figure: Figure;
  figure_id: string;
  image_path: string;
  sha256: string;
  /** The paper's file. */
  source: string;
  /** Identity of what this reader makes of this picture. */
  key: string;
  /** Whether the picture has a text that needs no reading: its PDF's own, or this reader's. */
  isRead: boolean;
}

/** Raised when the stage itself, not a reader, would give other results. */
export const OCR_VERSION = 1;

/** Reads the text on pictures. */
export function ocrStage(folder: string, reader: TextReader): Stage<OcrItem, PictureText> {
  return {
    name: "ocr",
    version: OCR_VERSION,
    key: ({ figure_id }) => figure_id,
    async run({ figure, figure_id, image_path, sha256 }, { signal }) {
      const { bytes, image } = await pictureFile(folder, image_path, sha256);
      const lines = await reader.read(bytes, { signal, figure, image });
      return { figure_id, sha256, reader: readerName(reader), ...textOf(lines) };
    },
  };
}

async function pictureFile(
  folder: string,
  image_path: string,
  sha256: string,
): Promise<{ bytes: Buffer; image: string }> {
  const path = within(folder, image_path);
  const problem = (why: string, cause?: unknown) =>
    new ItemError({
      reason: "picture-unreadable",
      message: `The picture ${image_path} cannot be used: ${why}.`,
      wayOut: "Ingest the paper again, or leave the figure out.",
      cause,
    });
  if (path === null) throw problem("its path leads out of the dataset");
  const bytes = await readLimited(path).catch((error: NodeJS.ErrnoException) => {
    throw problem(error.code === "ENOENT" ? "the file is gone" : "the file cannot be read", error);
  });
  if (createHash("sha256").update(bytes).digest("hex") !== sha256)
    throw problem("it is not the one that was ingested");
  return { bytes, image: path };
}

const PICTURED = "image_path IS NOT NULL AND sha256 IS NOT NULL";

/** How many {@link ocrItems} there are. */
export async function countOcrItems(reader: Reader, { where, limit = Infinity }: Selection): Promise<number> {
  return Math.min(await reader.count("figures", { where, only: PICTURED }), limit);
}

/** Figures and tables with a picture, and whether its text is known. */
export async function* ocrItems(
  reader: Reader,
  by: Pick<TextReader, "id" | "version">,
  selection: Selection,
): AsyncGenerator<OcrItem> {
  const name = readerName(by);
  const rows = reader.figures<FigureRow & { known: string | null }>({
    ...selection,
    only: PICTURED,
    also: `(SELECT reader FROM picture_texts AS t
              WHERE t.figure_id = figures.figure_id AND t.sha256 = figures.sha256) AS known`,
  });
  for await (const { known, ...figure } of rows) {
    const { figure_id, image_path, sha256, source } = figure;
    yield {
      ...{ figure, figure_id, source, image_path: image_path!, sha256: sha256! },
      key: pictureTextKey(figure_id, sha256!, name),
      isRead: known === PDF_TEXT || known === name,
    };
  }
}
