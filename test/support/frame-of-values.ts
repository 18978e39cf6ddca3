/** A frame whose columns are given, for what is worked out over one. */
import { DuckDBInstance } from "@duckdb/node-api";
import { ConfigurationError } from "../../kernel-lib/src/errors.js";
import {
  distribution,
  type DistributionPlan,
} from "../../kernel-lib/src/service/distribution/distribution.js";
import type { Frame } from "../../kernel-lib/src/service/frame.js";
import type { HistogramView } from "../../kernel-lib/src/views/protocol.js";
import { EVERYTHING } from "../../kernel-lib/src/views/query.js";

type Values = readonly (number | string | null)[];

const literal = (value: number | string | null): string =>
  value === null
    ? "NULL"
    : typeof value === "number"
      ? `'${value}'::FLOAT`
      : `'${value.replaceAll("'", "''")}'`;

/** @param columns by reference, of the same length; `paper_id` says which rows come from the same paper */
export async function frameOf(columns: Record<string, Values>): Promise<Frame> {
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  const refs = Object.keys(columns);
  const rows = Math.max(...refs.map((ref) => columns[ref]!.length));
  const papers = columns["paper_id"] ?? Array.from({ length: rows }, (_, i) => `p${i}`);
  const all: [string, Values][] = [
    ["paper_id", papers],
    ...refs.map((ref): [string, Values] => [ref, columns[ref]!]),
  ];
  const type = (values: Values) => (values.some((value) => typeof value === "string") ? "VARCHAR" : "FLOAT");
  const names = all.map(([, values], i) => `${i === 0 ? "paper_id" : `c${i}`} ${type(values)}`);
  await connection.run(`CREATE TABLE frame (${names.join(", ")})`);
  for (let from = 0; from < rows; from += 1000) {
    const lines = Array.from(
      { length: Math.min(1000, rows - from) },
      (_, i) => `(${all.map(([, values]) => literal(values[from + i] ?? null)).join(", ")})`,
    );
    await connection.run(`INSERT INTO frame VALUES ${lines.join(", ")}`);
  }
  const answers: Pick<Frame, "size" | "column" | "condition" | "all"> = {
    size: rows,
    async column(ref) {
      const i = refs.indexOf(ref);
      if (i < 0) throw new ConfigurationError(`This dataset has no column "${ref}".`);
      return `c${i + 1}`;
    },
    condition: async () => "true",
    all: async <T>(sql: string, parameters: (string | number | null)[] = []) =>
      (await connection.runAndReadAll(sql, parameters)).getRowObjectsJson() as T[],
  };
  return answers as Frame;
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
  return distribution(await frameOf(columns), {
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
