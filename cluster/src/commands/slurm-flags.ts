/** What commands that submit to Slurm have in common. */
import type { Command } from "commander";
import { ConfigurationError } from "figloom/errors";
import type { SlurmOptions } from "../slurm/options.js";
import { given, oneMore } from "./values.js";

export interface SlurmFlags extends Pick<
  SlurmOptions,
  "partition" | "account" | "qos" | "constraint" | "gpuType" | "login" | "template"
> {
  sbatch?: string[];
}

export function withSlurmFlags(command: Command): Command {
  return command
    .option("--partition <name>", "Slurm: partition")
    .option("--account <name>", "Slurm: account")
    .option("--qos <name>", "Slurm: quality of service")
    .option("--constraint <features>", "Slurm: features of a node")
    .option("--gpu-type <name>", "Slurm: kind of GPU")
    .option("--sbatch <option>", "Slurm: one more option for sbatch (repeatable)", oneMore)
    .option("--login <host>", "Slurm: machine with its commands, by ssh")
    .option("--template <file>", "Slurm: a job script of your own");
}

export function slurmOptions({ sbatch: lines, ...flags }: SlurmFlags): SlurmOptions {
  const { partition, account, qos, constraint, gpuType, login, template } = flags;
  return given({ partition, account, qos, constraint, gpuType, login, template, lines });
}

/**
 * Refuses options of Slurm where Slurm is not asked for: what is meant for a cluster would start on the login host.
 * @param more names of other options that mean nothing on this machine, as typed without dashes
 * @throws {ConfigurationError} that names them
 */
export function refuseSlurmFlags(flags: SlurmFlags, more: Record<string, unknown> = {}): void {
  const { sbatch, gpuType, partition, account, qos, constraint, login, template } = flags;
  const names = { partition, account, qos, constraint, "gpu-type": gpuType, sbatch, login, template };
  const stray = Object.keys(given({ ...names, ...more })).map((name) => `--${name}`);
  if (stray.length === 0) return;
  const [are, them] = stray.length === 1 ? ["is", "it"] : ["are", "them"];
  throw new ConfigurationError(`${stray.join(", ")} ${are} for Slurm: add --on slurm, or leave ${them} out.`);
}
