import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { ConfigurationError } from "figloom/errors";

/** What a site's Slurm has to know of every job. Plain JSON: a run remembers it. */
export interface SlurmOptions {
  /** Where tasks run; the site's default partition unless given. A job's own resources win. */
  partition?: string;
  account?: string;
  qos?: string;
  /** Such as `h100&nvlink`: features that a node must have. */
  constraint?: string;
  /** Kind of GPU where the site tells them apart, such as `h100`. */
  gpuType?: string;
  /** How many nodes a job may have at the same time; as many as it has tasks unless given. */
  nodes?: number;
  /** How many tasks of one job run at the same time, where it is not the number of nodes. */
  throttle?: number;
  /** Minutes that an attempt may take, for jobs that say nothing of it; the partition's default unless given. */
  time?: number;
  /** More options for sbatch, each as it would stand behind `#SBATCH`: `--mail-type=END`, `--exclusive`. */
  lines?: string[];
  /** Host of an ssh that needs no password, for machines without Slurm's commands. It must see `folder` under the same
   * path. */
  login?: string;
  /** A job script of the site's own, instead of the package's `templates/slurm.sh`. */
  template?: string;
  /** Where the folders of jobs are made, on a file system that all nodes share; `.figloom/jobs` in the current folder
   * unless given. */
  folder?: string;
}

export type CheckedOptions = SlurmOptions & { folder: string };

/** What partitions, accounts and the like are called; several partitions stand side by side. */
export const NAME = /^[A-Za-z0-9_][A-Za-z0-9_.,:@+-]*$/;
const CONSTRAINT = /^[A-Za-z0-9_.,:&|()[\]*!-]+$/;
const LOGIN = /^[A-Za-z0-9_][A-Za-z0-9_.@:-]*$/;

/**
 * Makes paths absolute and refuses what cannot be right, since much of it ends up in a script.
 * @throws {ConfigurationError} that names the option
 */
export function checkOptions(options: SlurmOptions): CheckedOptions {
  const wrong = (name: string, value: unknown, want: string): ConfigurationError =>
    new ConfigurationError(`slurm's ${name} is ${JSON.stringify(value)}; give ${want}.`);
  for (const name of ["partition", "account", "qos", "gpuType"] as const)
    if (options[name] !== undefined && !NAME.test(options[name]))
      throw wrong(name, options[name], "a name as the site has it");
  if (options.constraint !== undefined && !CONSTRAINT.test(options.constraint))
    throw wrong("constraint", options.constraint, "features as sbatch takes them");
  if (options.login !== undefined && !LOGIN.test(options.login))
    throw wrong("login", options.login, "a host as ssh takes it, such as me@login.site");
  for (const name of ["nodes", "throttle", "time"] as const)
    if (options[name] !== undefined && !(Number.isInteger(options[name]) && options[name] > 0))
      throw wrong(name, options[name], "a whole number from 1");
  for (const line of options.lines ?? [])
    if (!/^-[^\n\r\0]*$/.test(line))
      throw wrong("lines", line, "options of sbatch, each starting with a dash");
    else if (/^(-M|--clusters\b)/.test(line))
      throw wrong("lines", line, "the cluster in SLURM_CLUSTERS, which all of Slurm's commands see");
    else if (/^(-W\s*$|--wait\b)/.test(line))
      throw wrong("lines", line, "no option that waits: figloom asks how jobs are");
  if (options.template !== undefined && !existsSync(options.template))
    throw new ConfigurationError(
      `slurm's template ${resolve(options.template)} is not there; give the path of a job script.`,
    );
  const folder = resolve(options.folder ?? ".figloom/jobs");
  if (/[%\\\n\r\0]/.test(folder))
    throw wrong("folder", folder, "a path without %, backslashes and line ends");
  const template = options.template === undefined ? {} : { template: resolve(options.template) };
  return { ...options, ...template, folder };
}
