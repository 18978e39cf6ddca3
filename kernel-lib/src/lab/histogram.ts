import { DatasetService } from "../service/dataset-service.js";
import { histogramView, type HistogramOptions } from "../service/views/histogram.js";
import { showHistogram } from "./show.js";

export type { HistogramOptions };

/** Shows how values are spread, see `Lab.histogram`. */
export async function histogram(folder: string, metric: string, options?: HistogramOptions): Promise<void> {
  await showHistogram(await histogramView(DatasetService.of(folder), metric, options));
}
