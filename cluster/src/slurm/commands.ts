import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { ConfigurationError } from "figloom/errors";
import type { Task } from "../engine.js";
import { BASICS, passedOn } from "../local/environment.js";
import { behindMark, remoteScript, SSH_FAILED, sshWords } from "./ssh.js";
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
      : byShell(this.login, words, { ...picked(tasks.flatMap(({ inherit = [] }) => inherit)), ...more }));
    const said = lastLine(outcome.stderr);
    if (this.login !== undefined && outcome.code === SSH_FAILED)
      throw new ConfigurationError(
        `${this.login} cannot be reached by ssh: ${said}. It must work without a password; ` +
          `try: ssh -o BatchMode=yes ${this.login} true`,
      );
    if (outcome.code === NOT_FOUND)
      throw new ConfigurationError(
        this.login === undefined
          ? `There is no ${words[0]} on this machine: start figloom on a login host of the cluster, or name one that ` +
              `ssh reaches: slurm({ login: "me@login.site" }), --login me@login.site.`
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

const lastLine = (text: string): string =>
  text.trim().split("\n").at(-1)?.replace(/\.+$/, "") || "it said nothing";

/** Those of this process' variables that are set. */
function picked(names: string[]): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

/** Runs a command on a login host; a mark tells what it says from what the host and the login's own files say. */
async function byShell(login: string, words: string[], variables: Record<string, string>): Promise<Outcome> {
  const mark = `figloom-${randomBytes(9).toString("hex")}`;
  const kept = [...BASICS.filter((name) => name !== "TMPDIR"), ...KEPT];
  const script = remoteScript(words, kept, variables, mark);
  const { code, stdout, stderr } = await execute(sshWords(login, "sh -s"), process.env, script);
  if (!stdout.includes(mark) && code !== SSH_FAILED)
    throw new ConfigurationError(
      code === NOT_FOUND && stderr === ""
        ? `There is no ssh on this machine, by which to reach ${login}: install OpenSSH's client.`
        : `${login} runs no commands by ssh (it said: ${lastLine(stderr || stdout)}); name another login host.`,
    );
  return { code, stdout: behindMark(stdout, mark), stderr: behindMark(stderr, mark) };
}

function execute([program = "", ...args]: string[], env: NodeJS.ProcessEnv, input = ""): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const options = { env, timeout: TIMEOUT_MS, killSignal: "SIGKILL", maxBuffer: 1 << 28 } as const;
    const child = execFile(program, args, options, (error, stdout, stderr) => {
      if (error === null || typeof error.code === "number")
        resolve({ code: Number(error?.code ?? 0), stdout, stderr });
      else if (error.code === "ENOENT") resolve({ code: NOT_FOUND, stdout, stderr });
      else if (error.killed === true)
        reject(new SlurmSilent(`${program} did not end within a minute. Try again in a while.`));
      else if (error.signal)
        reject(new SlurmSilent(`${program} was ended by ${error.signal}. Try again in a while.`));
      else reject(new ConfigurationError(`${program} cannot be run here: ${error.message}.`));
    });
    // It may end without reading.
    child.stdin?.on("error", () => undefined).end(input);
  });
}
