/** The flags of `figloom run`, and what they come to. */
import type { Command } from "commander";
import type { LaunchEngine, LaunchOptions, LaunchResources } from "figloom";
import type { RunStageName } from "figloom/stages";
import { withSlurmFlags, type SlurmFlags } from "./slurm-flags.js";
import { given, list, oneMore, positive, whole } from "./values.js";

export interface LaunchFlags extends SlurmFlags {
  stages: string[];
  papers?: string[];
  discipline?: string;
  metadata?: string;
  layout?: string;
  prompt?: string;
  metrics?: string[];
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
  shardSize?: number;
  node?: string;
  inherit?: string[];
  slots?: number;
  nodes?: number;
  minutes?: number;
  cpus?: number;
  memory?: number;
  gpusPerTask?: number;
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
    .option("--stages <list>", "some of ingest, recaption, score, one after the other", list, ["recaption"])
    .option("--papers <path>", "papers to ingest: an archive, a folder, a pattern (repeatable)", oneMore)
    .option("--discipline <name>", "what the papers are about")
    .option("--metadata <file>", "what is known about the papers (default: metadata.jsonl beside them)")
    .option("--layout <reader=address>", "who reads the layout of PDFs, as for ingest")
    .option("--prompt <file>", "what a model is asked: a prompt's file, or a shipped one's name")
    .option("--metrics <list>", "what is measured (default: support)", list)
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
    .option("--workers <n>", "tasks (default: the nodes; 2 on this machine)", whole(1))
    .option("--cpu-workers <n>", "tasks of stages without GPUs, where they are others", whole(1))
    .option("--shard-size <n>", "items of a shard (default: by their number; at most 10000)", whole(1))
    .option("--node <path>", "Node's program as the workers see it")
    .option("--inherit <name>", "a variable that workers get from this environment (repeatable)", oneMore)
    .option("--slots <n>", "local: tasks at the same time", whole(1))
    .option("--nodes <n>", "Slurm: nodes at the same time", whole(1));
  return withSlurmFlags(command)
    .option("--cpu-partition <name>", "Slurm: partition of stages without GPUs, where it is another")
    .option("--minutes <n>", "time limit of a task; it leaves before and is started again", positive)
    .option("--gpus-per-task <n>", "GPUs of a task that starts servers (default: 8)", whole(1))
    .option("--cpus <n>", "CPUs of a task", whole(1))
    .option("--memory <MiB>", "memory of a task", whole(1))
    .optionsGroup("What it may take:")
    .option("--budget-tokens <n>", "stop before more tokens are used", whole(1))
    .option("--budget-hours <h>", "stop after so many hours", positive)
    .option("--budget-cost <money>", "stop before it costs more, at the prices below", positive)
    .option("--per-second <n>", "captions per second of one worker, for hours in the plan", positive)
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
  const { stages, papers, metrics, workers, cpuWorkers, endpoint, inherit } = flags;
  const { discipline, metadata, layout, prompt, variant, where, limit, retryFailed, model, shardSize, node } =
    flags;
  return {
    stages: stages as RunStageName[],
    on: engine,
    ...given({ papers, metrics, metadata, layout, prompt, variant, where, limit, retryFailed, model }),
    ...given({ shardSize, node, inherit, perSecond: flags.perSecond }),
    ...(discipline !== undefined && { discipline: discipline as NonNullable<LaunchOptions["discipline"]> }),
    ...(endpoint && { endpoints: endpoint }),
    ...(serveOf(flags) && { serve: serveOf(flags)! }),
    ...((workers ?? cpuWorkers) !== undefined && {
      workers: given({ gpu: workers, cpu: cpuWorkers ?? workers }),
    }),
    resources: { cpu: resourcesOf(flags, "cpu"), gpu: resourcesOf(flags, "gpu") },
    budget: given({ tokens: flags.budgetTokens, hours: flags.budgetHours, cost: flags.budgetCost }),
    prices: given({
      ...{ gpus: flags.gpus, gpuHour: flags.gpuHour },
      ...{ millionPromptTokens: flags.promptPrice, millionAnswerTokens: flags.answerPrice },
    }),
  };
}

function serveOf({ serve, gpusEach, patience }: LaunchFlags): LaunchOptions["serve"] {
  if ((serve ?? gpusEach ?? patience) === undefined) return undefined;
  return given({ script: serve === true ? undefined : serve, gpusEach, patience });
}

function resourcesOf(
  { minutes, cpus, memory, gpusPerTask, cpuPartition }: LaunchFlags,
  kind: "cpu" | "gpu",
): LaunchResources {
  return kind === "gpu"
    ? given({ minutes, cpus, memory, gpus: gpusPerTask })
    : given({ minutes, cpus, memory, partition: cpuPartition });
}
