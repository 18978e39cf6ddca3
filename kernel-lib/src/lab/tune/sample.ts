import { figureText, type WithFigureText } from "../../dataset/figure-text.js";
import type { FigureRow, Reader } from "../../dataset/query.js";
import { ConfigurationError } from "../../errors.js";
import { whole } from "../../text/whole.js";
import { CARDS_LIMIT } from "../../service/figure-cards.js";
import { FIGURES_ONLY } from "../../dataset/figures-only.js";

/** Which figures a trial is made with. */
export interface SampleOptions {
  /** How many figures, up to 500, or their ids. @default 12 */
  sample?: number | readonly string[];
  /** Other figures for another seed; a larger sample has all figures of a smaller one. @default 1 */
  seed?: number;
  /** An SQL condition over the figures' columns, e.g. `discipline = 'Astronomy'`. */
  where?: string;
}

/** A figure with the text on it. */
export type SampleFigure = FigureRow & WithFigureText;

const PICTURED = `${FIGURES_ONLY} AND image_path IS NOT NULL`;

/**
 * Figures with a picture, drawn by the seed or named. A figure's place among those drawn depends on the seed and on its
 * id only.
 * @throws {ConfigurationError} where there are none, or a named one is missing
 */
export function sampleFigures(
  reader: Reader,
  { sample = 12, seed = 1, where }: SampleOptions,
): Promise<SampleFigure[]> {
  return typeof sample === "number"
    ? drawn(reader, sample, seed, where)
    : named(reader, [...new Set(sample)], where);
}

async function drawn(
  reader: Reader,
  sample: number,
  seed: number,
  where: string | undefined,
): Promise<SampleFigure[]> {
  checkSize(sample);
  if (!Number.isSafeInteger(seed)) throw new ConfigurationError(`A seed is a whole number, not ${seed}.`);
  const figures = await all(
    reader.figures<SampleFigure>({
      where,
      limit: sample,
      only: PICTURED,
      also: figureText(),
      order: "sha256($1::VARCHAR || figure_id)",
      parameters: [`${seed} `],
    }),
  );
  if (figures.length > 0) return figures;
  throw new ConfigurationError(
    where === undefined
      ? 'No figure of the dataset has a picture; read some papers first: await lab.ingest("papers/*").'
      : `No figure with a picture fulfils "${where}".`,
  );
}

async function named(
  reader: Reader,
  ids: readonly string[],
  where: string | undefined,
): Promise<SampleFigure[]> {
  checkSize(ids.length);
  const figures = await all(
    reader.figures<SampleFigure>({
      where,
      only: `${PICTURED} AND figure_id IN (SELECT unnest($1::JSON::VARCHAR[]))`,
      also: figureText(),
      parameters: [JSON.stringify(ids.map(whole))],
    }),
  );
  const found = new Map(figures.map((figure) => [figure.figure_id, figure]));
  return ids.map((id) => {
    const figure = found.get(id);
    if (figure) return figure;
    throw new ConfigurationError(
      `There is no figure "${id}" with a picture${where === undefined ? "" : ` that fulfils "${where}"`}; lab.figures("image_path IS NOT NULL") lists those that there are.`,
    );
  });
}

function checkSize(sample: number): void {
  if (!(Number.isInteger(sample) && sample >= 1 && sample <= CARDS_LIMIT))
    throw new ConfigurationError(`A sample has 1 to ${CARDS_LIMIT} figures, not ${sample}.`);
}

async function all(rows: AsyncIterable<SampleFigure>): Promise<SampleFigure[]> {
  const figures: SampleFigure[] = [];
  for await (const row of rows) figures.push(row);
  return figures;
}
