import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { beatFile, Beats, type WorkerState } from "../../../../cluster/src/run/beats.js";
import { takeShard, type ShardCounts } from "../../../../cluster/src/run/commit.js";
import type { Holder, Lease } from "../../../../cluster/src/run/leases.js";
import { RunFolder, type PhaseFolder } from "../../../../cluster/src/run/places.js";

export const PHASE = "1-score";
export const SHARD = "00000001";

/** Closes an attempt's files when the test has ended, and not before: within it it may have died. */
export function closing<A extends { leave(): Promise<void> }>(attempt: A): A {
  onTestFinished(() => attempt.leave());
  return attempt;
}

/** A run's folder with nothing in it, gone after the test. */
export function emptyRun(): RunFolder {
  const run = new RunFolder(mkdtempSync(join(tmpdir(), "figloom-run-")));
  onTestFinished(() => rmSync(run.path, { recursive: true, force: true }));
  return run;
}

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

/** Writes a worker's heartbeat as another process would. */
export function beat(run: RunFolder, worker: string, more: Partial<WorkerState> = {}): void {
  const state: WorkerState = {
    ...{ worker, phase: PHASE, job: "7", task: worker, restart: 0, host: `node-of-${worker}`, pid: 1 },
    ...{ started: 0, begun: 0, at: 0, beat: 1, status: "working", note: null, usage: null },
    ...{ done: 0, failed: 0, failedBefore: 0, reused: 0 },
    ...{ servers: [], programs: [], notices: [], failures: [], reasons: {}, shards: [] },
    ...more,
  };
  mkdirSync(run.workers, { recursive: true });
  writeFileSync(beatFile(run, worker), JSON.stringify(state));
}

/** A watcher of heartbeats with a clock that stands still unless it is moved. */
export function watcher(run: RunFolder, staleMs = 60_000) {
  let now = 0;
  const beats = new Beats(run, staleMs, () => now);
  return {
    beats,
    /** Looks as often as it takes to see somebody silent for so long. */
    async waitFor(ms: number): Promise<void> {
      for (const end = now + ms; now < end;) {
        now = Math.min(end, now + 5_000);
        await beats.look();
      }
    },
    pass(ms: number): void {
      now += ms;
    },
  };
}

/** Takes a shard that must be free. */
export async function taken(phase: PhaseFolder, self: Holder, beats: Beats): Promise<Lease> {
  const lease = await takeShard(phase, SHARD, self, beats);
  if (lease === null || lease === "done") throw new Error(`Not taken: ${String(lease)}.`);
  return lease;
}

export const COUNTS: ShardCounts = {
  ...{ done: 1, failed: 0, failedBefore: 0, reused: 0, total: 1, seconds: 1 },
  ...{ usage: null, reasons: {}, givenUp: null },
};
