/** The flags of `figloom run`, and what they come to. */
import type { Command } from "commander";
import type { LaunchEngine, LaunchOptions, LaunchResources } from "figloom";
import type { MetricChoice, RunStageName } from "figloom/stages";
import { withSlurmFlags, type SlurmFlags } from "./slurm-flags.js";
import { given, list, oneMore, positive, whole } from "./values.js";

export interface LaunchFlags extends SlurmFlags {
  stages: string[];
  papers?: string[];
  discipline?: string;
  metadata?: string;
  layout?: string;
  ocrReader?: string;
  ocrModel?: string;
  ocrEndpoint?: string[];
  prompt?: string;
  metrics?: string[];
  clip?: string;
  clipEndpoint?: string[];
  mlm?: string;
  as?: string;
  replace?: boolean;
  variant?: string;
  where?: string;
  limit?: number;
  retryFailed?: boolean;
  model?: string;
  endpoint?: string[];
  serve?: string | true;
  gpusEach?: number;
  patience?: number;
  on: "local" | "slurm";
  workers?: number;
  cpuWorkers?: number;
  scoreWorkers?: number;
  shardSize?: number;
  node?: string;
  inherit?: string[];
  slots?: number;
  nodes?: number;
  minutes?: number;
  cpus?: number;
  memory?: number;
  gpusPerTask?: number;
  gpusPerScoreTask?: number;
  cpuPartition?: string;
  budgetTokens?: number;
  budgetHours?: number;
  budgetCost?: number;
  perSecond?: number;
  gpus?: number;
  gpuHour?: number;
  promptPrice?: number;
  answerPrice?: number;
  dryRun?: boolean;
  json?: boolean;
}

export function withLaunchFlags(command: Command): Command {
  command
    .optionsGroup("What is done:")
    .option("--stages <list>", "some of ingest, ocr, recaption, score, one after the other", list, [
      "recaption",
    ])
    .option("--papers <path>", "papers to ingest: an archive, a folder, a pattern (repeatable)", oneMore)
    .option("--discipline <name>", "what the papers are about")
    .option("--metadata <file>", "what is known about the papers (default: metadata.jsonl beside them)")
    .option("--layout <reader=address>", "who reads the layout of PDFs, as for ingest")
    .option("--ocr-reader <name>", "what reads the text on figures, as for figloom ocr (default: tesseract)")
    .option("--ocr-model <name>", "its model (default for one on servers: --model)")
    .option("--ocr-endpoint <url>", "a server that has it (repeatable; default: as for captions)", oneMore)
    .option("--prompt <file>", "what a model is asked: a prompt's file, or a shipped one's name")
    .option("--metrics <list>", "what is measured: support, form, clip, pppl (default: support)", list)
    .option("--clip <model>", "compares pictures with captions, as for figloom score")
    .option("--clip-endpoint <url>", "a vLLM server that has it (repeatable), as for figloom score", oneMore)
    .option("--mlm <model>", "masked language model of pppl, as for figloom score")
    .option("--as <name>", "name of the metric, where only one is measured")
    .option("--replace", "also measure anew what another model has measured under the same name")
    .option("--variant <id>", "which caption is measured (default: all)")
    .option("--where <sql>", "only figures that this condition picks")
    .option("--limit <n>", "at most so many figures", whole(1))
    .option("--retry-failed", "try figures again that failed before")
    .optionsGroup("Who is asked:")
    .option("--model <name>", "the model: its name on the servers, or what workers load")
    .option(
      "--endpoint <url>",
      "a server that runs already (repeatable; default: FIGLOOM_ENDPOINTS)",
      oneMore,
    )
    .option("--serve [script]", "workers start servers on their nodes (default where no server is named)")
    .option("--gpus-each <n>", "GPUs of one such server", whole(1))
    .option("--patience <seconds>", "until such a server must be up (default: 1800)", positive)
    .optionsGroup("Where:")
    .addOption(
      command
        .createOption("--on <engine>", "processes of this machine, or Slurm")
        .choices(["local", "slurm"])
        .default("local"),
    )
    .option(
      "--workers <n>",
      "tasks (default: the nodes; on this machine 2, or 1 that starts servers)",
      whole(1),
    )
    .option("--cpu-workers <n>", "tasks of stages without GPUs, where they are others", whole(1))
    .option("--score-workers <n>", "tasks that compute a model themselves (default: as the others)", whole(1))
    .option("--shard-size <n>", "items of a shard (default: by their number; at most 10000)", whole(1))
    .option("--node <path>", "Node's program as the workers see it")
    .option("--inherit <name>", "a variable that workers get from this environment (repeatable)", oneMore)
    .option("--slots <n>", "local: tasks at the same time", whole(1))
    .option("--nodes <n>", "Slurm: nodes at the same time", whole(1));
  return withSlurmFlags(command)
    .option("--cpu-partition <name>", "Slurm: partition of stages without GPUs, where it is another")
    .option("--minutes <n>", "time limit of a task; it leaves before and is started again", positive)
    .option("--gpus-per-task <n>", "GPUs of a task that starts servers (default: 8)", whole(1))
    .option(
      "--gpus-per-score-task <n>",
      "GPUs of a task that computes a model itself (default: 1 where FIGLOOM_ONNX_DEVICE is cuda)",
      whole(0),
    )
    .option("--cpus <n>", "CPUs of a task", whole(1))
    .option("--memory <MiB>", "memory of a task", whole(1))
    .optionsGroup("What it may take:")
    .option("--budget-tokens <n>", "stop before more tokens are used", whole(1))
    .option("--budget-hours <h>", "stop after so many hours", positive)
    .option("--budget-cost <money>", "stop before it costs more, at the prices below", positive)
    .option(
      "--per-second <n>",
      "captions per second of one worker at work, in place of what earlier runs measured",
      positive,
    )
    .option("--gpus <n>", "GPUs that are paid for (default: those of the tasks)", positive)
    .option("--gpu-hour <price>", "money for a GPU for an hour", positive)
    .option("--prompt-price <price>", "money for a million tokens of questions and pictures", positive)
    .option("--answer-price <price>", "money for a million tokens of answers", positive)
    .optionsGroup("How:")
    .option("--dry-run", "show plan, scripts and commands; submit nothing")
    .option("--json", "print the result as JSON");
}

