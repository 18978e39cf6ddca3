import type { Score } from "../../../kernel-lib/src/model.js";
import type { Shard, StageWork } from "figloom/stages";

/** Letters of a result: those of a rewritten caption. */
const LENGTH = 750;

/** Work that does nothing, on as many figures as one likes: what is left is what handing it out and keeping it takes. */
export function idleWork(figures: number, concurrency: number): StageWork<number, Score, "score"> {
  const detail = "0".repeat(LENGTH);
  const idOf = (number: number) => `paper-${number}#fig1`;
  return {
    name: "score",
    stage: {
      ...{ name: "score", version: 1, itemKind: "figure", key: idOf },
      run: (number) =>
        Promise.resolve({
          ...{ figure_id: idOf(number), metric: "idle", caption: "raw", value: 0 },
          ...{ scorer: "idle", scorer_version: 1, truncated: null, detail },
        }),
    },
    shelf: "idle",
    concurrency,
    basis: { stage: "score", by: "idle", unit: "process", units: 1 },
    count: () => Promise.resolve(figures),
    async *shards(_reader, size): AsyncGenerator<Shard> {
      for (let start = 0, index = 0; start < figures; start += size, index++) {
        const end = Math.min(figures, start + size);
        yield { id: String(index).padStart(8, "0"), items: end - start, range: { start, end } };
      }
    },
    async *items(_reader, range) {
      const { start, end } = range && "start" in range ? range : { start: 0, end: figures };
      for (let number = start; number < end; number++) yield number;
    },
    file: () => "",
    subject: idOf,
    isDone: () => null,
    outcome: (number, score) => ({
      entry: { key: idOf(number), scores: [score], embeddings: [] },
      settled: [],
      reused: false,
    }),
    failure: () => [],
    close: () => Promise.resolve(),
  };
}
