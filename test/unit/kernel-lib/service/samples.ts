import { Dataset } from "../../../../kernel-lib/src/dataset/store.js";
import type { Score } from "../../../../kernel-lib/src/model.js";
import { DatasetService } from "../../../../kernel-lib/src/service/dataset-service.js";
import type {
  DatasetEvents,
  DatasetMethods,
  Rows,
} from "../../../../kernel-lib/src/views/dataset-service.js";
import { EVERYTHING, type Query } from "../../../../kernel-lib/src/views/query.js";
import { inProcessLink, type InProcessLink } from "../../../support/in-process-link.js";

/** A page that looks at a dataset. */
export function lookAt(folder: string): InProcessLink<DatasetMethods, DatasetEvents> {
  return inProcessLink<DatasetMethods, DatasetEvents>((emit) => DatasetService.of(folder).desk(emit));
}

/** The rows of a query as one view asks for them. */
export const asked = (query: Partial<Query> = {}, source = "test"): Rows => ({
  query: { ...EVERYTHING, ...query },
  source,
});

/** Writes scores of one metric. */
export async function writeScores(
  folder: string,
  metric: string,
  values: Record<string, number | null>,
  caption = "raw",
): Promise<void> {
  const dataset = await Dataset.open(folder);
  await dataset.write({ stage: "score", stage_version: 1, shelf: metric }, async ({ append }) => {
    for (const [figure_id, value] of Object.entries(values)) {
      const score: Score = {
        figure_id,
        metric,
        caption,
        value,
        scorer: "test",
        scorer_version: 1,
        truncated: null,
        detail: null,
      };
      await append({ key: `${metric} ${caption} ${figure_id} ${value}`, scores: [score], embeddings: [] });
    }
  });
}
