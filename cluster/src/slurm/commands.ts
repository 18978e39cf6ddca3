import { execFile } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { ConfigurationError } from "figloom/errors";
import type { Task } from "../engine.js";
import { BASICS, passedOn } from "../local/environment.js";
import { remoteScript, SSH_FAILED, sshWords } from "./ssh.js";
import { quoteWords } from "./words.js";

export interface Outcome {
  code: number;
  stdout: string;
  stderr: string;
}

/** Slurm cannot be reached for the moment; what runs goes on. */
export class SlurmSilent extends Error {
  override readonly name = "SlurmSilent";
}

const TIMEOUT_MS = 60_000;
/** Before a question is asked once more. */
const PAUSE_MS = 2000;
const SILENT = /unable to contact|unable to connect|connection refused|timed out|zero bytes|temporarily/i;
const UNCONFIGURED = /could not establish a configuration source|unable to process configuration file/i;
const NOT_FOUND = 127;
/** What leads to a site's Slurm. The rest of its variables would change answers, or come from the job that figloom
 * itself may run in. */
const KEPT = ["SLURM_CONF", "SLURM_CLUSTERS", "SLURM_JWT"];

/** Slurm's commands, on this machine or, by ssh, on a login host. No shell here ever reads their words. */
export class SlurmCommands {
  constructor(private readonly login?: string) {}

  /** How a person would type it. */
  shown(words: string[]): string {
    return this.login === undefined ? quoteWords(words) : quoteWords(["ssh", this.login, quoteWords(words)]);
  }

  /**
   * Asks something that can be asked again; times are in UTC.
   * @returns how it ended, also when Slurm refused
   * @throws {SlurmSilent} when it does not answer, even when asked twice
   * @throws {ConfigurationError} when there is no such command, or no way to the login host
   */
  async ask(words: string[]): Promise<Outcome> {
    try {
      return await this.#once(words, [], { TZ: "UTC" });
    } catch (error) {
      if (!(error instanceof SlurmSilent)) throw error;
      await sleep(PAUSE_MS);
      return this.#once(words, [], { TZ: "UTC" });
    }
  }

  /** Runs sbatch once, with what the tasks inherit in its environment, which it hands to them. Throws as `ask` does. */
  submit(words: string[], tasks: Pick<Task, "inherit">[]): Promise<Outcome> {
    return this.#once(words, tasks, {});
  }

  async #once(
    words: string[],
    tasks: Pick<Task, "inherit">[],
    more: Record<string, string>,
  ): Promise<Outcome> {
    const outcome = await (this.login === undefined
      ? execute(words, { ...passedOn(process.env, tasks), TMPDIR: undefined, ...picked(KEPT), ...more })
      : execute(
          sshWords(this.login, "sh -s"),
          process.env,
          remoteScript(words, [...BASICS.filter((name) => name !== "TMPDIR"), ...KEPT], {
            ...picked(tasks.flatMap(({ inherit = [] }) => inherit)),
            ...more,
          }),
        ));
    const said = outcome.stderr.trim().split("\n").at(-1)?.replace(/\.+$/, "") || "it said nothing";
    if (this.login !== undefined && outcome.code === SSH_FAILED)
      throw new ConfigurationError(
        `${this.login} cannot be reached by ssh: ${said}. It must work without a password; ` +
          `try: ssh -o BatchMode=yes ${this.login} true`,
      );
    if (outcome.code === NOT_FOUND)
      throw new ConfigurationError(
        this.login === undefined
          ? `There is no ${words[0]} on this machine: start figloom on a login host of the cluster, or name one that ` +
              `ssh reaches with slurm({ login: "me@login.site" }).`
          : `There is no ${words[0]} on ${this.login}: name a login host of the cluster.`,
      );
    if (outcome.code !== 0 && UNCONFIGURED.test(outcome.stderr))
      throw new ConfigurationError(
        `Slurm's ${words[0]} finds no cluster${this.login === undefined ? " from this machine" : ` from ${this.login}`} ` +
          `(${said}): go to a login host of the cluster, or set SLURM_CONF.`,
      );
    if (outcome.code !== 0 && SILENT.test(outcome.stderr))
      throw new SlurmSilent(`Slurm does not answer (${said}). What runs goes on; try again in a while.`);
    return outcome;
  }
}

/** Those of this process' variables that are set. */
function picked(names: string[]): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

function execute([program = "", ...args]: string[], env: NodeJS.ProcessEnv, input = ""): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const options = { env, timeout: TIMEOUT_MS, killSignal: "SIGKILL", maxBuffer: 1 << 28 } as const;
    const child = execFile(program, args, options, (error, stdout, stderr) => {
      if (error?.code === "ENOENT") resolve({ code: NOT_FOUND, stdout, stderr });
      else if (error && typeof error.code !== "number")
        reject(new SlurmSilent(`${program} did not end within a minute. Try again in a while.`));
      else resolve({ code: Number(error?.code ?? 0), stdout, stderr });
    });
    // It may end without reading.
    child.stdin?.on("error", () => undefined).end(input);
  });
}
