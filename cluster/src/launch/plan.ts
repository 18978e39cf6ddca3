import { resolve } from "node:path";
import type { LaunchOptions } from "figloom";
import type { ReaderSpec, RunStageName, Scorer, ScorerSpec, StageSpec } from "figloom/stages";
import type { EngineChoice, Resources } from "../engine.js";
import { DEFAULT_LIMITS, type PhasePlan, type RunLimits, type RunPlan, type Serving } from "../run/plan.js";
import { shardSizeOf } from "../run/shard-size.js";
import { stageText } from "../run/stage-text.js";
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
  /** What reads the text on figures; `null` where none is read. */
  reads: Reading | null;
  /** Who answers the prompt; `null` where nobody is asked. */
  serving: Serving | null;
  /** Items of each stage; `null` where they come from an earlier one. */
  items: Partial<Record<RunStageName, number | null>>;
  /** Nodes that the engine was made for. */
  nodes: number;
  /** What the stage `score` measures, a phase each. */
  measured: readonly Measuring[];
  /** What computes models that are no server's. */
  device: "cpu" | "cuda";
}

/** A reader of the text on figures, who it is, and who answers where it asks a model. */
export interface Reading {
  reader: ReaderSpec;
  id: string;
  serving: Serving | null;
  /** Whether it computes a model where it works. */
  computes: boolean;
}

/** A metric, and what makes its scorer anew. */
export interface Measuring {
  metric: string;
  scorer: ScorerSpec;
  id: string;
  model?: NonNullable<Scorer["model"]>;
}

/** What a task takes unless the user says otherwise. Eight servers of vLLM keep three cores each busy. */
const CPU_TASK: Resources = { cpus: 8 };
const GPU_TASK: Resources = { gpus: 8, cpus: 32 };
/** One model computes on one GPU. */
const SCORE_TASKS: Record<Facts["device"], Resources> = { cpu: CPU_TASK, cuda: { gpus: 1, cpus: 8 } };
/** Seconds before its time limit at which a task is told to leave. */
const NOTICE = 120;
/** Variables that workers get, where they are set. */
const INHERIT = [
  "FIGLOOM_LAYOUT_KEY",
  ...["FIGLOOM_MODELS", "FIGLOOM_ONNX_DEVICE", "FIGLOOM_ONNX_THREADS", "XDG_DATA_HOME", "XDG_CACHE_HOME"],
  ...SERVER_VARIABLES,
];

/** On this machine it is the user's word; elsewhere the scheduler's. */
const GPUS = "CUDA_VISIBLE_DEVICES";
const isHere = ({ engine }: Facts): boolean => engine.name === "local";

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
    inherit: [...new Set([...INHERIT, ...(isHere(facts) ? [GPUS] : []), ...(options.inherit ?? [])])],
    limits: { ...DEFAULT_LIMITS, ...(options.limits as Partial<RunLimits>) },
  };
}

/** GPUs at work in a phase. */
export const gpusOf = ({ workers, resources, serving }: PhasePlan): number =>
  workers * (resources.gpus ?? 0) || (serving && "endpoints" in serving ? serving.endpoints.length : 0);

export const STAGES: readonly RunStageName[] = ["ingest", "ocr", "recaption", "score"];

/** The stages in the order in which one needs the other, however they were named. */
export const stagesOf = ({ stages = ["recaption"] }: Pick<LaunchOptions, "stages">): RunStageName[] =>
  STAGES.filter((stage) => stages.includes(stage));

function specsOf(options: LaunchOptions, facts: Facts): StageSpec[] {
  const { discipline = null, layout = null, variant = null, retryFailed = false } = options;
  const metadata = options.metadata === undefined ? null : resolve(options.metadata);
  const [where, limit] = [options.where ?? null, options.limit ?? null];
  return stagesOf(options).flatMap((stage): StageSpec[] => {
    if (stage === "ingest") return [{ stage, sources: facts.sources, discipline, metadata, layout }];
    if (stage === "ocr") {
      const { reader, id } = facts.reads!;
      return [{ stage, reader, id, where, limit, retryFailed }];
    }
    if (stage === "score")
      return facts.measured.map(({ metric, scorer, id }) => ({
        ...{ stage, metric, scorer, id, variant, where, limit },
      }));
    const ask = facts.ask && { prompt: facts.ask.file, model: facts.ask.model };
    return [{ stage, ask, where, limit, retryFailed }];
  });
}

function phaseOf(number: number, spec: StageSpec, options: LaunchOptions, facts: Facts): PhasePlan {
  const serving = servingOf(spec, facts);
  const kind = kindOf(spec, serving, facts);
  // One starts servers on all GPUs of its machine.
  const workers = workersOf(options, kind) ?? (kind === "gpu" && isHere(facts) ? 1 : facts.nodes);
  const items = facts.items[spec.stage] ?? null;
  return {
    id: `${number}-${spec.stage}`,
    spec,
    shardSize: options.shardSize ?? (items === null ? null : shardSizeOf(spec.stage, items, workers)),
    workers,
    resources: resourcesOf(options, kind, facts),
    serving,
  };
}

function servingOf(spec: StageSpec, { serving, reads }: Facts): Serving | null {
  if (spec.stage === "ocr") return reads!.serving;
  return spec.stage === "recaption" && spec.ask ? serving : null;
}

/** Tasks without GPUs, tasks that start servers, and tasks that compute a model themselves. */
type TaskKind = "cpu" | "gpu" | "score";

function kindOf(spec: StageSpec, serving: Serving | null, facts: Facts): TaskKind {
  if (serving && "script" in serving) return "gpu";
  return computes(spec, facts) ? "score" : "cpu";
}

/** Whether a stage's tasks compute a model themselves. */
export function computes(spec: StageSpec, { measured, reads }: Pick<Facts, "measured" | "reads">): boolean {
  if (spec.stage === "ocr") return reads!.computes;
  return spec.stage === "score" && measured.some(({ metric, model }) => model && metric === spec.metric);
}

function workersOf({ workers }: LaunchOptions, kind: TaskKind): number | undefined {
  if (typeof workers === "number") return workers;
  return workers?.[kind] ?? (kind === "score" ? workers?.cpu : undefined);
}

function resourcesOf({ resources }: LaunchOptions, kind: TaskKind, { device }: Facts): Resources {
  const usual = { cpu: CPU_TASK, gpu: GPU_TASK, score: SCORE_TASKS[device] }[kind];
  // On the processor, it goes where all that takes no GPU goes.
  const like = kind === "score" && device === "cpu" ? resources?.cpu : undefined;
  return { ...usual, noticeSeconds: NOTICE, ...like, ...resources?.[kind] };
}

/** `recaption with context@org/model, score support` */
function titleOf(phases: readonly PhasePlan[], { ask, items, reads }: Facts): string {
  const parts = phases.map(({ spec }) => {
    if (spec.stage === "ingest") return `ingest ${(items.ingest ?? 0).toLocaleString("en")} papers`;
    if (spec.stage === "ocr") return `read text on figures with ${readerText(reads!.reader)}`;
    if (spec.stage === "score") return stageText(spec);
    return `recaption with ${ask ? `${ask.prompt}@${ask.model}` : "extractive"}`;
  });
  return parts.join(", ");
}

const readerText = (reader: ReaderSpec): string =>
  reader.kind === "vllm" && reader.model !== undefined ? reader.model : reader.kind;
