import { resolve } from "node:path";
import type { LaunchOptions } from "figloom";
import type { RunStageName, StageSpec } from "figloom/stages";
import type { EngineChoice, Resources } from "../engine.js";
import { DEFAULT_LIMITS, type PhasePlan, type RunLimits, type RunPlan, type Serving } from "../run/plan.js";
import { shardSizeOf } from "../run/shard-size.js";
import { SERVER_VARIABLES } from "../servers/variables.js";

/** What was found out before a run is planned. */
export interface Facts {
  run: string;
  /** The run's folder, absolute. */
  folder: string;
  dataset: string;
  created: Date;
  version: string;
  engine: EngineChoice;
  program: string[];
  /** The file that the papers to ingest are listed in. */
  sources: string;
  /** Of the user's prompt and model; `null` for the extractive captioner. */
  ask: { prompt: string; file: string; model: string } | null;
  /** Who answers; `null` where nobody is asked. */
  serving: Serving | null;
  /** Items of each stage; `null` where they come from an earlier one. */
  items: Partial<Record<RunStageName, number | null>>;
  /** Nodes that the engine was made for. */
  nodes: number;
}

/** What a task takes unless the user says otherwise. Eight servers of vLLM keep three cores each busy. */
const CPU_TASK: Resources = { cpus: 8 };
const GPU_TASK: Resources = { gpus: 8, cpus: 32 };
/** Seconds before its time limit at which a task is told to leave. */
const NOTICE = 120;
/** Variables that workers get, where they are set. */
const INHERIT = ["FIGLOOM_LAYOUT_KEY", ...SERVER_VARIABLES];

/** What the options come to. Knows what was found out, and asks nobody. */
export function planRun(options: LaunchOptions, facts: Facts): RunPlan {
  const phases = specsOf(options, facts).map((spec, i) => phaseOf(i + 1, spec, options, facts));
  const { tokens, hours, cost } = options.budget ?? {};
  const budget = {
    ...(tokens !== undefined && { tokens }),
    ...(hours !== undefined && { hours }),
    ...(cost !== undefined && { cost }),
  };
  const gpus = Math.max(0, ...phases.map(gpusOf));
  return {
    run: facts.run,
    dataset: facts.dataset,
    title: titleOf(phases, facts),
    figloom_version: facts.version,
    created: facts.created.toISOString(),
    engine: facts.engine,
    program: facts.program,
    phases,
    budget,
    prices: { ...(gpus > 0 && { gpus }), ...options.prices },
    inherit: [...new Set([...INHERIT, ...(options.inherit ?? [])])],
    limits: { ...DEFAULT_LIMITS, ...(options.limits as Partial<RunLimits>) },
  };
}

/** GPUs at work in a phase. */
export const gpusOf = ({ workers, resources, serving }: PhasePlan): number =>
  workers * (resources.gpus ?? 0) || (serving && "endpoints" in serving ? serving.endpoints.length : 0);

const ORDER: readonly RunStageName[] = ["ingest", "recaption", "score"];

/** The stages in the order in which one needs the other, however they were named. */
export const stagesOf = ({ stages = ["recaption"] }: Pick<LaunchOptions, "stages">): RunStageName[] =>
  ORDER.filter((stage) => stages.includes(stage));

function specsOf(options: LaunchOptions, facts: Facts): StageSpec[] {
  const { discipline = null, layout = null, variant = null, retryFailed = false } = options;
  const metadata = options.metadata === undefined ? null : resolve(options.metadata);
  const [where, limit] = [options.where ?? null, options.limit ?? null];
  return stagesOf(options).flatMap((stage): StageSpec[] => {
    if (stage === "ingest") return [{ stage, sources: facts.sources, discipline, metadata, layout }];
    if (stage === "score")
      return (options.metrics ?? ["support"]).map((metric) => ({ stage, metric, variant, where, limit }));
    const ask = facts.ask && { prompt: facts.ask.file, model: facts.ask.model };
    return [{ stage, ask, where, limit, retryFailed }];
  });
}

function phaseOf(number: number, spec: StageSpec, options: LaunchOptions, facts: Facts): PhasePlan {
  const serving = spec.stage === "recaption" && spec.ask ? facts.serving : null;
  const kind = serving && "script" in serving ? "gpu" : "cpu";
  const workers = workersOf(options, kind) ?? facts.nodes;
  const items = facts.items[spec.stage] ?? null;
  return {
    id: `${number}-${spec.stage}`,
    spec,
    shardSize: options.shardSize ?? (items === null ? null : shardSizeOf(spec.stage, items, workers)),
    workers,
    resources: resourcesOf(options, kind),
    serving,
  };
}

function workersOf({ workers }: LaunchOptions, kind: "cpu" | "gpu"): number | undefined {
  return typeof workers === "number" ? workers : workers?.[kind];
}

function resourcesOf({ resources }: LaunchOptions, kind: "cpu" | "gpu"): Resources {
  return { ...(kind === "gpu" ? GPU_TASK : CPU_TASK), noticeSeconds: NOTICE, ...resources?.[kind] };
}

/** `recaption with context@org/model, score support` */
function titleOf(phases: readonly PhasePlan[], { ask, items }: Facts): string {
  const parts = phases.map(({ spec }) => {
    if (spec.stage === "ingest") return `ingest ${(items.ingest ?? 0).toLocaleString("en")} papers`;
    if (spec.stage === "score") return `score ${spec.metric}`;
    return `recaption with ${ask ? `${ask.prompt}@${ask.model}` : "extractive"}`;
  });
  return parts.join(", ");
}
