import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { errorText } from "figloom/errors";
import type { Outcome } from "../local/attempt.js";
import { whenAnswering, type Served } from "./answering.js";
import { takePort, type Port } from "./ports.js";
import { ServerProcess } from "./server-process.js";
import { troubleIn, type Trouble } from "./trouble.js";
import type { Watchdog } from "./watchdog.js";

/**
 * - `waiting`: for its turn. `starting`: loads. `up`: answers. `restarting`: died or hung, and is started again.
 * - `gone`: given up; it does not come back. `stopped`: by us.
 */
export type ServerHealth = "waiting" | "starting" | "up" | "restarting" | "gone" | "stopped";

/** A server of this node as it is just now, as plain JSON. */
export interface ServerState {
  /** Its address from this node: `http://127.0.0.1:20417`. */
  endpoint: string;
  /** Its address from other machines, if it listens for them. */
  advertised: string;
  gpus: string[];
  health: ServerHealth;
  /** Leads its process group. */
  pid: number | null;
  /** How often it was started. */
  starts: number;
  /** What went wrong last: one sentence. */
  note: string | null;
  /** vLLM's version, once it was up. */
  version: string | null;
  log: string;
}

export interface ServerOptions {
  index: number;
  gpus: string[];
  model: string;
  script: string;
  /** Seconds until it must answer. */
  patience: number;
  /** Folder that it may read pictures from. */
  media: string;
  /** Address to listen on. */
  address: string;
  /** The name by which other machines reach this one. */
  host: string;
  /** The node's name, for people. */
  node: string;
  env: NodeJS.ProcessEnv;
  logs: string;
  watchdog: Watchdog;
  changed: () => void;
}

/** Bounds on starting again, in a row; all is forgiven after a time of being up. */
const MOST = { loads: 3, deaths: 30 };
const STEADY_MS = 10 * 60_000;
const BACKOFF = { first: 500, most: 60_000 };
/** Seconds that one which hangs, or is still loading, gets to end by itself. */
const SHORT_GRACE = 5;
/** Ports that are tried before it is known under one. */
const PORTS = 5;

/** It did not start, and why. */
export class StartFailure extends Error {
  constructor(
    readonly trouble: Trouble,
    message: string,
  ) {
    super(message);
  }
}

/** One server over all its lives. */
export class Server {
  readonly #options: ServerOptions;
  readonly #stopping = new AbortController();
  readonly #log: string;
  #port: Port | null = null;
  #process: ServerProcess | null = null;
  #health: ServerHealth = "waiting";
  #note: string | null = null;
  #version: string | null = null;
  #starts = 0;
  #loadsFailed = 0;
  #deaths = 0;
  #upSince = 0;
  /** The start or restart that goes on. */
  #busy: Promise<void> | null = null;

  constructor(options: ServerOptions) {
    this.#options = options;
    this.#log = join(options.logs, `server-${options.index}.log`);
  }

  get health(): ServerHealth {
    return this.#health;
  }

  get endpoint(): string {
    return this.#url("127.0.0.1");
  }

  get state(): ServerState {
    const { gpus, address, host } = this.#options;
    return {
      endpoint: this.endpoint,
      advertised: this.#url(address === "127.0.0.1" ? address : host),
      gpus,
      health: this.#health,
      pid: this.#process?.pid ?? null,
      starts: this.#starts,
      note: this.#note,
      version: this.#version,
      log: this.#log,
    };
  }

