import { availableParallelism } from "node:os";
import { judgementKey, likenessKey, measurementKey } from "../dataset/keys.js";
import type { FigureRow } from "../dataset/query.js";
import type { Dataset } from "../dataset/store.js";
import { ConfigurationError } from "../errors.js";
import { candidatePairs, type CandidatePair } from "../quality/candidates.js";
import { collectFacts, type KnownFacts } from "../quality/facts.js";
import { LANGUAGES } from "../text/language.js";
import { completeLimits, type Limits } from "../quality/limits.js";
import type { Wanted } from "../quality/judge.js";
import { compareStage } from "../stages/compare.js";
import { judgeStage } from "../stages/judge.js";
import { measureStage, type MeasureItem } from "../stages/measure.js";
import { runStage } from "../stages/run-stage.js";
import { qualityOf, type Quality } from "./quality.js";
import { count, duration, saying } from "./summary.js";
import { doWork, type Work, type WorkOptions } from "./work.js";

/** What counts as wrong. */
export interface CheckOptions extends WorkOptions {
  /** Limits other than the usual ones, e.g. `{ imageBytes: 2048 }`; nothing is measured again for them. */
  limits?: Partial<Limits>;
  /** Languages that are wanted, as ISO 639-1. @default ["en"] */
  languages?: readonly string[];
}

/** What `Lab.check` did and found. */
export interface CheckResult extends Quality {
  /** Figures and tables measured now; the others were before. */
  measured: number;
  /** Pairs of pictures compared now. */
  compared: number;
  /** Figures and pairs that failed; `lab.quarantine()` says why. */
  quarantined: number;
  seconds: number;
}

/** Marks what may be wrong with figures, see `Lab.check`. */
export async function check(dataset: Dataset, options: CheckOptions = {}): Promise<CheckResult> {
  const { languages = ["en"] } = options;
  const wanted = { limits: completeLimits(options.limits), languages };
  for (const language of languages)
    if (!LANGUAGES.includes(language))
      throw new ConfigurationError(
        `"${language}" is no language that is told apart; those are: ${LANGUAGES.join(", ")}.`,
      );
  const checkAll = async (work: Work) => {
    const measured = await measure(dataset, work);
    const compared = await compare(dataset, work);
    const judged = await judgeAll(dataset, wanted, work);
    const quality = await qualityOf(dataset.folder, work.signal);
    const result = {
      ...quality,
      measured: measured.done,
      compared: compared.done,
      quarantined: measured.failed + compared.failed + judged.failed,
      seconds: measured.seconds + compared.seconds + judged.seconds,
    };
    return saying(result, checkText(result));
  };
  return doWork(options, checkAll, { verb: "check", dataset: dataset.folder });
}

function checkText({ checked, flagged, quarantined, seconds }: CheckResult): string {
  const share = checked > 0 ? ` (${((100 * flagged) / checked).toFixed(1)} %)` : "";
  return `${count(checked, "figure and table", "figures and tables")} checked, ${flagged} flagged${share}, ${quarantined} quarantined in ${duration(seconds)}`;
}

type MeasuredItem = MeasureItem & { key: string; known: string | null };

function measure(dataset: Dataset, work: Work) {
  const stage = measureStage<MeasuredItem>();
  return dataset.write({ stage: "measure", stage_version: stage.version }, async (writer) => {
    const reader = await dataset.read(work.signal);
    async function* items(): AsyncGenerator<MeasuredItem> {
      const rows = reader.figures<FigureRow & { figure_run: string; known: string | null }>({
        also: `run AS figure_run,
          (SELECT result_key FROM measurements AS m WHERE m.figure_id = figures.figure_id) AS known`,
      });
      for await (const { figure_run, known, ...figure } of rows) {
        const key = measurementKey(figure.figure_id, figure_run, stage.version);
        yield { figure, figure_run, dataset: dataset.folder, key, known };
      }
    }
    try {
      return await runStage(stage, items(), {
        concurrency: availableParallelism(),
        ...work,
        total: await reader.count("figures"),
        file: ({ figure }) => figure.source,
        isDone: ({ key, known }) => (key === known ? "done" : null),
        async keep({ key, figure }, measurement) {
          await writer.append({ key, measurement });
          await writer.quarantine.settle(figure.figure_id, []);
          return true;
        },
        refuse: ({ figure }, line) => writer.quarantine.settle(figure.figure_id, [line]),
      });
    } finally {
      reader.close();
    }
  });
}

function compare(dataset: Dataset, work: Work) {
  const stage = compareStage<CandidatePair>(dataset.folder);
  return dataset.write({ stage: "compare", stage_version: stage.version }, async (writer) => {
    const reader = await dataset.read(work.signal);
    try {
      const pairs = candidatePairs(reader);
      const first = await pairs.next();
      async function* items() {
        if (first.done) return;
        yield first.value;
        yield* pairs;
      }
      const keyOf = (pair: CandidatePair) => likenessKey(pair.first, pair.second, stage.version);
      return await runStage(stage, items(), {
        concurrency: availableParallelism(),
        ...work,
        total: first.done ? 0 : first.value.total,
        file: ({ first_path }) => first_path,
        isDone: (pair) => (pair.known === keyOf(pair) ? "done" : null),
        async keep(pair, likeness) {
          await writer.append({ key: keyOf(pair), likeness });
          await writer.quarantine.settle(stage.key(pair), []);
          return true;
        },
        refuse: (pair, line) => writer.quarantine.settle(stage.key(pair), [line]),
      });
    } finally {
      reader.close();
    }
  });
}

/** Judgements written together: each is small, and waits for the disk. */
const JUDGED_AT_ONCE = 500;

function judgeAll(dataset: Dataset, wanted: Wanted, work: Work) {
  const stage = judgeStage<KnownFacts>(wanted);
  return dataset.write({ stage: "judge", stage_version: stage.version }, async (writer) => {
    const reader = await dataset.read(work.signal);
    try {
      const [measured] = await reader.all<{ n: number }>("SELECT count(*)::INTEGER AS n FROM measurements");
      return await runStage(stage, collectFacts(reader, wanted.limits), {
        concurrency: JUDGED_AT_ONCE,
        ...work,
        total: measured!.n,
        file: ({ paper_id }) => paper_id,
        async keep({ known }, judgement) {
          const key = judgementKey(judgement);
          if (key === known) return false;
          await writer.append({ key, judgement });
          return true;
        },
        refuse: ({ figure_id }, line) => writer.quarantine.settle(figure_id, [line]),
      });
    } finally {
      reader.close();
    }
  });
}
