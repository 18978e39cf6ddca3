import type { Measured, Scorer } from "../../scores/scorer.js";
import { ONE_PROCESS } from "../../rate-units.js";
import { scoreStage } from "../score.js";
import { paperShards } from "../shards.js";
import type { StageWork } from "../work.js";
import { withPictureVectors } from "./picture-vectors.js";
import {
  countScoreItems,
  scoreItems,
  scoreLoads,
  type ScoreItem,
  type ScoreSelection,
} from "./score-items.js";

/** Captions measured at the same time where the scorer does not say. */
const CONCURRENCY = 8;

/**
 * Measuring captions.
 * @param folder the dataset's
 */
export function scoreWork(
  folder: string,
  scorer: Scorer,
  selection: ScoreSelection,
): StageWork<ScoreItem, Measured, "score"> {
  const stage = scoreStage<ScoreItem>(scorer);
  return {
    name: "score",
    stage: {
      ...stage,
      async run(item, context) {
        // Only here, so that work that has nothing left to do loads no model.
        await scorer.ready?.({ signal: context.signal, folder });
        return stage.run(item, context);
      },
    },
    shelf: scorer.metric,
    readsText: scorer.readsText,
    concurrency: scorer.concurrency ?? CONCURRENCY,
    get basis() {
      return { stage: "score", by: scorer.metric, ...(scorer.runsOn ?? ONE_PROCESS) };
    },
    count: (reader) => countScoreItems(reader, selection),
    shards: (reader, size) => paperShards(scoreLoads(reader, selection), size, selection.limit),
    async *items(reader, range) {
      // What is known is known by the scorer's id.
      await scorer.identify?.({});
      const items = scoreItems(reader, folder, scorer, selection, range);
      yield* scorer.readsVectors ? withPictureVectors(reader, scorer.id, items) : items;
    },
    file: ({ file }) => file,
    subject: stage.key,
    isDone: (item) => (item.key === item.known ? "done" : null),
    outcome: (item, made) => ({
      entry: { key: item.key, scores: [...made.scores], embeddings: [...(made.embeddings ?? [])] },
      settled: [{ of: stage.key(item), lines: [], key: null }],
      reused: false,
    }),
    failure: (item, line) => [{ of: stage.key(item), lines: [line], key: null }],
    close: async () => scorer.close?.(),
  };
}
