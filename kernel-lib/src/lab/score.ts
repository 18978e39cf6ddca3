import { scoreKey } from "../dataset/keys.js";
import { reading, type FigureRow, type Reader } from "../dataset/query.js";
import type { Dataset } from "../dataset/store.js";
import { ConfigurationError } from "../errors.js";
import type { ScoreInput, Scorer } from "../scores/scorer.js";
import { support } from "../scores/support.js";
import { runStage } from "../stages/run-stage.js";
import { SCORE_VERSION, scoreStage } from "../stages/score.js";
import { FIGURES_ONLY } from "./figures-only.js";
import { count, duration, saying } from "./summary.js";
import { checkCaption } from "../dataset/variants.js";
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

/** The scorers that can be asked for by name. */
const SCORERS: Record<string, () => Scorer> = { support };

/** Captions measured at the same time. */
const CONCURRENCY = 8;

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

/** @throws {ConfigurationError} for a name that no scorer has */
export function scorerOf(metric: string | Scorer): Scorer {
  if (typeof metric !== "string") return metric;
  const make = Object.hasOwn(SCORERS, metric) ? SCORERS[metric] : undefined;
  if (make) return make();
  throw new ConfigurationError(
    `There is no metric "${metric}"; there is: ${Object.keys(SCORERS).join(", ")}.`,
  );
}

interface Item extends ScoreInput {
  file: string;
  key: string;
  /** Key of the score that is there. */
  known: string | null;
}

function scoreWith(dataset: Dataset, scorer: Scorer, { variant, where, limit }: ScoreOptions, work: Work) {
  const about = { stage: "score", stage_version: SCORE_VERSION, shelf: scorer.metric } as const;
  return dataset.write(about, async (writer) => {
    const reader = await dataset.read(work.signal);
    const stage = scoreStage<Item>(scorer);
    try {
      return await runStage(stage, scoreItems(reader, scorer, { variant, where, limit }), {
        concurrency: CONCURRENCY,
        ...work,
        total: await countCaptions(reader, { variant, where, limit }),
        file: (item) => item.file,
        isDone: (item) => (item.key === item.known ? "done" : null),
        async keep(item, made) {
          await writer.append({ key: item.key, score: made });
          await writer.quarantine.settle(stage.key(item), []);
          return true;
        },
        refuse: (item, line) => writer.quarantine.settle(stage.key(item), [line]),
      });
    } finally {
      reader.close();
    }
  });
}

type Wanted = Pick<ScoreOptions, "variant" | "where" | "limit">;

/** Captions to measure; `null` where a limit on the figures leaves it open. */
async function countCaptions(reader: Reader, { variant, where, limit }: Wanted): Promise<number | null> {
  if (limit !== undefined) return null;
  const figures = await reader.count("figures", { where, only: FIGURES_ONLY });
  if (variant === "raw") return figures;
  const [made] = await reader.all<{ n: number }>(
    `SELECT count(*)::INTEGER AS n FROM recaptions WHERE variant = coalesce($1, variant)
       AND figure_id IN (SELECT figure_id FROM figures WHERE ${FIGURES_ONLY} AND (${where ?? "true"}\n))`,
    [variant ?? null],
  );
  return made!.n + (variant === undefined ? figures : 0);
}

interface CaptionList {
  captions: { name: string; text: string }[] | null;
  known: { caption: string; key: string }[] | null;
}

async function* scoreItems(
  reader: Reader,
  scorer: Scorer,
  { variant, where, limit }: Wanted,
): AsyncGenerator<Item> {
  const rows = reader.figures<FigureRow & CaptionList>({
    where,
    limit,
    only: FIGURES_ONLY,
    also: `(SELECT list({name: variant, text: text} ORDER BY variant) FROM recaptions AS r
              WHERE r.figure_id = figures.figure_id) AS captions,
           (SELECT list({caption: s.caption, key: s.result_key}) FROM scores AS s
              WHERE s.figure_id = figures.figure_id AND metric = $1) AS known`,
    parameters: [scorer.metric],
  });
  for await (const figure of rows) {
    const paper = { paper_id: figure.paper_id, title: figure.title, abstract: figure.abstract };
    const known = new Map(figure.known?.map(({ caption, key }) => [caption, key]));
    for (const { name, text } of [{ name: "raw", text: figure.caption }, ...(figure.captions ?? [])]) {
      if (variant !== undefined && variant !== name) continue;
      const key = scoreKey(figure, paper, text, scorer);
      yield { figure, paper, caption: name, text, file: figure.source, key, known: known.get(name) ?? null };
    }
  }
}
