/** A private Slurm for tests: a real one, whose nodes are daemons of this machine. */
import { execFile, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, rmdirSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { randomBytes, randomInt } from "node:crypto";
import { type ClusterShape, gresConf, slurmConf } from "./config.js";
import { endAll, kill, processesOf } from "./processes.mjs";

export interface SlurmOptions {
  /** How many nodes of 64 cores and eight GPUs, called n1, n2, …; 4 unless given. */
  nodes?: number;
  partitions?: ClusterShape["partitions"];
  settings?: ClusterShape["settings"];
}

/** Starts one and returns when all its nodes are idle, in well under a second. Stop it at the end. */
export async function startSlurm(options: SlurmOptions = {}): Promise<Slurm> {
  const { folder, port } = await roomFor((options.nodes ?? 4) + 1);
  const cluster = new Slurm(folder, port, options);
  await cluster.start();
  return cluster;
}

export class Slurm {
  readonly nodes: string[];
  /** What its commands need in their environment. */
  readonly env: { SLURM_CONF: string };
  readonly #guardian: ChildProcess;

  constructor(
    /** Where it has its files, its logs among them. */
    readonly folder: string,
    port: number,
    { nodes = 4, partitions = {}, settings = {} }: SlurmOptions,
  ) {
    this.nodes = Array.from({ length: nodes }, (_, i) => `n${i + 1}`);
    this.env = { SLURM_CONF: join(folder, "slurm.conf") };
    for (const name of ["log", "state", "dev", ...this.nodes.map((node) => `spool/${node}`)])
      mkdirSync(join(folder, name), { recursive: true });
    for (let gpu = 0; gpu < 8; gpu++) symlinkSync("/dev/null", join(folder, `dev/nvidia${gpu}`));
    writeFileSync(join(folder, "munge.key"), randomBytes(128), { mode: 0o600 });
    writeFileSync(join(folder, "gres.conf"), gresConf(folder));
    writeFileSync(this.env.SLURM_CONF, slurmConf({ folder, port, nodes: this.nodes, partitions, settings }));
    // Leaves this process' group, so that what ends the tests leaves somebody to tidy up.
    this.#guardian = spawn(process.execPath, [join(import.meta.dirname, "guardian.mjs"), folder], {
      detached: true,
      stdio: ["pipe", "ignore", "ignore"],
    });
  }

  async start(): Promise<void> {
    try {
      const path = (name: string) => join(this.folder, name);
      await this.command(
        "munged",
        "--force",
        `--key-file=${path("munge.key")}`,
        `--socket=${path("munge.socket")}`,
        `--pid-file=${path("munged.pid")}`,
        `--log-file=${path("log/munged.log")}`,
        `--seed-file=${path("munged.seed")}`,
      );
      await this.command("slurmctld");
      await Promise.all(this.nodes.map((node) => this.revive(node)));
      await this.#until(async () => {
        const states = (await this.command("sinfo", "-h", "-N", "-p", "gpu", "-o", "%t")).split("\n");
        return states.filter((state) => state === "idle").length === this.nodes.length;
      }, "its nodes are idle");
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  /** Runs one of Slurm's programs.
   * @returns what it printed, without the last line's end */
  command(program: string, ...args: string[]): Promise<string> {
    return new Promise((resolve, reject) => {
      const env = { ...process.env, ...this.env, PATH: `${process.env.PATH}:/usr/sbin:/sbin` };
      const child = execFile(program, args, { env }, (error, stdout, stderr) =>
        error
          ? reject(new Error(`${program} ${args.join(" ")}: ${stderr || error.message}`))
          : resolve(stdout.trimEnd()),
      );
      // A daemon's children hold its output open for as long as they live.
      child.once("exit", () => setTimeout(() => child.stdout?.destroy(), 200).unref());
    });
  }

  /** A power cut: the node's daemon and all that its jobs have started are gone at once. */
  async crash(node: string): Promise<void> {
    this.partition(node);
    await endAll(() => processesOf(this.env.SLURM_CONF, node));
  }

  /** A network cut: only the daemon is gone. Its jobs go on, also once Slurm has given them to another node. */
  partition(node: string): void {
    kill(this.#pid(node));
  }

  /** Ends the programs on a node, run by its jobs, whose command line holds a text. @returns how many there were */
  endPrograms(node: string, text: string): number {
    const pids = processesOf(this.env.SLURM_CONF, node, text);
    pids.forEach(kill);
    return pids.length;
  }

  /** The daemon comes back; it ends what Slurm knows no more. */
  async revive(node: string): Promise<void> {
    await this.command("slurmd", "-N", node);
  }

  /** No new jobs there; those that run go on. */
  async drain(node: string): Promise<void> {
    await this.#mark(node, "drain");
  }

  /** Its jobs are stopped and requeued at once, as when a node has been found dead. */
  async down(node: string): Promise<void> {
    await this.#mark(node, "down");
  }

  async resume(node: string): Promise<void> {
    await this.#mark(node, "resume");
  }

  killController(): void {
    kill(this.#pid("slurmctld"));
  }

  /** @param options.forgetful it knows nothing of the jobs before */
  async startController({ forgetful = false } = {}): Promise<void> {
    await this.command("slurmctld", ...(forgetful ? ["-c"] : []));
    await this.#until(
      async () => /UP/.test(await this.command("scontrol", "ping")),
      "its controller answers",
    );
  }

  /** What its daemons have logged, for a test that failed. */
  log(name: string): string {
    return readFileSync(join(this.folder, "log", `${name}.log`), "utf8");
  }

  /** Ends all that belongs to it, its jobs too, and removes its folder. */
  async stop(): Promise<void> {
    if (this.#guardian.exitCode !== null) return;
    const ended = once(this.#guardian, "exit");
    this.#guardian.stdin!.end();
    await ended;
  }

  #pid(daemon: string): number {
    return Number(readFileSync(join(this.folder, `${daemon}.pid`), "utf8"));
  }

  async #mark(node: string, state: string): Promise<void> {
    await this.command("scontrol", "update", `nodename=${node}`, `state=${state}`, "reason=test");
  }

  async #until(holds: () => Promise<boolean>, what: string): Promise<void> {
    const deadline = Date.now() + 30_000;
    while (!(await holds().catch(() => false))) {
      if (Date.now() > deadline)
        throw new Error(
          `Slurm in ${this.folder}: ${what}? Not after half a minute.\n${this.log("slurmctld").slice(-2000)}`,
        );
      await sleep(50);
    }
  }
}

/** A folder of its own and a row of free ports. The folder's name, made by one only, keeps the ports for its maker. */
async function roomFor(ports: number): Promise<{ folder: string; port: number }> {
  for (;;) {
    // Below what systems give to outgoing connections.
    const port = 16_000 + 32 * randomInt(500);
    const folder = `/tmp/figloom-slurm-${port}`;
    try {
      mkdirSync(folder, { mode: 0o755 });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EEXIST") continue;
      throw error;
    }
    const free = await Promise.all(Array.from({ length: ports }, (_, i) => isFree(port + i)));
    if (free.every(Boolean)) return { folder, port };
    rmdirSync(folder);
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    await once(server.listen(port, "127.0.0.1"), "listening");
    return true;
  } catch {
    return false;
  } finally {
    server.close();
  }
}
