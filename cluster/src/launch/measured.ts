import { stat } from "node:fs/promises";
import { EventsFile, eventsFile, foldRuns, runNamesIn, type RateBasis, type RunPart } from "figloom/stages";

/** A rate that an earlier run of the dataset has shown, in a cell or on workers. */
export interface MeasuredRate {
  run: string;
  /** What made the results, see `RunRate`; where captions were asked by another prompt, the variant of that one. */
  by: string | null;
  /** Results and failures that it rests on. */
  made: number;
  /** Of one unit: made per second. */
  each: number;
  /** Seconds that servers took to start. */
  startup: number;
}

/** Of fewer results, how long it took says more of the beginning than of the rate. */
const FEWEST = 20;
/** Runs that are looked at, the newest first, and bytes of one's events. */
const MOST = { runs: 200, bytes: 64 * 2 ** 20 };

/**
 * What the newest run measured of each kind of work: the same stage by the same reader, metric or variant, going by the
 * same unit. Where a variant of captions is new, the newest that the same model has written.
 */
export async function measuredRates(
  dataset: string,
  wanted: readonly RateBasis[],
): Promise<(MeasuredRate | null)[]> {
  const exact = wanted.map((): MeasuredRate | null => null);
  const alike = wanted.map((): MeasuredRate | null => null);
  for (const run of (await runNamesIn(dataset)).slice(0, MOST.runs)) {
    if (exact.every((rate) => rate !== null)) break;
    const parts = await partsOf(dataset, run);
    for (const [at, basis] of wanted.entries()) {
      exact[at] ??= rateIn(run, parts, (by) => by === basis.by, basis);
      alike[at] ??= rateIn(run, parts, (by) => isOfSameModel(by, basis.by), basis);
    }
  }
  return exact.map((rate, at) => rate ?? alike[at]!);
}

/** Nothing where its events cannot be read: nobody's launch fails for that. */
async function partsOf(dataset: string, run: string): Promise<RunPart[]> {
  try {
    if ((await stat(eventsFile(dataset, run))).size > MOST.bytes) return [];
    return foldRuns((await new EventsFile(dataset, run).next()) ?? [])?.parts ?? [];
  } catch {
    return [];
  }
}

function rateIn(
  run: string,
  parts: readonly RunPart[],
  isBy: (by: string | null) => boolean,
  { stage, unit }: RateBasis,
): MeasuredRate | null {
  for (const { rate, done, failed, failedBefore } of parts) {
    const made = done + failed - failedBefore;
    if (!rate || rate.stage !== stage || rate.unit !== unit || !isBy(rate.by)) continue;
    if (made < FEWEST || rate.unitSeconds <= 0) continue;
    return { run, by: rate.by, made, each: made / rate.unitSeconds, startup: rate.startup };
  }
  return null;
}

/** Variants are named `prompt@model`. */
function isOfSameModel(one: string | null, other: string | null): boolean {
  const model = modelIn(one);
  return model !== null && model === modelIn(other);
}

const modelIn = (variant: string | null): string | null => /^[^@]*@(.+)$/.exec(variant ?? "")?.[1] ?? null;