  /** Starts it once. Another port is taken where its own is another's by the time it listens. @throws {StartFailure} */
  open(): Promise<void> {
    return this.#alone(async () => {
      for (let ports = 1; ; ports++) {
        this.#port ??= await takePort(this.#options.address);
        try {
          return await this.#start("starting");
        } catch (error) {
          if (!(error instanceof StartFailure && error.trouble.kind === "port" && ports < PORTS)) throw error;
          this.#port.giveBack();
          this.#port = null;
        }
      }
    });
  }

  /** Tries again until it answers. @throws {Error} when it is given up, in one sentence */
  revive(): Promise<void> {
    return this.#alone(() => this.#tryAgain());
  }

  /** Ends it, if it still runs, and starts it again; joins in where that is being done. @throws {Error} as revive */
  restart(): Promise<void> {
    if (this.#health === "gone" || this.#health === "stopped")
      return Promise.reject(new Error(this.#note ?? "It was stopped."));
    return this.#alone(async () => {
      this.#set("restarting", "It is started again.");
      this.#countDeath();
      await this.#process?.end(SHORT_GRACE);
      await this.#tryAgain();
    });
  }

  async stop(graceSeconds: number): Promise<void> {
    this.#stopping.abort(new Error("It was stopped."));
    await this.#busy?.catch(() => undefined);
    await this.#process?.end(graceSeconds);
    this.#port?.giveBack();
    if (this.#health !== "gone") this.#set("stopped", this.#note);
  }

  #url(host: string): string {
    return this.#port ? `http://${host}:${this.#port.number}` : "";
  }

  #set(health: ServerHealth, note: string | null): void {
    this.#health = health;
    this.#note = note;
    this.#options.changed();
  }

  #alone(work: () => Promise<void>): Promise<void> {
    this.#busy ??= work().finally(() => (this.#busy = null));
    return this.#busy;
  }

  async #tryAgain(): Promise<void> {
    const { signal } = this.#stopping;
    for (;;) {
      if (this.#loadsFailed >= MOST.loads || this.#deaths >= MOST.deaths) throw this.#givenUp();
      const tries = this.#loadsFailed + this.#deaths;
      const wait = Math.min(BACKOFF.most, BACKOFF.first * 2 ** Math.max(0, tries - 1));
      await sleep(wait, undefined, { signal }).catch(() => signal.throwIfAborted());
      this.#port ??= await takePort(this.#options.address);
      try {
        return await this.#start("restarting");
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof StartFailure)) throw error;
        if (error.trouble.kind === "setting") throw this.#givenUp();
      }
    }
  }

  #givenUp(): Error {
    const message = `${this.#note ?? "It does not start."} It was started ${this.#starts} times and is given up.`;
    this.#set("gone", message);
    this.#port?.giveBack();
    return new Error(message);
  }

  async #start(health: "starting" | "restarting"): Promise<void> {
    const { signal } = this.#stopping;
    signal.throwIfAborted();
    this.#starts++;
    this.#set(health, this.#note);
    const process = await this.#launch();
    this.#process = process;
    this.#options.changed();
    try {
      const served = await this.#answered(process, signal);
      this.#version = served.version;
    } catch (error) {
      await process.end(SHORT_GRACE);
      signal.throwIfAborted();
      if (!(error instanceof StartFailure)) throw error;
      this.#loadsFailed++;
      this.#set("restarting", error.message);
      throw error;
    }
    this.#loadsFailed = 0;
    this.#upSince = Date.now();
    this.#set("up", this.#note);
    void process.ended.then((outcome) => this.#died(process, outcome));
  }

  #launch(): Promise<ServerProcess> {
    const { index, gpus, model, script, media, address, env, watchdog } = this.#options;
    const devices = gpus.join(",");
    const port = String(this.#port!.number);
    return ServerProcess.start({
      script,
      log: this.#log,
      heading: `-- start ${this.#starts}, ${new Date().toISOString()}, port ${port}, GPUs ${devices}: ${script}`,
      watchdog,
      env: {
        ...env,
        CUDA_VISIBLE_DEVICES: devices,
        FIGLOOM_SERVER: String(index),
        FIGLOOM_MODEL: model,
        FIGLOOM_HOST: address,
        FIGLOOM_PORT: port,
        FIGLOOM_GPUS: devices,
        FIGLOOM_TENSOR_PARALLEL: String(gpus.length),
        FIGLOOM_MEDIA: media,
        FIGLOOM_NODE: globalThis.process.execPath,
      },
    });
  }

  async #answered(process: ServerProcess, stopping: AbortSignal): Promise<Served> {
    const { patience, model, env } = this.#options;
    const done = new AbortController();
    const late = AbortSignal.timeout(patience * 1000);
    const signal = AbortSignal.any([stopping, done.signal, late]);
    const answering = whenAnswering(this.endpoint, env.FIGLOOM_API_KEY || null, signal);
    answering.catch(() => undefined);
    try {
      const first = await Promise.race([answering, process.ended.then((outcome) => ({ outcome }))]);
      if ("outcome" in first) throw this.#failure(troubleIn(await process.said(), first.outcome));
      if (!first.models.includes(model)) throw this.#failure(otherModel(first.models, model));
      return first;
    } catch (error) {
      if (!late.aborted || error instanceof StartFailure) throw error;
      const { why, wayOut } = troubleIn(await process.said(), null);
      throw this.#failure({
        kind: "late",
        why: `${why}, after ${patience} s`,
        wayOut: `${wayOut} ${PATIENCE}`,
      });
    } finally {
      done.abort();
    }
  }

  #failure(trouble: Trouble): StartFailure {
    return new StartFailure(
      trouble,
      `${this.#who} did not start: ${trouble.why}. ${trouble.wayOut} Log: ${this.#log}`,
    );
  }

  async #died(process: ServerProcess, outcome: Outcome): Promise<void> {
    if (this.#process !== process || this.#busy || this.#stopping.signal.aborted) return;
    this.#countDeath();
    const { why, wayOut } = troubleIn(await process.said(), outcome);
    this.#set("restarting", `${this.#who} died: ${why}. ${wayOut} Log: ${this.#log}`);
    this.revive().catch((error: unknown) => {
      if (this.#health !== "gone" && !this.#stopping.signal.aborted) this.#set("gone", errorText(error));
    });
  }

  #countDeath(): void {
    if (Date.now() - this.#upSince >= STEADY_MS) this.#deaths = 0;
    this.#deaths++;
  }

  get #who(): string {
    const { gpus, node } = this.#options;
    return `The server on GPU ${gpus.join(", ")} of ${node}`;
  }
}

const PATIENCE = "Large models take many minutes to load: give it more patience if it was still loading.";

const otherModel = (models: string[], model: string): Trouble => ({
  kind: "setting",
  why: `it serves ${models.map((name) => `"${name}"`).join(", ")}, not "${model}"`,
  wayOut: 'Let the script pass --served-model-name "$FIGLOOM_MODEL".',
});
