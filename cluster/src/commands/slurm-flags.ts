/** What commands that submit to Slurm have in common. */
import type { Command } from "commander";
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
