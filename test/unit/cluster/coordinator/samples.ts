import type { WorkerState } from "../../../../cluster/src/run/beats.js";

/** A worker that has done nothing yet. */
export const worker = (name: string, more: Partial<WorkerState> = {}): WorkerState => ({
  ...{ worker: name, phase: "1-recaption", job: "7", task: name, restart: 0, host: `node-${name}`, pid: 1 },
  ...{ started: 0, begun: 0, at: 0, beat: 1, status: "working", note: null },
  ...{ done: 0, failed: 0, failedBefore: 0, reused: 0, usage: null, servers: [], programs: [], notices: [] },
  ...{ failures: [], reasons: {}, shards: [] },
  ...more,
});

export const shard = (name: string, lease: number, done: number, more = {}) => ({
  ...{ shard: name, lease, done, failed: 0, failedBefore: 0, reused: 0, total: 10 },
  ...more,
});
