import { inRange } from "./sql.js";
import type { FigureSpan } from "./views.js";

/**
 * The column `figure_text` beside those of the view `figures`: what was read off each picture as it is now, the latest. It is
 * no column of the view, so that only those pay for it who read it.
 * @param span where the figures are among these only: little else is read
 */
export const figureText = (span?: FigureSpan): string =>
  `(SELECT text FROM picture_texts AS t WHERE t.figure_id = figures.figure_id AND t.sha256 = figures.sha256
      AND ${span ? inRange("t.figure_id", span.figures) : "true"}) AS figure_text`;

/** The same column for those who make no use of it. */
export const NO_FIGURE_TEXT = "NULL::VARCHAR AS figure_text";

/** What the column holds. */
export interface WithFigureText {
  figure_text: string | null;
}
