import { rmSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { look } from "../../../cluster/src/launch/look.js";
import { openRun } from "../../../cluster/src/launch/read.js";
import { beatFile } from "../../../cluster/src/run/beats.js";
import { readPlan } from "../../../cluster/src/run/plan-file.js";
import type { PhaseFolder, RunFolder } from "../../../cluster/src/run/places.js";
import { readRun } from "../../../kernel-lib/src/work/events-file.js";
import type { Part } from "../support/report.js";
import { median, timed } from "../support/timing.js";
import { Datasets } from "../views/datasets.js";
import { makeRun, programs, run } from "./sides.js";
import type { Task } from "./task.js";

const FIGURES = 15_500_000;
const WORKERS = 64;
/** Bytes of one progress event, and how often one is written in a run of two days. */
const EVENTS = 43 * 720;

interface Measured {
  shards: number;
  "planning s": number;
  "planning, processor s": number;
  "planning, most MiB": number;
  "status s": number;
  "reading all events s": number;
}

const SPEC: Task["spec"] = { stage: "recaption", ask: null, where: null, limit: null, retryFailed: false };

/** Planning a run of 15.5 million figures, and asking such a run how it stands. */
export async function benchLarge(
  rounds: number,
  scratch: string,
  figures = FIGURES,
  datasets = scratch,
): Promise<Part> {
  const dataset = await new Datasets(datasets, console.error).of(figures, "scores");
  const folder = await programs();
  const rows: Measured[] = [];
  for (let round = 0; round < rounds; round++) {
    const made = await makeRun(dataset, { spec: SPEC, shardSize: 10_000, workers: WORKERS });
    try {
      const planning = await run(folder, "plan", { dataset, run: made.path, spec: SPEC, idle: null });
      const shards = await pretendDone(made);
      const launched = await openRun(dataset, made.path.split("/").at(-1)!);
      rows.push({
        shards,
        "planning s": planning.seconds,
        "planning, processor s": planning.cpu,
        "planning, most MiB": planning.resident,
        "status s": (await timed(() => look(launched))) / 1000,
        "reading all events s": (await timed(() => readRun(dataset, launched.plan.run))) / 1000,
      });
    } finally {
      rmSync(made.path, { recursive: true, force: true });
    }
  }
  const of = (name: keyof Measured) => median(rows.map((row) => row[name]));
  return {
    title: "Planning a run into shards of 10,000, and asking it how it stands when it is nearly done",
    items: `${figures.toLocaleString("en")} figures, ${WORKERS} workers, ${EVENTS.toLocaleString("en")} events`,
    commands: { planning: "a process of its own: opens the dataset, plans, writes plan.jsonl" },
    figures: { "planning s": of("planning s"), "status s": of("status s") },
    rows: rows.map((row) => ({ ...row })),
  };
}

/** What a run leaves behind, but for its last shard. @returns how many shards it has */
async function pretendDone(made: RunFolder): Promise<number> {
  const phase = made.phase("1-bench");
  const shards = (await readPlan(phase))!;
  for (const folder of [phase.done, phase.collected, made.workers]) await mkdir(folder, { recursive: true });
  for (const { id, items } of shards.slice(0, -1)) await pretendShard(phase, id, items);
  for (let i = 0; i < WORKERS; i++) {
    const worker = `w${i}.0.abc`;
    const state = {
      ...{ worker, phase: "1-bench", job: "bench", task: `w${i}`, restart: 0, host: `n${i}`, pid: 1 },
      ...{ started: 1, beat: 9, at: 2, status: "working", note: null, done: 5, failed: 1, reasons: {} },
      ...{ servers: [], failures: [], shards: [], usage: null, reused: 0, failedBefore: 0 },
    };
    await writeFile(beatFile(made, worker), JSON.stringify(state));
  }
  await writeFile(join(made.path, "events.jsonl"), events(made.path.split("/").at(-1)!));
  return shards.length;
}

async function pretendShard(phase: PhaseFolder, shard: string, total: number): Promise<void> {
  const counts = {
    ...{ done: total, failed: 0, failedBefore: 0, reused: 0, total, seconds: 100 },
    ...{ usage: null, reasons: {}, givenUp: null },
  };
  const done = {
    ...{ shard, attempt: 1, worker: "w0.0.abc", deaths: 0, results: null, settled: null, counts },
    at: new Date(0).toISOString(),
  };
  await writeFile(join(phase.done, `${shard}.json`), JSON.stringify(done));
  await writeFile(join(phase.collected, shard), "");
}

function events(run: string): string {
  const head = {
    ...{ at: 0, event: "start", run, dataset: null, verb: "run", title: "bench", host: "h", pid: 1 },
    process: null,
  };
  const lines = Array.from({ length: EVENTS }, (_, i) => {
    const part = { stage: "recaption", done: i * 500, failed: i, failedBefore: 0, reused: 0, total: FIGURES };
    const usage = { prompt_tokens: i * 1e6, completion_tokens: i * 1e5, cost: null };
    return JSON.stringify({
      ...{ at: i * 5000, event: "progress", index: 0, part: { ...part, seconds: i * 5 } },
      ...{ note: null, usage, reasons: { "no-image": i } },
    });
  });
  return `${[JSON.stringify(head), ...lines].join("\n")}\n`;
}
