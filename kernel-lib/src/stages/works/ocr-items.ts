import { PICTURED } from "../../dataset/figures-only.js";
import { pictureTextKey } from "../../dataset/keys.js";
import type { FigureRow, Reader, Selection } from "../../dataset/query.js";
import { PDF_TEXT, readerName, type TextReader } from "../../ocr/reader.js";
import type { OcrInput } from "../ocr.js";
import type { ShardRange } from "../work.js";
import { idsIn, papersIn, picked } from "./picked.js";

/** A picture to be read. */
export interface OcrItem extends OcrInput {
  /** The paper's file. */
  file: string;
  /** Identity of what this reader makes of this picture. */
  key: string;
  /** Whether the picture has a text that needs no reading: its PDF's own, or this reader's. */
  isRead: boolean;
}

/** Figures and tables with a picture, and whether its text is known. */
export async function* ocrItems(
  reader: Reader,
  by: Pick<TextReader, "id" | "version">,
  selection: Selection,
  range?: ShardRange,
): AsyncGenerator<OcrItem> {
  const name = readerName(by);
  const chosen = await picked(reader, selection, papersIn(range), PICTURED);
  const rows = reader.figures<FigureRow & { known: string | null }>({
    ...chosen,
    also: `(SELECT reader FROM picture_texts AS t WHERE t.figure_id = figures.figure_id
              AND t.sha256 = figures.sha256 AND ${idsIn(chosen, "t.figure_id")}) AS known`,
  });
  for await (const { known, ...figure } of rows) {
    const { figure_id, image_path, sha256, source: file } = figure;
    const key = pictureTextKey(figure_id, sha256!, name);
    const isRead = known === PDF_TEXT || known === name;
    yield { figure, image_path: image_path!, sha256: sha256!, file, key, isRead };
  }
}
