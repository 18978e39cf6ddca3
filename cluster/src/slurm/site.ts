import type { SlurmCommands } from "./commands.js";
import { refusal } from "./refusals.js";

export interface Limits {
  /** Tasks that one array may have, and one more than its highest index. */
  arraySize: number;
}

/** Reads what the site allows from its configuration. */
export async function readLimits(commands: SlurmCommands): Promise<Limits> {
  const { code, stdout, stderr } = await commands.ask(["scontrol", "show", "config"]);
  if (code !== 0) throw new Error(`scontrol failed: ${refusal(stderr)}`);
  return parseLimits(stdout);
}

export function parseLimits(text: string): Limits {
  const size = Number(/^MaxArraySize\s*=\s*(\d+)/m.exec(text)?.[1] ?? 1001);
  const tasks = Number(/\bmax_array_tasks=(\d+)/.exec(text)?.[1] ?? Infinity);
  return { arraySize: Math.max(1, Math.min(size, tasks)) };
}

/** Nodes of a partition that are alike. */
export interface NodeKind {
  count: number;
  gpus: number;
  cpus: number;
  /** MiB. */
  memory: number;
}

export interface Partition {
  name: string;
  isDefault: boolean;
  /** `up`, `down`, `drain` or `inact`. */
  state: string;
  /** Minutes; `Infinity` where there is no limit. */
  limit: number;
  nodes: NodeKind[];
}

export async function readPartitions(commands: SlurmCommands): Promise<Partition[]> {
  // Exactly: otherwise of nodes that differ only the least is told, as `64+`.
  const { code, stdout, stderr } = await commands.ask(["sinfo", "-h", "-e", "-o", "%P|%a|%l|%D|%G|%c|%m"]);
  if (code !== 0) throw new Error(`sinfo failed: ${refusal(stderr)}`);
  return parsePartitions(stdout);
}

export function parsePartitions(text: string): Partition[] {
  const partitions = new Map<string, Partition>();
  for (const line of text.split("\n")) {
    const [label = "", state = "", limit = "", count = "", gres = "", cpus = "", memory] = line.split("|");
    // With SLURM_CLUSTERS, a line before each cluster's.
    if (memory === undefined) continue;
    const name = label.replace(/\*$/, "");
    const partition = partitions.get(name) ?? {
      ...{ name, isDefault: label.endsWith("*"), state },
      ...{ limit: minutesOf(limit), nodes: [] },
    };
    partitions.set(name, partition);
    partition.nodes.push({
      count: Number(count),
      gpus: gpusOf(gres),
      cpus: parseInt(cpus),
      memory: parseInt(memory),
    });
  }
  return [...partitions.values()];
}

/** Of `gpu:h100:8(S:0-1),shard:4` the 8. */
function gpusOf(gres: string): number {
  const counts = gres.matchAll(/(?:^|,)gpu(?::[^:,()]+)?:(\d+)/g);
  return [...counts].reduce((sum, [, count]) => sum + Number(count), 0);
}

/** Of `1-12:30:00` and the shorter forms; see sinfo(1). */
export function minutesOf(limit: string): number {
  const [, days, clock] = /^(?:(\d+)-)?([\d:]+)$/.exec(limit) ?? [];
  if (clock === undefined) return Infinity;
  const parts = clock.split(":").map(Number);
  const [hours = 0, minutes = 0, seconds = 0] =
    days !== undefined || parts.length === 3 ? parts : [0, ...parts];
  return Number(days ?? 0) * 1440 + hours * 60 + minutes + seconds / 60;
}
