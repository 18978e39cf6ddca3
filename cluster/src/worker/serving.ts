import { join } from "node:path";
import { vllm, type RunServer, type RunUsage, type VisionModel } from "figloom/stages";
import type { RunFolder } from "../run/places.js";
import type { PhasePlan, RunPlan } from "../run/plan.js";
import { whenAnswering } from "../servers/answering.js";
import {
  asRunServer,
  startServers,
  type NodeServers,
  type OwnServing,
  type ServerState,
} from "../servers/index.js";

/** The model that a worker asks, and the servers behind it. */
export interface Asked {
  /** `undefined` for a phase that asks none. */
  model: VisionModel | undefined;
  servers(): RunServer[];
  usage(): RunUsage | null;
  /** What the servers say to be. */
  programs(): string[];
  /** Resolves when all of them are gone for good, with why. */
  gone: Promise<string>;
  close(graceSeconds: number): Promise<void>;
}

/** So long a server is asked what it is, for the report. */
const VERSION_MS = 60_000;

const NEVER = new Promise<string>(() => undefined);

const NOBODY: Asked = {
  ...{ model: undefined, servers: () => [], usage: () => null, programs: () => [], gone: NEVER },
  close: () => Promise.resolve(),
};

interface Where {
  run: RunFolder;
  plan: RunPlan;
  phase: PhasePlan;
  worker: string;
  /** Ends the starting. */
  signal: AbortSignal;
  /** Told of servers before there is a model. */
  onState(servers: RunServer[]): void;
  onNotice(text: string): void;
}

/**
 * Starts a phase's servers on this node, or finds those that are given.
 * @throws {ConfigurationError} for what would fail on every node
 * @throws {ServersError} where none starts on this one
 */
export async function openModel({
  run,
  plan,
  phase,
  worker,
  signal,
  onState,
  onNotice,
}: Where): Promise<Asked> {
  const { serving } = phase;
  if (!serving) return NOBODY;
  const name = modelOf(phase);
  const own =
    "endpoints" in serving ? null : await startOwn(serving, { run, plan, phase, worker, signal, onState });
  const endpoints = "endpoints" in serving ? serving.endpoints : own!.endpoints;
  const model = vllm({
    ...{ endpoints, patience: "endpoints" in serving ? 60 : serving.patience },
    ...(name !== null && { model: name }),
    ...(own && { restart: (endpoint: string) => own.restart(endpoint) }),
  });
  model.onNotice?.(onNotice);
  const programs: string[] = [];
  if (!own)
    for (const endpoint of endpoints)
      void versionOf(endpoint).then((version) => programs.push(...programOf(version)));
  return {
    model,
    servers: () => serversOf(model, own?.states ?? []),
    usage() {
      const { prompt_tokens, completion_tokens } = model.usage;
      return { prompt_tokens, completion_tokens, cost: null };
    },
    programs: () => [
      ...new Set([...programs, ...(own?.states ?? []).flatMap(({ version }) => programOf(version))]),
    ],
    gone: own?.gone ?? NEVER,
    async close(graceSeconds) {
      await model.close();
      await own?.stop(graceSeconds);
    },
  };
}

async function startOwn(
  serving: OwnServing,
  { run, plan, phase, worker, signal, onState }: Omit<Where, "onNotice">,
): Promise<NodeServers> {
  // Once they are there they are stopped when nobody waits for an answer any more.
  const starting = new AbortController();
  const giveUp = () => starting.abort(signal.reason);
  if (signal.aborted) giveUp();
  signal.addEventListener("abort", giveUp, { once: true });
  try {
    return await startServers(serving, {
      ...{ folder: plan.dataset, logs: join(run.workers, `${worker}.logs`), signal: starting.signal },
      gpus: phase.resources.gpus ?? null,
      onState: (states) => onState(states.map(asRunServer)),
    });
  } finally {
    signal.removeEventListener("abort", giveUp);
  }
}

const programOf = (version: string | null): string[] => (version === null ? [] : [`vLLM ${version}`]);

/** `null` where it does not answer soon, or is no vLLM. */
async function versionOf(endpoint: string): Promise<string | null> {
  try {
    const signal = AbortSignal.timeout(VERSION_MS);
    const url = endpoint.replace(/\/+$/, "").replace(/\/v1$/, "");
    return (await whenAnswering(url, process.env.FIGLOOM_API_KEY || null, signal)).version;
  } catch {
    return null;
  }
}

/** The model that a phase's items are asked of. */
export function modelOf({ spec }: PhasePlan): string | null {
  if (spec.stage === "ocr" && spec.reader.kind === "vllm") return spec.reader.model ?? null;
  return spec.stage === "recaption" && spec.ask ? spec.ask.model : null;
}

/** As the model sees its servers; those that it has not met as they are. */
function serversOf({ serverStates }: VisionModel, own: readonly ServerState[]): RunServer[] {
  const met = (serverStates ?? []).map(
    ({ endpoint, health, inFlight, running, waiting, cacheUsage, perSecond }): RunServer => ({
      ...{ name: endpoint, health, inFlight, running, waiting },
      cacheUsage: cacheUsage === null ? null : Number(cacheUsage.toFixed(3)),
      perSecond: Number(perSecond.toFixed(3)),
    }),
  );
  const known = new Set(met.map(({ name }) => name));
  return [...met, ...own.map(asRunServer).filter(({ name }) => !known.has(name))];
}
