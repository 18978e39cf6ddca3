import type { ShardCounts } from "../../../../cluster/src/run/commit.js";
import type { Holder } from "../../../../cluster/src/run/leases.js";

/** Whoever asks, on a machine of its own. */
export const holder = (worker: string, more: Partial<Holder> = {}): Holder => ({
  worker,
  job: "7",
  task: worker,
  restart: 0,
  host: `node-of-${worker}`,
  pid: 1,
  at: "2026-01-01T00:00:00.000Z",
  ...more,
});

export const COUNTS: ShardCounts = {
  done: 1,
  failed: 0,
  failedBefore: 0,
  reused: 0,
  total: 1,
  seconds: 1,
  usage: null,
  reasons: {},
  givenUp: null,
};
