import type { Score } from "../../model.js";
import type { Scorer } from "../../scores/scorer.js";
import { scoreStage } from "../score.js";
import { paperShards } from "../shards.js";
import type { StageWork } from "../work.js";
import {
  countScoreItems,
  scoreItems,
  scoreLoads,
  type ScoreItem,
  type ScoreSelection,
} from "./score-items.js";

/** Captions measured at the same time. */
const CONCURRENCY = 8;

/** Measuring captions. */
export function scoreWork(scorer: Scorer, selection: ScoreSelection): StageWork<ScoreItem, Score, "score"> {
  const stage = scoreStage<ScoreItem>(scorer);
  return {
    name: "score",
    stage,
    shelf: scorer.metric,
    concurrency: CONCURRENCY,
    count: (reader) => countScoreItems(reader, selection),
    shards: (reader, size) => paperShards(scoreLoads(reader, selection), size, selection.limit),
    items: (reader, range) => scoreItems(reader, scorer, selection, range),
    file: ({ file }) => file,
    subject: stage.key,
    isDone: (item) => (item.key === item.known ? "done" : null),
    outcome: (item, made) => ({
      entry: { key: item.key, score: made },
      settled: [{ of: stage.key(item), lines: [], key: null }],
      reused: false,
    }),
    failure: (item, line) => [{ of: stage.key(item), lines: [line], key: null }],
    close: () => Promise.resolve(),
  };
}
