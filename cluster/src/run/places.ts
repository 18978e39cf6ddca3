import { join } from "node:path";

/**
 * Where a run's files stand, in `<dataset>/work/<run>/`. All that is known of a run is in them; any process that sees
 * the folder can go on from there.
 *
 * ```
 * events.jsonl                what happens, for those who watch
 * run.json                    what it is; written before anything is submitted
 * control.json                what people want of it: to run, to pause, to be cancelled
 * stop.json                   why it stopped itself; the first counts
 * prompt/                     copies of its prompts
 * jobs/<n>.json               jobs that were, or may have been, given to the engine
 * workers/<worker>.json       heartbeat and figures of each worker
 * coordinator/<n>.json        leases of the coordinator's role
 * report.{json,md}            at the end
 * phases/<phase>/
 *   plan.jsonl                its shards; whole or not there
 *   leases/<shard>/<n>.json   numbered; the number fences what its holder writes
 *   attempts/<shard>/<n>.jsonl, <n>.begun.jsonl
 *   results/<shard>.<n>.jsonl, <shard>.<n>.settled.jsonl
 *   done/<shard>.json         the commit; the first counts
 *   collected/<shard>         its results are in the dataset
 *   finished.json             all are
 * ```
 */
export class RunFolder {
  constructor(
    /** Absolute. */
    readonly path: string,
  ) {}

  get plan(): string {
    return join(this.path, "run.json");
  }
  get control(): string {
    return join(this.path, "control.json");
  }
  get stop(): string {
    return join(this.path, "stop.json");
  }
  get prompts(): string {
    return join(this.path, "prompt");
  }
  get jobs(): string {
    return join(this.path, "jobs");
  }
  get workers(): string {
    return join(this.path, "workers");
  }
  get coordinator(): string {
    return join(this.path, "coordinator");
  }
  report(ending: "json" | "md"): string {
    return join(this.path, `report.${ending}`);
  }
  phase(id: string): PhaseFolder {
    return new PhaseFolder(join(this.path, "phases", id));
  }
}

/** See {@link RunFolder}. */
export class PhaseFolder {
  constructor(readonly path: string) {}

  get plan(): string {
    return join(this.path, "plan.jsonl");
  }
  get finished(): string {
    return join(this.path, "finished.json");
  }
  get attempts(): string {
    return join(this.path, "attempts");
  }
  get results(): string {
    return join(this.path, "results");
  }
  get done(): string {
    return join(this.path, "done");
  }
  get collected(): string {
    return join(this.path, "collected");
  }
  leases(shard: string): string {
    return join(this.path, "leases", shard);
  }
}
