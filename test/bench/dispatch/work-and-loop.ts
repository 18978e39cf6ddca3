import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { Dataset } from "figloom/stages";
import { EXTRACTIVE, SUPPORT } from "../../support/runs/specs.js";
import { synthesizeLarge } from "../../support/synthetic/large.js";
import type { Part } from "../support/report.js";
import { median } from "../support/timing.js";
import { makeRun, programs, run, type Side } from "./sides.js";
import type { Task } from "./task.js";

const WORKERS = [1, 2, 4];

interface Comparison {
  title: string;
  figures: number;
  spec: Task["spec"];
  /** Figures at the same time, where nothing is done with them. */
  idle: number | null;
  shardSize: number;
  rounds: number;
  scratch: string;
  /** Its files in the dataset. */
  made: string;
}

/** Captions by the extractive captioner: a light stage, so that what is around it shows. */
export const benchCaptions = (rounds: number, scratch: string, figures = 10_000): Promise<Part> =>
  compare({
    ...{ title: "Captions by the extractive captioner: a run on workers beside one plain loop", figures },
    spec: EXTRACTIVE,
    ...{ idle: null, shardSize: 320, rounds, scratch },
    made: "recaptions/extractive/*-recaption.parquet",
  });

/** A stage that does nothing: all that is left is handing figures out and keeping results. */
export const benchIdle = (rounds: number, scratch: string, figures = 1_000_000): Promise<Part> =>
  compare({
    ...{ title: "A stage that does nothing, with results of the size of captions", figures },
    spec: SUPPORT,
    ...{ idle: 1024, shardSize: 10_000, rounds, scratch },
    made: "scores/idle/*.parquet",
  });

async function compare(what: Comparison): Promise<Part> {
  const { figures, rounds, shardSize, title } = what;
  const folder = await programs();
  const sides: [name: string, workers: number, results: Side[]][] = [
    ["one loop", 0, []],
    ...WORKERS.map((workers): [string, number, Side[]] => [`${workers} workers`, workers, []]),
  ];
  for (let round = 0; round < rounds; round++)
    for (const [, workers, results] of sides) results.push(await once(what, folder, workers));
  const of = (results: Side[], key: keyof Side) => median(results.map((side) => side[key]));
  const [[, , loop]] = sides as [(typeof sides)[number]];
  const shards = Math.ceil(figures / shardSize);
  return {
    title,
    items: `${figures.toLocaleString("en")} figures in ${shards} shards, medians of ${rounds}`,
    commands: {
      loop: "the stage over all figures in one process, results straight into the dataset",
      workers: "the worker program: leases, attempts, seals, commits, collecting, report; both ends counted",
    },
    figures: {},
    rows: sides.map(([side, workers, results]) => ({
      side,
      "wall s": of(results, "seconds"),
      "wall, loop = 1": of(results, "seconds") / of(loop, "seconds"),
      "processor s": of(results, "cpu"),
      "processor, loop = 1": of(results, "cpu") / of(loop, "cpu"),
      "µs more a figure": ((of(results, "cpu") - of(loop, "cpu")) / figures) * 1e6,
      "shards/s": workers === 0 ? "-" : shards / of(results, "seconds"),
      "most MiB of one": of(results, "resident"),
    })),
  };
}

/** @param workers 0 for the plain loop */
async function once(what: Comparison, programs: string, workers: number): Promise<Side> {
  const { figures, idle, made, scratch, shardSize, spec } = what;
  const dataset = join(scratch, "dataset");
  rmSync(dataset, { recursive: true, force: true });
  mkdirSync(dataset, { recursive: true });
  if (idle === null) await synthesizeLarge(dataset, { figures });
  else await (await Dataset.openOrCreate(dataset)).make();
  const task: Task = { dataset, run: "", spec, idle: idle === null ? null : { figures, concurrency: idle } };
  if (workers > 0) task.run = (await makeRun(dataset, { spec, shardSize, workers })).path;
  const before = idle === null ? await rowsIn(join(dataset, made)) : 0;
  const side = await (workers > 0 ? run(programs, "work", task, workers) : run(programs, "loop", task));
  const rows = (await rowsIn(join(dataset, made))) - before;
  if (rows !== figures) throw new Error(`${rows} results are there of ${figures}.`);
  return side;
}

async function rowsIn(files: string): Promise<number> {
  const instance = await DuckDBInstance.create();
  try {
    const connection = await instance.connect();
    const answer = await connection.runAndReadAll(`SELECT count(*)::INTEGER FROM read_parquet('${files}')`);
    return Number(answer.getRows()[0]![0]);
  } finally {
    instance.closeSync();
  }
}
