import { DEFAULT_LIMITS, type RunLimits } from "../../cluster/src/run/plan.js";

/**
 * What a simulated run is like. Seconds, bytes and counts, unless a name says otherwise; a mean of `Infinity` never
 * happens. `docs/scale.md` of the cluster package says where each number comes from and which are guesses.
 */
export interface World {
  figures: number;
  nodes: number;
  /** GPUs of a node, each with a server of its own. */
  servers: number;
  /** Captions a second of one server. */
  captionsPerSecond: number;
  /** Requests that one server has at once. */
  inFlight: number;
  /** Items that a worker's stage has begun at once, for each server. */
  begunPerServer: number;
  /** From a shard's last question to its last answer, retries included. */
  lastAnswer: { median: number; sigma: number };
  /** `null`: by the launcher's rule. */
  shardSize: number | null;
  /** Shards that a worker holds at once. */
  shardsAtOnce: number;
  limits: RunLimits;
  start: Start;
  failures: Failures;
  files: Files;
  scheduler: Scheduler;
  coordinator: Coordinator;
  policy: Policy;
}

export interface Start {
  /** From a task's start to its first read. */
  process: number;
  /** Read by each node from the shared file system before its first server is up. */
  weights: number;
  nodeBytesPerSecond: number;
  sharedBytesPerSecond: number;
  /** After the weights: compiling, warming up, checking the first server. */
  first: number;
  /** The node's other servers, all at once, from the node's page cache. */
  others: number;
}

export interface Failures {
  /** Mean hours between failures of one node. */
  nodeHours: number;
  /** Mean hours until one node is cut off from the scheduler only, so that two copies of its task run. */
  partitionHours: number;
  /** Mean hours between deaths of one server. */
  serverHours: number;
  /** Mean hours until one node is taken away for somebody else's job. */
  preemptionHours: number;
  /** Time limit of a task. */
  limitHours: number;
  /** Share of nodes that are slow, and how fast they are. */
  slowNodes: number;
  slowSpeed: number;
  /** Figures in a million that kill the worker that touches them. */
  poison: number;
}

export interface Files {
  /** One small operation on metadata. */
  operation: number;
  /** Bytes of a result on disk. */
  resultBytes: number;
  /** One flush. */
  flush: number;
  /** Mean hours between stalls of one node's mount, and how long they last. */
  stallHours: number;
  stall: { median: number; sigma: number };
  /** Mean hours between stalls of the whole file system. */
  outageHours: number;
  outage: { median: number; sigma: number };
  /** For how long a node may see an old version of another's file. */
  cache: number;
}

export interface Scheduler {
  startsPerSecond: number;
  /** Mean wait for a node, at the start and when requeued. */
  queue: number;
  /** Until a dead node is taken for dead. */
  nodeTimeout: number;
  /** Until a requeued task may start again. */
  requeueDelay: number;
  /** Mean wait for a node after a preemption. */
  preemptedQueue: number;
}

export interface Coordinator {
  cycle: number;
  /** Results that are brought into the dataset at a time. */
  batch: number;
  rowsPerSecond: number;
}

/** Choices of the protocol that the simulation weighs. */
export interface Policy {
  /** An observer whose own file system stood still begins to watch anew, instead of taking all others for dead. */
  watchAnew: boolean;
  /** A worker that died is started again beside its servers, or by the scheduler on some node, or not at all. */
  restart: "in place" | "requeued" | "never";
}

const HOUR = 3600;
export const HOURS = (hours: number): number => hours * HOUR;

export const WORLD: World = {
  figures: 15_500_000,
  nodes: 8,
  servers: 8,
  captionsPerSecond: 12.5,
  inFlight: 128,
  begunPerServer: 512,
  lastAnswer: { median: 30, sigma: 0.4 },
  shardSize: null,
  shardsAtOnce: 2,
  limits: DEFAULT_LIMITS,
  start: {
    ...{ process: 5, weights: 18e9, nodeBytesPerSecond: 2e9, sharedBytesPerSecond: 20e9 },
    ...{ first: 180, others: 90 },
  },
  failures: {
    ...{ nodeHours: 6300, partitionHours: 50_000, serverHours: 200, preemptionHours: Infinity },
    ...{ limitHours: 24, slowNodes: 0.02, slowSpeed: 0.6, poison: 0.2 },
  },
  files: {
    ...{ operation: 0.002, resultBytes: 1700, flush: 0.005, cache: 0 },
    ...{
      stallHours: 50,
      stall: { median: 10, sigma: 1 },
      outageHours: 100,
      outage: { median: 90, sigma: 0.5 },
    },
  },
  scheduler: { startsPerSecond: 7, queue: 60, nodeTimeout: 300, requeueDelay: 120, preemptedQueue: 1800 },
  coordinator: { cycle: 5, batch: 150_000, rowsPerSecond: 30_000 },
  policy: { watchAnew: true, restart: "in place" },
};

/** {@link WORLD} but for what is given, group by group. */
export function worldWith(changes: { [Key in keyof World]?: Partial<World[Key]> }): World {
  const groups = Object.entries(changes).map(([name, change]) => {
    const before = WORLD[name as keyof World];
    return [name, typeof change === "object" ? { ...(before as object), ...(change as object) } : change];
  });
  return { ...WORLD, ...(Object.fromEntries(groups) as Partial<World>) };
}
