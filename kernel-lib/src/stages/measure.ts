import type { FigureRow } from "../dataset/query.js";
import type { Measurement } from "../model.js";
import { measureCaption } from "../quality/caption.js";
import { measurePicture } from "../quality/picture.js";
import type { Stage } from "./stage.js";

/** A figure of a dataset. */
export interface MeasureItem {
  figure: FigureRow;
  /** The ingest run that the figure is of. */
  figure_run: string;
  /** Folder of the dataset. */
  dataset: string;
}

/** Measures what a figure's quality can be judged by; a picture that cannot be used is a finding, not a failure. */
export function measureStage<In extends MeasureItem>(): Stage<In, Measurement> {
  return {
    name: "measure",
    version: 1,
    key: ({ figure }) => figure.figure_id,
    run: async ({ figure, figure_run, dataset }) => ({
      figure_id: figure.figure_id,
      figure_run,
      ...(await measurePicture(dataset, figure)),
      ...measureCaption(figure),
    }),
  };
}
