import type { BudgetLimits, Prices } from "figloom";
import type { StageSpec } from "figloom/stages";
import type { EngineChoice, Resources } from "../engine.js";

/** Who answers a phase's questions. */
export type Serving =
  /** Servers that run already. */
  | { endpoints: string[] }
  /** Servers that each worker starts on its own node. */
  | {
      model: string;
      /** The script that starts one server, absolute; it gets what it needs as variables, see `templates/serve.sh`. */
      script: string;
      /** GPUs of one server. */
      gpusEach: number;
      /** Seconds until a server must be up; loading a large model takes many minutes. */
      patience: number;
    };

/** One stage of a run, done by workers of its own kind. */
export interface PhasePlan {
  /** Names a folder: `1-recaption`. */
  id: string;
  spec: StageSpec;
  /** Items of a shard; `null` where it follows from how many there are when the phase is planned, see shard-size.ts. */
  shardSize: number | null;
  /** Tasks of its engine job. */
  workers: number;
  resources: Resources;
  /** `null` for a stage that asks no model. */
  serving: Serving | null;
}

/** What `run.json` says: all that a worker on another machine has to know. No secrets. */
export interface RunPlan {
  /** As `newRunName` gives it. */
  run: string;
  /** Absolute folder of the dataset, as the workers see it. */
  dataset: string;
  title: string;
  figloom_version: string;
  /** ISO 8601 in UTC. */
  created: string;
  engine: EngineChoice;
  /** What starts a worker, absolute as the workers see it: node and the program. The run's folder and a phase follow. */
  program: string[];
  phases: PhasePlan[];
  budget: Pick<BudgetLimits, "tokens" | "hours" | "cost">;
  prices: Prices;
  /** Variables that workers take from the environment of whoever submits, by name: `FIGLOOM_API_KEY`. */
  inherit: string[];
  limits: RunLimits;
}

/** How patient a run is; defaults in brackets. */
export interface RunLimits {
  /** Seconds between two heartbeats of a worker [5]. */
  beatSeconds: number;
  /** Seconds without a heartbeat after which a worker's leases may be taken over [120]. */
  staleSeconds: number;
  /** Seconds that what is in flight gets when a worker has to leave [30]. */
  graceSeconds: number;
  /** Deaths after which a shard is given up [6]. */
  deaths: number;
  /** Restarts of a task without a single new result after which it stops itself [5]. */
  restarts: number;
}

export const DEFAULT_LIMITS: RunLimits = {
  beatSeconds: 5,
  staleSeconds: 120,
  graceSeconds: 30,
  deaths: 6,
  restarts: 5,
};
