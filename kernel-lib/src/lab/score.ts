import { reading } from "../dataset/query.js";
import type { Dataset } from "../dataset/store.js";
import { checkCaption } from "../dataset/variants.js";
import { checkSameScorer } from "../scores/same-scorer.js";
import { scorerOf, type AskedScorer } from "../scores/named.js";
import { scorerName } from "../scores/scorer.js";
import { scoreWork } from "../stages/works/score-work.js";
import { workAll } from "./in-cell.js";
import { count, duration, saying } from "./summary.js";
import { doWork, type Work, type WorkOptions } from "./work.js";

/** Which captions are measured. */
export interface ScoreOptions extends WorkOptions {
  /** Score only this caption: `raw` or a variant. @default the raw caption and every variant */
  variant?: string;
  /** An SQL condition over the figures' columns. */
  where?: string;
  /** At most so many figures. */
  limit?: number;
  /**
   * Measures anew where another scorer, such as another model, has measured under the same name before; otherwise that
   * is a mistake, since values of two scorers cannot be compared. @default false
   */
  replace?: boolean;
}

/** What `Lab.score` did. */
export interface ScoreResult {
  /** All that the scorers give. */
  metrics: string[];
  /** Captions measured now, added up over the scorers. */
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
  metrics: readonly AskedScorer[],
  options: ScoreOptions = {},
): Promise<ScoreResult> {
  const scorers = metrics.map(scorerOf);
  const { variant, where, limit, replace = false } = options;
  for (const scorer of scorers) await scorer.identify?.({ signal: options.signal });
  await reading(dataset.folder, async (reader) => {
    if (variant !== undefined) await checkCaption(reader, variant);
    if (!replace) for (const scorer of scorers) await checkSameScorer(reader, scorer);
  });
  const result: ScoreResult = {
    metrics: scorers.flatMap(({ metric, also = [] }) => [metric, ...also]),
    made: 0,
    reused: 0,
    quarantined: 0,
    seconds: 0,
  };
  const scoreAll = async (work: Work) => {
    // What is wrong with the last is found before the first begins.
    for (const scorer of scorers) await scorer.ready?.({ signal: work.signal, folder: dataset.folder });
    const said = new Map<string, string[]>();
    for (const scorer of scorers) {
      const { done, reused, failed, seconds } = await workAll(
        dataset,
        scoreWork(dataset.folder, scorer, { variant, where, limit }),
        {
          ...work,
          // Of several scorers it is told which.
          onProgress: (progress) => work.onProgress({ ...progress, stage: `score ${scorerName(scorer)}` }),
        },
      );
      result.made += done;
      result.reused += reused;
      result.quarantined += failed;
      result.seconds += seconds;
      const what = measuredText(done, reused);
      said.set(what, [...(said.get(what) ?? []), scorerName(scorer)]);
    }
    return saying(result, scoreText(said, result));
  };
  const title = `score ${scorers.map(scorerName).join(", ")}`;
  return doWork(options, scoreAll, { verb: "score", title, dataset: dataset.folder });
}

const measuredText = (made: number, before: number): string =>
  `${count(made, "caption")} measured${before > 0 ? ` (and ${before.toLocaleString("en")} before)` : ""}`;

/** @param said which scorers can be said the same of: `clip, form: 45 captions measured` */
function scoreText(
  said: ReadonlyMap<string, readonly string[]>,
  { quarantined, seconds }: ScoreResult,
): string {
  const parts = Array.from(said, ([what, names]) => `${names.join(", ")}: ${what}`);
  return `${parts.join("; ")}, ${quarantined} quarantined in ${duration(seconds)}`;
}
