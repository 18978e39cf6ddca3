import type { BudgetLimits } from "../captions/budget.js";
import type { Prices } from "../captions/cost.js";
import type { Prompt } from "../captions/prompts/prompt.js";
import type { Discipline } from "../model.js";
import type { ReaderKind, ReaderSpec } from "../ocr/spec.js";
import type { AskedScorer } from "../scores/named.js";
import type { RunStageName } from "../stages/work.js";
import type { RateUnit } from "../views/run.js";
import type { Estimate } from "./estimate.js";

/** Who gives a run its machines: `local()` or `slurm()` of `@figloom/cluster`. */
export interface LaunchEngine {
  readonly name: string;
  /** Makes it again in any process. */
  readonly choice: { name: string; options: object };
}

/** What one task may use. */
export interface LaunchResources {
  cpus?: number;
  gpus?: number;
  /** MiB. */
  memory?: number;
  /** Time limit; a task leaves before it and is started again. */
  minutes?: number;
  /** Where this kind of task has a partition of its own. */
  partition?: string;
}

export interface LaunchOptions {
  /** Done one after the other. @default `["recaption"]` */
  stages?: readonly RunStageName[];
  /** Papers to ingest: archives, folders of them, patterns, as for `ingest`. */
  papers?: string | readonly string[];
  /** As for `ingest`. */
  discipline?: Discipline;
  metadata?: string;
  layout?: string;
  /**
   * What reads the text on figures in the stage `ocr`: a name, or what makes a reader anew, as for `lab.ocr`. A model on
   * servers is the run's (`model`, `endpoints`, `serve`) unless it says another. @default "tesseract"
   */
  ocr?: ReaderKind | ReaderSpec;
  /** What a model is asked: from `loadPrompt`, or what it takes. @default none: captions of the extractive captioner */
  prompt?: Prompt | string;
  /**
   * What is measured by the stage `score`, as for `lab.score`; a scorer that was written in the notebook stays there.
   * @default `["support"]`
   */
  metrics?: readonly AskedScorer[];
  /** Measures anew where another scorer has measured under the same name, as for `lab.score`. @default false */
  replace?: boolean;
  /** Which caption is measured: `raw`, or a variant's name. @default all */
  variant?: string;
  /** Who gives the machines. @default processes of this machine */
  on?: "local" | LaunchEngine;
  /** The model: its name on the servers, or for servers that workers start what is loaded (a hub's id, a folder). */
  model?: string;
  /** Servers that run already. @default those of FIGLOOM_ENDPOINTS, unless workers serve the model themselves */
  endpoints?: readonly string[];
  /** Whether each worker starts servers on its own node. @default where a model is named, and no endpoint */
  serve?: boolean | ServeOptions;
  /**
   * Tasks: of all stages, or of those that take GPUs, those that do not, and those that measure or read with a model of
   * their own (`score`, unless given as those without GPUs). @default the engine's nodes; 2 on this machine
   */
  workers?: number | { cpu?: number; gpu?: number; score?: number };
  /**
   * What a task may use: one without GPUs, one that starts servers, and one that measures or reads with a model of its own
   * (`score`; unless said otherwise as one without GPUs, with one GPU where FIGLOOM_ONNX_DEVICE is cuda).
   */
  resources?: { cpu?: LaunchResources; gpu?: LaunchResources; score?: LaunchResources };
  /** Items of a shard. @default by their number and the workers', 4 (papers, pictures) or 50 to 10,000 */
  shardSize?: number;
  /** An SQL condition over the figures' columns, for texts on figures, captions and scores. */
  where?: string;
  /** At most so many figures. */
  limit?: number;
  /** Whether what failed before, and would fail alike, is tried again. @default false */
  retryFailed?: boolean;
  /** What the run may use; then it stops, and what is done is kept. */
  budget?: Pick<BudgetLimits, "tokens" | "hours" | "cost">;
  prices?: Prices;
  /**
   * Captions per second of one worker that is at work, for hours in the plan. @default what earlier runs of this dataset
   * have measured of the same work
   */
  perSecond?: number;
  /** Node's program as the workers see it. @default the one that runs here */
  node?: string;
  /** More variables that workers get from this environment, by name. */
  inherit?: readonly string[];
  /** Seconds between heartbeats and the like, see `RunLimits` of `@figloom/cluster`. */
  limits?: Record<string, number>;
}

/** Servers that a worker starts. */
export interface ServeOptions {
  /** The script that starts one. @default the one that comes with `@figloom/cluster` */
  script?: string;
  /** GPUs of one server. @default 1 */
  gpusEach?: number;
  /** Seconds until it must be up. @default 1800 */
  patience?: number;
}

/** What would be done. */
export interface LaunchPlan {
  run: string;
  title: string;
  engine: string;
  phases: LaunchPhase[];
  /** Tokens of the captions; `null` where no model is asked, or the figures are not there yet. */
  estimate: Omit<Estimate, "hours" | "gpu_hours" | "cost"> | null;
  /** What all phases take; `null` where something hinders the launch. */
  takes: LaunchTakes | null;
  /** GPUs at work at the same time. */
  gpus: number;
  /** What hinders it, a sentence each. */
  problems: string[];
  /** What may be wrong and cannot be told from here. */
  doubts: string[];
}

export interface LaunchPhase {
  /** `1-recaption` */
  id: string;
  stage: RunStageName;
  title: string;
  /** Papers, or figures that are looked at; `null` where they come from an earlier phase. */
  items: number | null;
  shards: number | null;
  /** `null` where it follows from how many items there will be. */
  shardSize: number | null;
  workers: number;
  /** Of each worker. */
  gpus: number;
  /**
   * Papers, pictures, figures or captions that are left to be done, as far as they can be counted; `null` where they come
   * from an earlier phase.
   */
  todo: number | null;
  /** Earlier phases that may add to them. */
  after: string[];
  /** Whose rate hours go by; `null` where none is known. */
  rate: LaunchRate | null;
  /** By the clock, from its first task on; `null` where it is not known. */
  hours: number | null;
  gpu_hours: number | null;
  /** All that in words; `null` where something hinders the launch. */
  said: string | null;
}

/** How fast a phase will be, and who says so. */
export interface LaunchRate {
  /** Results per second of all of its tasks. */
  perSecond: number;
  /** Of one of what the rate goes by. */
  each: number;
  unit: RateUnit | "worker";
  units: number;
  /** Seconds until servers that tasks start are up. */
  startup: number;
  /** The run that measured it; `null` where the user says it (`perSecond`). */
  run: string | null;
  /** The variant that it was measured with, where that is another one of the same model. */
  by: string | null;
  /** Results that it rests on. */
  made: number | null;
}

/** What a run takes, phases of which nothing is known left out. */
export interface LaunchTakes {
  /** By the clock, without waiting for machines; `null` where nothing is known. */
  hours: number | null;
  gpu_hours: number | null;
  /** Money; `null` without prices, or where hours cost and none are known. */
  cost: number | null;
  /** Phases that are left out. */
  open: string[];
  said: string;
  /** How more would be known beforehand; `null` where all is. */
  advice: string | null;
}
