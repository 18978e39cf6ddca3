import { reading } from "../dataset/query.js";
import type { Dataset } from "../dataset/store.js";
import { checkCaption } from "../dataset/variants.js";
import { scorerOf } from "../scores/named.js";
import type { Scorer } from "../scores/scorer.js";
import { runStage } from "../stages/run-stage.js";
import type { Progress } from "../stages/stage.js";
import { scoreWork } from "../stages/works/score-work.js";
import { inCell } from "./in-cell.js";
import { count, duration, saying } from "./summary.js";
import { doWork, type Work, type WorkOptions } from "./work.js";

export interface ScoreOptions extends WorkOptions {
  /** Score only this caption: `raw` or a variant. @default the raw caption and every variant */
  variant?: string;
  /** An SQL condition over the figures' columns. */
  where?: string;
  /** At most so many figures. */
  limit?: number;
}

export interface ScoreResult {
  metrics: string[];
  /** Captions measured now, added up over the metrics. */
  made: number;
  /** Measurements that were there before. */
  reused: number;
  /** Captions that could not be measured; `lab.quarantine()` says why. */
  quarantined: number;
  seconds: number;
}

/** Measures captions, see `Lab.score`. */
export async function score(
  dataset: Dataset,
  metrics: readonly (string | Scorer)[],
  options: ScoreOptions = {},
): Promise<ScoreResult> {
  const scorers = metrics.map(scorerOf);
  const { variant } = options;
  if (variant !== undefined) await reading(dataset.folder, (reader) => checkCaption(reader, variant));
  const result: ScoreResult = {
    metrics: scorers.map(({ metric }) => metric),
    made: 0,
    reused: 0,
    quarantined: 0,
    seconds: 0,
  };
  const scoreAll = async (work: Work) => {
    for (const scorer of scorers) {
      const { done, reused, failed, seconds } = await scoreWith(dataset, scorer, options, work);
      result.made += done;
      result.reused += reused;
      result.quarantined += failed;
      result.seconds += seconds;
    }
    return saying(result, scoreText(result));
  };
  const title = `score ${result.metrics.join(" + ")}`;
  return doWork(options, scoreAll, { verb: "score", title, dataset: dataset.folder });
}

function scoreText({ metrics, made, reused, quarantined, seconds }: ScoreResult): string {
  const before = reused > 0 ? ` (and ${reused} made before)` : "";
  return `${count(made, `${metrics.join(" + ")} score`)}${before}, ${quarantined} quarantined in ${duration(seconds)}`;
}

async function scoreWith(
  dataset: Dataset,
  scorer: Scorer,
  { variant, where, limit }: ScoreOptions,
  how: Work,
): Promise<Progress> {
  const work = scoreWork(scorer, { variant, where, limit });
  const about = { stage: "score", stage_version: work.stage.version, shelf: scorer.metric } as const;
  return dataset.write(
    about,
    async (writer) => {
      const reader = await dataset.read(how.signal);
      try {
        return await runStage(work.stage, work.items(reader), {
          ...inCell(work, writer),
          ...how,
          total: await work.count(reader),
        });
      } finally {
        reader.close();
      }
    },
    how.signal,
  );
}
