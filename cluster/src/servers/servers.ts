/** The vLLM servers of one node: started, looked after, and ended with the worker that asks them. */
import { hostname } from "node:os";
import { existsSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { ConfigurationError } from "figloom/errors";
import type { RunServer } from "figloom/stages";
import type { Serving } from "../run/plan.js";
import { shareGpus, visibleGpus } from "./gpus.js";
import { Server, StartFailure, type ServerState } from "./server.js";
import { Watchdog } from "./watchdog.js";

/** Servers that are to be started, as a plan says. */
export type OwnServing = Extract<Serving, { script: string }>;

export interface StartOptions {
  /** Absolute folder that servers may read pictures from: the dataset's. */
  folder: string;
  /** Folder for a log of each server, which all its starts are added to. Of this worker alone. */
  logs: string;
  /** What servers find in their environment, `FIGLOOM_API_KEY` and `HF_TOKEN` among it, which the script gives on.
   * @default process.env */
  env?: NodeJS.ProcessEnv;
  /** Ends the starting; once they are started, `stop` ends them. */
  signal: AbortSignal;
  /** Most GPUs to use, and how many there are where neither CUDA_VISIBLE_DEVICES nor nvidia-smi says.
   * @default all that are visible */
  gpus?: number | null;
  /** Whether they listen for other machines, too. @default false */
  expose?: boolean;
  /** Told at every change, with all servers. */
  onState?: (states: ServerState[]) => void;
}

export interface NodeServers {
  /** Addresses from this node, for `vllm({ endpoints })`; those that are still being tried again are among them. */
  readonly endpoints: string[];
  /** The same servers' addresses from other machines. */
  readonly advertised: string[];
  readonly states: ServerState[];
  /** Resolves when every server has been given up, with why: this node is of no more use. Never after `stop`. */
  readonly gone: Promise<string>;
  /**
   * For `vllm({ restart })`: ends a server that hangs or died, and starts it again.
   * @throws {Error} when it does not come back
   */
  restart(endpoint: string): Promise<void>;
  /** Lets servers finish what they have for so long, and ends them. @param graceSeconds 30 unless given */
  stop(graceSeconds?: number): Promise<void>;
}

/** No server of this node could be started, for reasons that lie in the node or in the moment: elsewhere they may. */
export class ServersError extends Error {
  override readonly name = "ServersError";
}

/** Times that starting is tried before the node is given up, each time on other GPUs where there are some. */
const FIRST_TRIES = 3;
/** Before it is tried on the same ones: what an earlier worker has left may still be going. */
const PAUSE_MS = 2000;
const GRACE_SECONDS = 30;

/**
 * Starts the servers of this node, one for every `gpusEach` GPUs. The first starts alone, so that the others find the
 * model in the machine's memory and what vLLM compiles in its cache: several that compile at once spoil it. Returns when
 * one is up and every other is, too, or has failed once; those are tried again meanwhile, a bounded number of times, as
 * are servers that die. All processes end with this one, however it ends.
 *
 * @throws {ConfigurationError} where it would fail alike on every node: no script, a program or model that is not there
 * @throws {ServersError} where none starts on this node
 * @throws the signal's reason when it is aborted; nothing is left behind
 */
export async function startServers(
  { model, script, gpusEach, patience }: OwnServing,
  { folder, logs, env = process.env, signal, gpus = null, expose = false, onState }: StartOptions,
): Promise<NodeServers> {
  signal.throwIfAborted();
  if (!existsSync(script))
    throw new ConfigurationError(`The script that starts servers, ${script}, is not there: give another.`);
  // On Slurm several nodes may share a host name, and a node's name need not be one.
  const [host, node] = [hostname(), env.SLURMD_NODENAME || hostname()];
  const watchdog = new Watchdog();
  const servers: Server[] = [];
  let onGone = (_why: string) => {};
  const gone = new Promise<string>((resolve) => (onGone = resolve));
  const states = () => servers.map(({ state }) => state);
  const changed = () => {
    onState?.(states());
    if (servers.length > 0 && servers.every(({ health }) => health === "gone"))
      onGone(states()[0]!.note ?? "");
  };
  shareGpus(visibleGpus(env, gpus), gpusEach, node).forEach((own, index) =>
    servers.push(
      new Server({
        ...{
          index,
          gpus: own,
          model,
          script,
          patience,
          media: folder,
          host,
          node,
          env,
          logs,
          watchdog,
          changed,
        },
        address: expose ? "0.0.0.0" : "127.0.0.1",
      }),
    ),
  );
  const stop = async (graceSeconds = GRACE_SECONDS) => {
    await Promise.all(servers.map((server) => server.stop(graceSeconds)));
    watchdog.close();
  };
  const onAbort = () => void stop(0);
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    await openAll(servers, signal);
  } catch (error) {
    await stop(0);
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
  const known = servers.filter(({ health, endpoint }) => health !== "gone" && endpoint !== "");
  return {
    endpoints: known.map(({ endpoint }) => endpoint),
    advertised: known.map(({ state }) => state.advertised),
    get states() {
      return states();
    },
    gone,
    restart: async (endpoint) => {
      const server = known.find(({ state }) => state.endpoint === endpoint || state.advertised === endpoint);
      if (!server) throw new Error(`${endpoint} is none of this node's servers.`);
      await server.restart();
    },
    stop,
  };
}

/** One alone, until one is up; then the others at once, those that failed among them. */
async function openAll(servers: readonly Server[], signal: AbortSignal): Promise<void> {
  const failed = new Set<Server>();
  for (let tries = 0; ; tries++) {
    const server = servers[tries % servers.length]!;
    if (tries >= servers.length) await sleep(PAUSE_MS, undefined, { signal });
    const failure = await opened(server);
    if (!failure) {
      failed.delete(server);
      break;
    }
    failed.add(server);
    const { kind } = failure.trouble;
    if (kind === "setting") throw new ConfigurationError(failure.message);
    if (kind === "late" || tries + 1 === FIRST_TRIES) throw new ServersError(failure.message);
  }
  for (const server of failed) server.revive().catch(() => undefined);
  const others = servers.filter((server) => !failed.has(server) && server.health === "waiting");
  await Promise.all(
    others.map(async (server) => {
      if (await opened(server)) server.revive().catch(() => undefined);
    }),
  );
}

/** Why it did not start, if it did not. */
async function opened(server: Server): Promise<StartFailure | null> {
  try {
    await server.open();
    return null;
  } catch (error) {
    if (error instanceof StartFailure) return error;
    throw error;
  }
}

/** What a run's view shows of a server that nobody asks yet. */
export const asRunServer = ({ endpoint, health }: ServerState): RunServer => ({
  ...{ name: endpoint, health, inFlight: 0, running: null, waiting: null, cacheUsage: null, perSecond: 0 },
});
