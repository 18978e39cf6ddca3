import type { DuckDBConnection } from "@duckdb/node-api";
import type { Reader } from "../dataset/query.js";
import { SUMS, type PairSums } from "./estimates.js";
import {
  clusterSums,
  curve,
  DROP,
  FACTS,
  figuresTables,
  groupFacts,
  groupingTables,
  pairsTable,
  rankStep,
  type FiguresPlan,
  type GroupingPlan,
  type PairsPlan,
} from "./pairs-sql.js";

/** What there is of a metric among the figures that have both captions. */
export interface MetricFacts {
  pairs: number;
  from: SideFacts;
  to: SideFacts;
}

export interface SideFacts {
  /** Captions that the scorer has measured, with or without a value. */
  measured: number;
  /** Measured, but the metric has nothing to say of them. */
  without_value: number;
  /** Captions whose value is another scorer's, which is left out. */
  other_scorer: number;
  /** Mean share of a caption that the scorer could not see; `null` where nothing can be cut off. */
  truncated: number | null;
  /** Share of the captions of which something was cut off. */
  truncated_captions: number | null;
}

/** The pairs of all figures, or of a group. */
export interface GroupPairs {
  /** 0 for all figures. */
  group: number;
  figures: number;
  papers: number;
  sums: PairSums;
  /** At 5, 25, 50, 75 and 95 %. */
  from_quantiles: number[];
  to_quantiles: number[];
  /** Greatest distance between the two cumulative distributions, and the value where it is. */
  distance: number;
  place: number;
}

/** Quantiles that a report gives. */
export const LEVELS = [0.05, 0.25, 0.5, 0.75, 0.95] as const;

/** A cumulative distribution: the share of the values up to each of these. */
export interface Curve {
  values: number[];
  shares: number[];
}

/**
 * The figures of an audit as tables beside the dataset's views, in the database of a reader. Memory is the database's:
 * what is too much for it goes to temporary files.
 */
export class AuditTables {
  #connection: DuckDBConnection | undefined;

  private constructor(
    private readonly reader: Reader,
    private readonly signal: AbortSignal,
  ) {}

  /** @throws the signal's reason when it is aborted */
  static async make(reader: Reader, plan: FiguresPlan, signal: AbortSignal): Promise<AuditTables> {
    const tables = new AuditTables(reader, signal);
    try {
      await tables.#run(figuresTables(plan));
    } catch (error) {
      await tables.drop();
      throw error;
    }
    return tables;
  }

  async counts(): Promise<{ figures: number; papers: number }> {
    const [row] = await this.reader.all<{ figures: number; papers: number }>(
      `SELECT (SELECT count(*) FROM audit_figures)::INTEGER AS figures, (SELECT count(*) FROM audit_papers)::INTEGER AS papers`,
    );
    return row!;
  }

  /** Groups with most figures, most first, and how many figures are of others. */
  async groups(): Promise<{ names: Map<number, string | null>; others: number }> {
    const rows = await this.reader.all<{ grp: number; name: string | null }>(
      "SELECT grp::INTEGER AS grp, name FROM audit_groups ORDER BY grp",
    );
    const [row] = await this.reader.all<{ others: number }>(
      "SELECT count(*)::INTEGER AS others FROM audit_figures WHERE grp IS NULL",
    );
    return { names: new Map(rows.map(({ grp, name }) => [grp, name])), others: row!.others };
  }

  /** Brings a metric's values together; what is asked afterwards is about them. */
  async bring(plan: PairsPlan): Promise<MetricFacts & Pick<GroupingPlan, "centre" | "step">> {
    await this.#run([pairsTable(plan)]);
    const [facts] = await this.reader.all<Record<string, number | string | null>>(FACTS);
    const number = (name: string) => Number(facts![name] ?? 0);
    const share = (name: string) => (facts![name] === null ? null : Number(facts![name]));
    const side = (of: "a" | "b"): SideFacts => ({
      measured: number(`measured_${of}`),
      without_value: number(`silent_${of}`),
      other_scorer: number(`others_${of}`),
      truncated: share(`cut_${of}`),
      truncated_captions: share(`any_cut_${of}`),
    });
    const pairs = number("pairs");
    const step = rankStep(pairs, number("sd"));
    return { pairs, centre: number("centre"), step, from: side("a"), to: side("b") };
  }

  /** The pairs of all figures together, or of each group; none where there is no pair. */
  async pairs(plan: GroupingPlan): Promise<GroupPairs[]> {
    await this.#run(groupingTables(plan));
    const rows = new Map<number, number[]>();
    for await (const columns of this.reader.columns<number[]>(clusterSums(plan)))
      for (const [i, group] of columns[0]!.entries()) {
        const values = rows.get(group) ?? [];
        rows.set(group, values);
        for (let field = 0; field < SUMS.length; field++) values.push(columns[1 + field]![i]!);
      }
    const facts = await this.reader.all<Omit<GroupPairs, "group" | "sums"> & { grp: number }>(
      groupFacts(LEVELS),
    );
    return facts.map(({ grp, ...fact }) => ({
      ...fact,
      group: grp,
      sums: { values: Float64Array.from(rows.get(grp)!), centre: plan.centre },
    }));
  }

  /** The cumulative distributions of what {@link pairs} was last asked for, all figures together. */
  async curves(): Promise<Record<"from" | "to", Curve>> {
    const points = async (side: "a" | "b") => {
      const rows = await this.reader.all<{ value: number; share: number }>(curve(side));
      return { values: rows.map(({ value }) => value), shares: rows.map(({ share }) => share) };
    };
    return { from: await points("a"), to: await points("b") };
  }

  async drop(): Promise<void> {
    const connection = this.#connection ?? (await this.reader.connect());
    for (const statement of DROP) await connection.run(statement);
    connection.closeSync();
    this.#connection = undefined;
  }

  async #run(statements: readonly string[]): Promise<void> {
    const connection = (this.#connection ??= await this.reader.connect());
    const interrupt = () => connection.interrupt();
    this.signal.addEventListener("abort", interrupt, { once: true });
    try {
      for (const statement of statements) {
        this.signal.throwIfAborted();
        await connection.run(statement);
      }
    } catch (error) {
      this.signal.throwIfAborted();
      throw error;
    } finally {
      this.signal.removeEventListener("abort", interrupt);
    }
  }
}
