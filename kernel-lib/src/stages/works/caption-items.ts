import type { CaptionInput, Captioner } from "../../captions/captioner.js";
import { within } from "../../disk/files.js";
import { figureText, NO_FIGURE_TEXT, type WithFigureText } from "../../dataset/figure-text.js";
import { recaptionKey } from "../../dataset/keys.js";
import type { FigureRow, Reader, Selection } from "../../dataset/query.js";
import type { ShardRange } from "../work.js";
import { idsIn, papersIn, picked } from "./picked.js";

/** A figure to be captioned. */
export interface CaptionItem extends CaptionInput {
  file: string;
  key: string;
  /** Key of the caption that is there; that of an unchanged figure is `key`. */
  known: string | null;
}

/** What tells one captioner's results from another's. */
export type CaptionerIdentity = Pick<Captioner, "id" | "version" | "variant" | "fingerprint" | "readsText">;

/** Under which a figure's failure is remembered: it may fail in one variant and not in another. */
export const quarantineName = ({ figure }: CaptionInput, { variant }: CaptionerIdentity): string =>
  `${figure.figure_id} ${variant}`;

/** Figures, not tables, with what a captioner may look at and what the dataset has of this captioner. */
export async function* captionItems(
  reader: Reader,
  folder: string,
  captioner: CaptionerIdentity,
  selection: Selection,
  range?: ShardRange,
): AsyncGenerator<CaptionItem> {
  const chosen = await picked(reader, selection, papersIn(range));
  const texts = captioner.readsText ? figureText(chosen.span) : NO_FIGURE_TEXT;
  const rows = reader.figures<FigureRow & WithFigureText & { known: string | null }>({
    ...chosen,
    also: `${texts}, (SELECT result_key FROM recaptions AS r
              WHERE r.figure_id = figures.figure_id AND variant = $1 AND ${idsIn(chosen, "r.figure_id")}) AS known`,
    parameters: [captioner.variant],
  });
  for await (const { figure_text, ...figure } of rows) {
    const paper = {
      paper_id: figure.paper_id,
      title: figure.title,
      abstract: figure.abstract,
      discipline: figure.discipline,
    };
    const key = recaptionKey(figure, paper, captioner, figure_text);
    const image = figure.image_path && within(folder, figure.image_path);
    yield { figure, paper, image, figure_text, file: figure.source, key, known: figure.known };
  }
}
