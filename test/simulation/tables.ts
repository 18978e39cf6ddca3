import { median } from "../bench/support/timing.js";
import type { Outcome } from "./outcome.js";
import { simulated } from "./simulate.js";
import { type World, worldWith } from "./world.js";

type Changes = Parameters<typeof worldWith>[0];
export type Row = Record<string, string | number>;

/** One line of a table: what is varied, and what came of it. */
interface Case {
  names: Row;
  changes: Changes;
}

/** What the same for all cases of a table is, but for the cases' own changes. */
export interface Setting {
  figures: number;
  seeds: number;
}

const NODES = [1, 2, 4, 8, 16, 32, 64];
const NOTHING_FAILS: Partial<World["failures"]> = {
  ...{ nodeHours: Infinity, partitionHours: Infinity, serverHours: Infinity, slowNodes: 0, poison: 0 },
};

export const TABLES = {
  nodes: {
    title: "Nodes of eight GPUs",
    cases: () => NODES.map((nodes) => ({ names: { nodes }, changes: { nodes } })),
    columns: losses,
  },
  rates: {
    title: "Captions a second of one GPU, on 8 nodes",
    cases: () =>
      [3.8, 10, 12.5, 15, 30].map((captionsPerSecond) => ({
        names: { "captions/s/GPU": captionsPerSecond },
        changes: { captionsPerSecond },
      })),
    columns: losses,
  },
  failures: {
    title: "Failures of nodes; a server dies ten times as often",
    cases: () =>
      [8, 64].flatMap((nodes) =>
        [Infinity, 6300, 500, 50, 10].map((nodeHours) => ({
          names: { nodes, "node fails every": Number.isFinite(nodeHours) ? `${nodeHours} h` : "never" },
          changes: {
            nodes,
            failures: Number.isFinite(nodeHours)
              ? { nodeHours, serverHours: nodeHours / 10, partitionHours: nodeHours * 8 }
              : NOTHING_FAILS,
          },
        })),
      ),
    columns: failures,
  },
  leaving: {
    title: "Time limits and preemptions, on 8 nodes",
    cases: () => [
      ...[24, 8, 4, 2, 1].map((limitHours) => ({
        names: { "time limit": `${limitHours} h`, "preempted every": "never" },
        changes: { failures: { limitHours } },
      })),
      ...[8, 2, 1].map((preemptionHours) => ({
        names: { "time limit": "24 h", "preempted every": `${preemptionHours} h` },
        changes: { failures: { preemptionHours } },
      })),
    ],
    columns: failures,
  },
  start: {
    title: "Weights read by each node from a shared 20 GB/s, on 64 nodes",
    cases: () =>
      [18e9, 62e9, 240e9].map((weights) => ({
        names: { "weights GB": weights / 1e9 },
        changes: { nodes: 64, start: { weights } },
      })),
    columns: losses,
  },
  shards: {
    title: "Size of shards, and how many a worker has at once, on 8 nodes",
    cases: () =>
      [500, 1000, 2000, 5000, 10_000, 20_000].flatMap((shardSize) =>
        [2, 4].map((shardsAtOnce) => ({
          names: { figures: shardSize, "at once": shardsAtOnce },
          changes: { shardSize, shardsAtOnce },
        })),
      ),
    columns: shards,
  },
  answers: {
    title: "Seconds to a shard's last answer, on 8 nodes",
    cases: () =>
      [15, 30, 60, 120].flatMap((median) =>
        [2, 4].map((shardsAtOnce) => ({
          names: { "last answer s": median, "at once": shardsAtOnce },
          changes: { lastAnswer: { median }, shardsAtOnce },
        })),
      ),
    columns: shards,
  },
  stale: {
    title:
      "Seconds of silence until a lease is taken over, on 64 nodes that fail every 50 h, with stalls every 2 h",
    cases: () =>
      [0, 60].flatMap((cache) =>
        [15, 30, 60, 120, 300, 900].map((staleSeconds) => ({
          names: { "files seen after s": cache, "stale s": staleSeconds },
          changes: {
            nodes: 64,
            limits: { staleSeconds },
            failures: { nodeHours: 50 },
            files: { cache, stallHours: 2, stall: { median: 20, sigma: 1.2 } },
          },
        })),
      ),
    columns: leases,
  },
  workers: {
    title: "Who starts a worker again that a figure has killed, on 8 nodes, 15 such figures",
    cases: () =>
      (["in place", "requeued", "never"] as const).map((restart) => ({
        names: { restarted: restart },
        changes: { failures: { poison: 1 }, policy: { restart } },
      })),
    columns: losses,
  },
  files: {
    title: "What the shared file system is asked for, a second, while the run works",
    cases: () => NODES.map((nodes) => ({ names: { nodes }, changes: { nodes } })),
    columns: files,
  },
} satisfies Record<string, { title: string; cases: () => Case[]; columns: (outcomes: Outcome[]) => Row }>;

