import { randomBytes } from "node:crypto";
import { existsSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { errorText } from "figloom/errors";
import type { Job, Resources } from "../engine.js";
import { missingFolders } from "../job.js";
import type { SlurmCommands } from "./commands.js";
import type { CheckedOptions } from "./options.js";
import { explainRefusal } from "./refusals.js";
import { type Partition, readPartitions } from "./site.js";

/**
 * What stands in the way of a job, a sentence each.
 * @param script the job script
 * @throws {ConfigurationError} when Slurm's commands cannot be had at all
 */
export async function preflight(
  job: Job,
  script: string,
  options: CheckedOptions,
  commands: SlurmCommands,
): Promise<string[]> {
  const resources = job.resources ?? {};
  const unfit = [
    ...missingFolders(job),
    ...partitionProblems(await readPartitions(commands), resources, {
      ...options,
      nodes: Math.min(options.nodes ?? 1, job.tasks.length),
    }),
  ];
  return [...unfit, ...(await trial(script, options, commands, unfit.length === 0))];
}

/**
 * Writes the script to where jobs' folders are to be made, and asks what only Slurm can say: accounts, QOS, features.
 * Leaves nothing there. That nodes see the folder, the first task tells.
 */
async function trial(
  script: string,
  { folder, login }: CheckedOptions,
  commands: SlurmCommands,
  asks: boolean,
): Promise<string[]> {
  const probe = join(nearest(folder), `.trial-${randomBytes(6).toString("hex")}.sh`);
  try {
    writeFileSync(probe, script);
  } catch (error) {
    const isFull = /^(ENOSPC|EDQUOT)$/.test((error as NodeJS.ErrnoException).code ?? "");
    const wayOut = isFull
      ? "Make room there"
      : "Allow it, or give slurm({ folder }) one on a shared file system";
    return [`Jobs cannot be written to ${folder}: ${errorText(error)}. ${wayOut}.`];
  }
  try {
    if (login !== undefined && (await commands.ask(["test", "-e", probe])).code !== 0)
      return [`${login} does not see the folder ${folder}; give one that both share under the same path.`];
    if (!asks) return [];
    const { code, stderr } = await commands.ask(["sbatch", "--test-only", probe]);
    return code === 0 ? [] : [explainRefusal(stderr)];
  } finally {
    rmSync(probe, { force: true });
  }
}

/** The folder itself, or the one above it that is there. */
const nearest = (folder: string): string => (existsSync(folder) ? folder : nearest(dirname(folder)));

/** What sbatch would accept and never start, or refuse in words that do not help. */
export function partitionProblems(
  partitions: Partition[],
  resources: Resources,
  options: Pick<CheckedOptions, "partition" | "nodes" | "time">,
): string[] {
  const names = resources.partition ?? options.partition;
  const known = partitions.map(({ name }) => name).join(", ");
  if (names === undefined && !partitions.some(({ isDefault }) => isDefault))
    return [`This Slurm has no default partition; give one of: ${known}.`];
  const wanted = names?.split(",") ?? [partitions.find(({ isDefault }) => isDefault)!.name];
  const missing = wanted.filter((name) => !partitions.some((partition) => partition.name === name));
  if (missing.length) return missing.map((name) => `There is no partition ${name}; there are: ${known}.`);
  // A job may name several; one that fits is enough.
  const problems = wanted.map((name) =>
    misfits(
      partitions.find((each) => each.name === name)!,
      resources,
      options,
    ),
  );
  return problems.some((each) => each.length === 0) ? [] : problems.flat();
}

function misfits(
  { name, state, limit, nodes }: Partition,
  { cpus = 0, gpus = 0, memory = 0, minutes }: Resources,
  { nodes: wanted = 1, time }: Pick<CheckedOptions, "nodes" | "time">,
): string[] {
  const problems: string[] = [];
  if (state === "down" || state === "inact") problems.push(`The partition ${name} is closed at present.`);
  const asked = minutes ?? time ?? 0;
  if (asked > limit)
    problems.push(`The partition ${name} allows ${limit} minutes at most; a task asks for ${asked}.`);
  const most = (what: "gpus" | "cpus" | "memory") => Math.max(0, ...nodes.map((kind) => kind[what]));
  const large = nodes.filter((kind) => kind.gpus >= gpus && kind.cpus >= cpus && kind.memory >= memory);
  // Small tasks share nodes.
  const room = ({ count, ...kind }: Partition["nodes"][number]) =>
    count *
    Math.floor(
      Math.min(
        gpus ? kind.gpus / gpus : Infinity,
        kind.cpus / (cpus || 1),
        memory ? kind.memory / memory : Infinity,
      ),
    );
  const places = large.reduce((sum, kind) => sum + room(kind), 0);
  if (gpus > most("gpus"))
    problems.push(
      `Nodes of the partition ${name} have ${most("gpus") || "no"} GPUs; a task asks for ${gpus}.`,
    );
  if (cpus > most("cpus"))
    problems.push(
      `Nodes of the partition ${name} have ${most("cpus")} cores at most; a task asks for ${cpus}.`,
    );
  if (memory > most("memory"))
    problems.push(
      `Nodes of the partition ${name} have ${most("memory")} MiB at most; a task asks for ${memory}.`,
    );
  if (problems.length === 0 && wanted > places)
    problems.push(
      `The partition ${name} has room for ${places} such ${places === 1 ? "task" : "tasks"} at the same time; ` +
        `${wanted} are asked for.`,
    );
  return problems;
}
