import type { RunFailure, RunPart, RunRate, RunServer, RunShards, RunWorker } from "figloom/stages";
import { hasLeft, type WorkerState } from "../run/beats.js";

/** Items behind a shard, a phase or a run, however they ended. */
export interface Counts {
  done: number;
  failed: number;
  /** Of `failed`, those that an earlier run had failed with. */
  failedBefore: number;
  reused: number;
}

export const NOTHING: Counts = { done: 0, failed: 0, failedBefore: 0, reused: 0 };

export function plus(a: Counts, b: Counts): Counts {
  return {
    done: a.done + b.done,
    failed: a.failed + b.failed,
    failedBefore: a.failedBefore + b.failedBefore,
    reused: a.reused + b.reused,
  };
}

/** Which shards are behind a phase. */
interface Behind {
  has(shard: string): boolean;
}

/**
 * What was done of shards that are not: as their latest holder says, who has counted what those before it left. Of a
 * holder that died its last word stands.
 */
export function atWork(phase: string, states: readonly WorkerState[], done: Behind): Counts {
  const latest = new Map<string, WorkerState["shards"][number]>();
  for (const state of states) {
    if (state.phase !== phase) continue;
    for (const shard of state.shards)
      if (!done.has(shard.shard) && shard.lease >= (latest.get(shard.shard)?.lease ?? 0))
        latest.set(shard.shard, shard);
  }
  return [...latest.values()].reduce(plus, NOTHING);
}

/** A phase's progress. `seconds` are those that anybody worked on it. */
export const partOf = (
  stage: string,
  { done, failed, failedBefore, reused }: Counts,
  { total, seconds, rate }: { total: number | null; seconds: number; rate?: RunRate | null },
): RunPart => ({
  ...{ stage, done, failed, failedBefore, reused, total },
  seconds: Number(seconds.toFixed(2)),
  ...(rate && { rate }),
});

/** How many failed for which reason, as workers counted; the most frequent of them. */
export function reasonsOf(states: readonly WorkerState[], most: number): Record<string, number> {
  const counts = new Map<string, number>();
  for (const { reasons } of states)
    for (const [reason, count] of Object.entries(reasons))
      counts.set(reason, (counts.get(reason) ?? 0) + count);
  const sorted = [...counts].sort(([, a], [, b]) => b - a);
  const others = sorted.slice(most - 1).reduce((sum, [, count]) => sum + count, 0);
  return Object.fromEntries(
    sorted.length <= most ? sorted : [...sorted.slice(0, most - 1), ["others", others]],
  );
}

/** Tokens that all workers used so far, those that died among them. */
export function tokensOf(states: readonly WorkerState[]): {
  prompt_tokens: number;
  completion_tokens: number;
} {
  const sum = { prompt_tokens: 0, completion_tokens: 0 };
  for (const { usage } of states) {
    sum.prompt_tokens += usage?.prompt_tokens ?? 0;
    sum.completion_tokens += usage?.completion_tokens ?? 0;
  }
  return sum;
}

/** Samples that were not told yet; `most` of each reason. */
export function newFailures(
  states: readonly WorkerState[],
  told: { reason: string; samples: RunFailure[] }[],
  most: number,
): RunFailure[] {
  const identity = ({ item, reason }: RunFailure) => JSON.stringify([item, reason]);
  const known = new Set(told.flatMap(({ samples }) => samples.map(identity)));
  const room = new Map(told.map(({ reason, samples }) => [reason, most - samples.length]));
  const fresh: RunFailure[] = [];
  for (const failure of states.flatMap(({ failures }) => failures)) {
    const left = room.get(failure.reason) ?? most;
    if (left <= 0 || known.has(identity(failure))) continue;
    known.add(identity(failure));
    room.set(failure.reason, left - 1);
    fresh.push(failure);
  }
  return fresh;
}

/**
 * What workers have to say and was not told yet, oldest first, each sentence once.
 * @param told what was told of whom; grows
 * @param before sentences that an earlier coordinator has told
 */
export function newNotices(
  states: readonly WorkerState[],
  told: Set<string>,
  before: readonly { text: string }[],
): string[] {
  const isFirst = told.size === 0;
  const known = new Set(isFirst ? before.map(({ text }) => text) : []);
  const fresh = states.flatMap(({ worker, notices }) =>
    notices.flatMap((notice) => {
      const name = JSON.stringify([worker, notice.at, notice.text]);
      if (told.has(name)) return [];
      told.add(name);
      return known.has(notice.text) ? [] : [notice];
    }),
  );
  return [...new Set(fresh.sort((a, b) => a.at - b.at).map(({ text }) => text))];
}

/** Servers of workers that are there, each once however many ask it. */
export function serversOf(
  states: readonly WorkerState[],
  isSilent: (worker: string) => boolean,
): RunServer[] {
  const byName = new Map<string, RunServer>();
  for (const state of states.filter((state) => !hasLeft(state)))
    for (const server of state.servers) {
      const name = named(server.name, state.host);
      const silence = isSilent(state.worker) && { health: "silent", inFlight: 0, perSecond: 0 };
      byName.set(name, together(byName.get(name), { ...server, name, ...silence }));
    }
  return [...byName.values()];
}

/** As seen by two workers: what it says of itself is the same to both, as far as they hear it. */
function together(one: RunServer | undefined, other: RunServer): RunServer {
  if (!one) return other;
  return {
    ...(one.health === "up" ? one : other),
    inFlight: one.inFlight + other.inFlight,
    perSecond: one.perSecond + other.perSecond,
  };
}

/** The address of a node's own server says nothing without the node. */
const named = (address: string, host: string): string =>
  address.replace(/^https?:\/\/(?:127\.0\.0\.1|localhost|\[::1\])(?=[:/]|$)/, host);

/** All workers that have not left, and as many of those that left last as there is room for. */
export function workersOf(
  states: readonly WorkerState[],
  {
    isSilent,
    perSecond,
    done,
    most,
  }: {
    isSilent: (worker: string) => boolean;
    perSecond: (worker: string) => number;
    done: Behind;
    most: number;
  },
): RunWorker[] {
  const sorted = [...states].sort((a, b) => Number(hasLeft(a)) - Number(hasLeft(b)) || b.started - a.started);
  return sorted.slice(0, most).map((state) => {
    const there = !hasLeft(state);
    const silent = there && isSilent(state.worker);
    const { worker, phase, task, restart, host, note, done: made, failed } = state;
    return {
      ...{ worker, phase, task, restart, host, note, done: made, failed },
      status: silent ? "silent" : state.status,
      perSecond: there && !silent ? Number(perSecond(worker).toFixed(3)) : 0,
      shards: there ? state.shards.map(({ shard }) => shard).filter((shard) => !done.has(shard)) : [],
    };
  });
}

/** @param done ids of those done, and of those given up among them */
export function shardsOf(
  phase: string,
  planned: { shards: number } | null,
  { done, givenUp }: { done: number; givenUp: number },
  working: ReadonlySet<string>,
): RunShards {
  return { phase, total: planned?.shards ?? null, done: done - givenUp, atWork: working.size, givenUp };
}

/** Shards that workers who are there say to be at. */
export function shardsAtWork(
  phase: string,
  states: readonly WorkerState[],
  { isSilent, done }: { isSilent: (worker: string) => boolean; done: Behind },
): Set<string> {
  const there = states.filter((state) => state.phase === phase && !hasLeft(state) && !isSilent(state.worker));
  return new Set(
    there.flatMap(({ shards }) => shards.map(({ shard }) => shard)).filter((shard) => !done.has(shard)),
  );
}