export function rowsOf(name: keyof typeof TABLES, { figures: count, seeds }: Setting): Row[] {
  const { cases, columns } = TABLES[name];
  return (cases() as Case[]).map(({ names, changes }) => ({
    ...names,
    ...columns(simulated(worldWith({ figures: count, ...changes }), seeds)),
  }));
}

const middle = (outcomes: Outcome[], of: (outcome: Outcome) => number): number => median(outcomes.map(of));
const percent = (share: number): number => Number((100 * share).toFixed(1));

function time(outcomes: Outcome[]): Row {
  const ended = outcomes.filter(({ finished }) => finished);
  if (ended.length < outcomes.length) return { "hours (longest)": "never", "GPU-hours": "-" };
  const [hours, longest] = [
    middle(outcomes, (each) => each.hours),
    Math.max(...outcomes.map((each) => each.hours)),
  ];
  return {
    "hours (longest)": `${hours.toFixed(2)} (${longest.toFixed(2)})`,
    "GPU-hours": Math.round(8 * middle(outcomes, ({ nodeHours }) => nodeHours)),
  };
}

/** Percent of the nodes' time. */
function share(outcomes: Outcome[], ...purposes: (keyof Outcome["spent"])[]): number {
  const of = ({ spent, nodeHours }: Outcome) =>
    purposes.reduce((sum, each) => sum + spent[each], 0) / nodeHours;
  return percent(middle(outcomes, of));
}

function losses(outcomes: Outcome[]): Row {
  return {
    ...time(outcomes),
    "working %": share(outcomes, "working"),
    "starting %": share(outcomes, "starting"),
    "last answers %": share(outcomes, "lastAnswers"),
    "failures %": share(outcomes, "again", "dead", "serverDown", "stalled", "narrow", "leaving"),
    "slow nodes %": share(outcomes, "slow"),
    "waiting, collecting %": share(outcomes, "waiting", "collecting"),
  };
}

function failures(outcomes: Outcome[]): Row {
  const restarts = ({ endings }: Outcome) =>
    endings["node failed"] + endings.preempted + endings["time limit"] + endings.replaced;
  return {
    ...time(outcomes),
    "working %": share(outcomes, "working"),
    "starting %": share(outcomes, "starting"),
    "dead %": share(outcomes, "dead"),
    "servers down %": share(outcomes, "serverDown"),
    "asked again %": Number(share(outcomes, "again")),
    restarts: middle(outcomes, restarts),
    "asked again": Math.round(middle(outcomes, ({ again }) => again)),
  };
}

function shards(outcomes: Outcome[]): Row {
  return {
    ...{ "shard size": outcomes[0]!.shardSize, shards: outcomes[0]!.shards, ...time(outcomes) },
    "working %": share(outcomes, "working"),
    "last answers %": share(outcomes, "lastAnswers"),
  };
}

function leases(outcomes: Outcome[]): Row {
  return {
    ...time(outcomes),
    "waiting %": share(outcomes, "waiting"),
    "asked again %": share(outcomes, "again"),
    "taken over": middle(outcomes, ({ takeovers }) => takeovers),
    "of the living": middle(outcomes, ({ mistaken }) => mistaken),
  };
}

function files(outcomes: Outcome[]): Row {
  const perSecond = (of: (outcome: Outcome) => number) =>
    middle(outcomes, (each) => of(each) / (each.hours * 3600));
  return {
    "changes of folders": perSecond(({ operations }) => operations.changes),
    flushes: perSecond(({ operations }) => operations.flushes),
    lookups: perSecond(({ operations }) => operations.lookups),
    "of these for images": perSecond(({ images }) => images),
    listings: perSecond(({ operations }) => operations.listings),
    "MB written": perSecond(({ operations }) => operations.bytes / 1e6),
  };
}
