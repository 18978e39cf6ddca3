/** A frame whose columns are given, for what is worked out over one. */
import { ConfigurationError } from "../../kernel-lib/src/errors.js";
import type { Categories } from "../../kernel-lib/src/service/categories.js";
import {
  distribution,
  type DistributionPlan,
} from "../../kernel-lib/src/service/distribution/distribution.js";
import type { Frame } from "../../kernel-lib/src/service/frame.js";
import { commonRows, rowsBetween } from "../../kernel-lib/src/service/mask.js";
import type { HistogramView } from "../../kernel-lib/src/views/protocol.js";
import { EVERYTHING, type Clause } from "../../kernel-lib/src/views/query.js";

type Values = readonly (number | string | null)[];

/** @param columns by reference, of the same length; `paper_id` says which rows come from the same paper */
export function frameOf(columns: Record<string, Values>): Frame {
  const size = Math.max(...Object.values(columns).map((values) => values.length));
  const papers = columns["paper_id"] ?? Array.from({ length: size }, (_, i) => `p${i}`);
  const names = [...new Set(papers)];
  const numbers = async (ref: string) => {
    const values = columns[ref];
    if (!values) throw new ConfigurationError(`This dataset has no column "${ref}".`);
    return Float32Array.from({ length: size }, (_, i) => (values[i] as number | null | undefined) ?? NaN);
  };
  const chosen = async (clause: Clause) => {
    if (clause.kind !== "range") throw new Error("Only ranges are chosen here");
    return rowsBetween(await numbers(clause.column), clause.from, clause.to);
  };
  const answers: Pick<Frame, "size" | "papers" | "numbers" | "categories" | "rows" | "keep"> = {
    size,
    papers: Int32Array.from(papers, (paper) => names.indexOf(paper)),
    numbers,
    categories: async (ref) => categoriesOf(columns[ref] as readonly (string | null)[]),
    rows: async (_, clauses) => commonRows(size, await Promise.all(clauses.map(chosen))),
    keep: (_, make) => make(),
  };
  return answers as Frame;
}

function categoriesOf(given: readonly (string | null)[]): Categories {
  const names = [...new Set(given.filter((value) => value !== null))].sort();
  const of = Uint8Array.from(given, (value) => (value === null ? 0 : names.indexOf(value) + 1));
  return {
    of,
    byteLength: of.byteLength,
    greatest: names.length,
    several: false,
    valuesOf: async (numbers) =>
      new Map(numbers.flatMap((number) => (number > 0 ? [[number, [names[number - 1]!]]] : []))),
    numbersOf: async (values) => values.flatMap((value) => names.indexOf(value) + 1 || []),
  };
}

export interface Wishes extends Partial<Omit<DistributionPlan, "series" | "by">> {
  /** Values of each series, by name. */
  series: Record<string, Values>;
  by?: Values;
  papers?: Values;
}

/** The view of given values. */
export async function distributionOf({ series, by, papers, ...plan }: Wishes): Promise<HistogramView> {
  const names = Object.keys(series);
  const columns = {
    ...(papers && { paper_id: papers }),
    ...Object.fromEntries(names.map((name) => [`score.m@${name}`, series[name]!])),
    ...(by && { "figure.discipline": by }),
  };
  return distribution(frameOf(columns), {
    title: "t",
    metric: "m",
    axis: "m",
    form: "histogram",
    scale: "auto",
    domain: null,
    shifts: { from: names[0]!, against: () => null },
    live: { dataset: "/data/d", query: EVERYTHING },
    ...plan,
    series: names.map((name) => ({ name, column: `score.m@${name}` })),
    by: by ? { column: "figure.discipline", label: "discipline" } : null,
  });
}