/** @param engine of the flags' own */
export function launchOptions(flags: LaunchFlags, engine: LaunchEngine | "local"): LaunchOptions {
  const {
    stages,
    papers,
    ocrReader,
    ocrModel,
    ocrEndpoint,
    replace,
    workers,
    cpuWorkers,
    scoreWorkers,
    endpoint,
    inherit,
  } = flags;
  const { discipline, metadata, layout, prompt, variant, where, limit, retryFailed, model, shardSize, node } =
    flags;
  return {
    stages: stages as RunStageName[],
    on: engine,
    ...given({ papers, replace, metadata, layout, prompt, variant, where, limit, retryFailed, model }),
    ...given({ shardSize, node, inherit, perSecond: flags.perSecond }),
    ...(discipline !== undefined && { discipline: discipline as NonNullable<LaunchOptions["discipline"]> }),
    ...((ocrReader ?? ocrModel ?? ocrEndpoint) !== undefined && {
      // Checked where it is made use of.
      ocr: given({
        kind: ocrReader ?? "tesseract",
        model: ocrModel,
        endpoints: ocrEndpoint,
      }) as NonNullable<LaunchOptions["ocr"]>,
    }),
    ...(endpoint && { endpoints: endpoint }),
    ...(serveOf(flags) && { serve: serveOf(flags)! }),
    ...((workers ?? cpuWorkers ?? scoreWorkers) !== undefined && {
      workers: given({ gpu: workers, cpu: cpuWorkers ?? workers, score: scoreWorkers }),
    }),
    resources: {
      ...{ cpu: resourcesOf(flags, "cpu"), gpu: resourcesOf(flags, "gpu") },
      score: resourcesOf(flags, "score"),
    },
    budget: given({ tokens: flags.budgetTokens, hours: flags.budgetHours, cost: flags.budgetCost }),
    prices: given({
      ...{ gpus: flags.gpus, gpuHour: flags.gpuHour },
      ...{ millionPromptTokens: flags.promptPrice, millionAnswerTokens: flags.answerPrice },
    }),
  };
}

/** What is to be measured, `null` for what is measured usually. */
export function metricChoice({ metrics, clip, clipEndpoint, mlm, as }: LaunchFlags): MetricChoice | null {
  if ((metrics ?? clip ?? clipEndpoint ?? mlm ?? as) === undefined) return null;
  return { metrics: metrics ?? ["support"], ...given({ clip, clipEndpoint, mlm, as }) };
}

function serveOf({ serve, gpusEach, patience }: LaunchFlags): LaunchOptions["serve"] {
  if ((serve ?? gpusEach ?? patience) === undefined) return undefined;
  return given({ script: serve === true ? undefined : serve, gpusEach, patience });
}

function resourcesOf(
  { minutes, cpus, memory, gpusPerTask, gpusPerScoreTask, cpuPartition }: LaunchFlags,
  kind: "cpu" | "gpu" | "score",
): LaunchResources {
  const common = { minutes, cpus, memory };
  if (kind === "gpu") return given({ ...common, gpus: gpusPerTask });
  if (kind === "score") return given({ ...common, gpus: gpusPerScoreTask });
  return given({ ...common, partition: cpuPartition });
}
