import type { Units } from "../rate-units.js";
import type { RunRate } from "../views/run.js";

/**
 * A step of the pipeline, written once: called on one item in a cell, mapped over a subset with progress, or run
 * on shards by a cluster worker. A stage does not know which of the three it is.
 */
export interface Stage<In, Out> {
  readonly name: string;
  /** Raised when the same input would give another result; older results are then made again. */
  readonly version: number;
  /** The item's identity within the stage, e.g. a paper's or figure's id. */
  key(item: In): string;
  /**
   * Works on one item.
   * @throws {ItemError} when this item cannot be worked on; its neighbours go on.
   */
  run(item: In, context: StageContext): Promise<Out>;
}

export interface StageContext {
  /** Aborted when the user cancels. */
  signal: AbortSignal;
}

/** What the rate of some work goes by, and how many units of it this process has. */
export type RateBasis = Pick<RunRate, "stage" | "by"> & Units;

/** How far a long piece of work has come. */
export interface Progress {
  stage: string;
  done: number;
  failed: number;
  /** Results that were there from an earlier start; not part of `done`. */
  reused: number;
  /** `null` while the total is not known yet. */
  total: number | null;
  /** Seconds since the start. */
  seconds: number;
  /** What is counted, such as `MB`. @default items */
  unit?: string;
  /** Of `failed`, those that were known to from an earlier start and were not worked on again. */
  failedBefore?: number;
  /** What its rate goes by. @default nothing that others could reckon with */
  basis?: RateBasis;
  /** What it waits for just now, or what else is worth knowing: `next request in 12 s`. */
  note?: string;
  /** Why no further item was begun though there are more: `the token budget of 1,000,000 is spent`. */
  stopped?: string;
}
