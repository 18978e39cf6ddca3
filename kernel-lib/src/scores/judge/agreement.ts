import { bootstrapIntervals, type BootstrapOptions, type Interval } from "../../statistics/bootstrap.js";
import { VERDICTS, type JudgeVerdict } from "./verdicts.js";

/** What somebody says of a claim of a caption. */
export interface ClaimVerdict {
  figure_id: string;
  /** Which caption: `raw` or a variant. */
  caption: string;
  /** The claim in the caption's own words. */
  text: string;
  verdict: JudgeVerdict;
}

/** How far two agree about the same claims, beyond chance. */
export interface Agreement {
  /** Cohen's kappa: 1 for full agreement, 0 for what chance gives; `null` where chance alone agrees fully. */
  kappa: number | null;
  /** 95 % bootstrap interval that draws whole captions; `null` where {@link note} says why. */
  interval: Interval | null;
  note: string | null;
  /** Share of the claims on which both say the same. */
  observed: number | null;
  /** Claims that both judged, and of how many captions. */
  n: number;
  captions: number;
  /** Claims that only one of them judged. */
  onlyLabelled: number;
  onlyJudged: number;
  /** How often a person said the row's verdict and the judge the column's, in the order of VERDICTS. */
  table: number[][];
}

const WIDTH = VERDICTS.length ** 2;

/**
 * How far a judge agrees with a person about the same claims, beyond chance: Cohen's kappa (Cohen, Educational and
 * Psychological Measurement 20 (1960) 37), (p₀ − pₑ) / (1 − pₑ) with p₀ the share of equal verdicts and pₑ what the two
 * shares of each verdict give by chance. Claims are joined by figure, caption and words; the first of two on the same
 * words counts.
 */
export function agreement(
  labels: readonly ClaimVerdict[],
  judged: readonly ClaimVerdict[],
  options: BootstrapOptions = {},
): Agreement {
  const [people, judge] = [byClaim(labels), byClaim(judged)];
  const tables = new Map<string, Float64Array>();
  for (const [claim, { figure_id, caption, verdict }] of people) {
    const other = judge.get(claim);
    if (!other) continue;
    const key = JSON.stringify([figure_id, caption]);
    const table = tables.get(key) ?? new Float64Array(WIDTH);
    tables.set(key, table);
    table[VERDICTS.indexOf(verdict) * VERDICTS.length + VERDICTS.indexOf(other.verdict)]!++;
  }
  const total = new Float64Array(WIDTH);
  for (const table of tables.values()) table.forEach((count, cell) => (total[cell]! += count));
  const n = total.reduce((sum, count) => sum + count, 0);
  const values = Float64Array.from([...tables.values()].flatMap((table) => [...table]));
  const { intervals, note } = bootstrapIntervals(
    { values, width: WIDTH },
    (totals, into) => {
      into[0] = kappaOf(totals);
    },
    1,
    options,
  );
  const kappa = kappaOf(total);
  return {
    kappa: Number.isFinite(kappa) ? kappa : null,
    interval: intervals[0]!,
    note:
      note?.replaceAll("papers", "captions") ??
      (intervals[0] ? null : "some resamples agree by chance alone"),
    observed: n > 0 ? equal(total) / n : null,
    ...{ n, captions: tables.size, onlyLabelled: people.size - n, onlyJudged: judge.size - n },
    table: VERDICTS.map((_, row) => [...total.slice(row * VERDICTS.length, (row + 1) * VERDICTS.length)]),
  };
}

function byClaim(verdicts: readonly ClaimVerdict[]): Map<string, ClaimVerdict> {
  const found = new Map<string, ClaimVerdict>();
  for (const one of verdicts) {
    const claim = JSON.stringify([one.figure_id, one.caption, one.text]);
    if (!found.has(claim)) found.set(claim, one);
  }
  return found;
}

function equal(table: Float64Array): number {
  return VERDICTS.reduce((sum, _, i) => sum + table[i * VERDICTS.length + i]!, 0);
}

/** NaN where chance alone agrees fully, or nothing was judged. */
function kappaOf(table: Float64Array): number {
  const k = VERDICTS.length;
  const n = table.reduce((sum, count) => sum + count, 0);
  let chance = 0;
  for (let i = 0; i < k; i++) {
    let [row, column] = [0, 0];
    for (let j = 0; j < k; j++) {
      row += table[i * k + j]!;
      column += table[j * k + i]!;
    }
    chance += (row / n) * (column / n);
  }
  const observed = equal(table) / n;
  return chance === 1 ? NaN : (observed - chance) / (1 - chance);
}
