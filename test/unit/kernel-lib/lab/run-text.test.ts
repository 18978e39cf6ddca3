import { expect, test } from "vitest";
import type { LaunchPlan } from "../../../../kernel-lib/src/lab/launch-options.js";
import { logText, planText, statusReport } from "../../../../kernel-lib/src/lab/run-text.js";
import type { ClusterStatus } from "../../../../kernel-lib/src/work/cluster-runs.js";

const status: ClusterStatus = {
  ...{ run: "r", title: "recaption", engine: "slurm", state: "paused" },
  said: "Paused: no task is left, 3 shards are open; resume it.",
  phases: [
    { id: "1-ingest", shards: 4, done: 4, collected: 4, finished: true },
    { id: "2-recaption", shards: 8000, done: 5000, collected: 4990, finished: false },
    { id: "3-score", shards: null, done: 0, collected: 0, finished: false },
  ],
  tasks: [
    {
      ...{ phase: "2-recaption", task: "w0", state: "running", host: "n1", restarts: 1, worker: null },
      said: "works; started anew once",
    },
    {
      ...{ phase: "3-score", task: "w0", state: "queued", host: null, restarts: 0, worker: null },
      said: "waits\u001b[2J for its turn",
    },
  ],
};

test("a status is a sentence, a line for each phase, and a line for each task", () => {
  expect(statusReport(status).split("\n")).toEqual([
    "r  recaption, on slurm: paused. No task is left, 3 shards are open; resume it.",
    "  1-ingest: finished, 4 shards",
    "  2-recaption: 5,000 of 8,000 shards done, 4,990 in the dataset",
    "  3-score: not planned yet",
    "  2-recaption w0: running on n1, works; started anew once",
    expect.stringMatching(/^ {2}3-score w0: queued, waits.*for its turn$/),
  ]);
  expect(statusReport(status)).not.toContain("\u001b");
});

test("of hundreds of tasks some are listed, the others counted", () => {
  const tasks = Array.from({ length: 200 }, () => status.tasks[0]!);
  const lines = statusReport({ ...status, tasks }).split("\n");
  expect(lines).toHaveLength(45);
  expect(lines.at(-1)).toBe("  … and 160 tasks more");
});

test("logs stand under the task that wrote them", () => {
  const log = { phase: "1-score", task: "w0", why: "lease 1 of 00000007, 1-score" };
  expect(
    logText([
      { ...log, stdout: "one\ntwo\n", stderr: "bad\u001b[31m\n" },
      { ...log, stdout: "", stderr: "" },
    ]),
  ).toMatch(
    /^== 1-score w0 \(lease 1 of 00000007, 1-score\)\none\ntwo\n-- stderr\nbad[^\u001b]*\n== 1-score w0 .*\n\(nothing was written\)$/,
  );
});

test("a plan tells what is to be done, what is not sure, and what hinders it", () => {
  const left = (todo: number | null) => ({ todo, after: [], rate: null, hours: null, gpu_hours: null });
  const plan: LaunchPlan = {
    ...{
      run: "r",
      title: "recaption with context@m, score support",
      engine: "slurm",
      estimate: null,
      gpus: 16,
      takes: {
        hours: 3,
        gpu_hours: 48,
        cost: null,
        open: ["2-score"],
        said: "Together at least 3 h 0 min.",
        advice: "Try some.",
      },
    },
    phases: [
      {
        ...{ id: "1-recaption", stage: "recaption", title: "recaption", ...left(15_500_000) },
        ...{
          said: "15,500,000 figures to caption; about 3 h 0 min",
          items: 15_500_000,
          shards: 1550,
          shardSize: 10_000,
        },
        ...{ workers: 2, gpus: 8 },
      },
      {
        ...{ id: "2-score", stage: "score", title: "score support", ...left(null) },
        ...{ said: null, items: null, shards: null, shardSize: 200 },
        ...{ workers: 1, gpus: 0 },
      },
    ],
    ...{ doubts: ["/data lies on a tmpfs."], problems: ["There is no partition x."] },
  };
  expect(planText(plan).split("\n")).toEqual([
    "r  recaption with context@m, score support, on slurm",
    "  1-recaption: recaption, 15,500,000 figures in about 1,550 shards, 2 workers of 8 GPUs",
    "    15,500,000 figures to caption; about 3 h 0 min",
    "  2-score: score support, what comes of the phase before, in shards of 200, 1 worker",
    "Together at least 3 h 0 min. Try some.",
    "Not sure: /data lies on a tmpfs.",
    "Cannot be done: There is no partition x.",
  ]);
});
