import type { Done } from "../run/commit.js";
import { DoneShards } from "../run/done.js";
import { collectedShards, isFinished } from "../run/finish.js";
import type { PhaseFolder, RunFolder } from "../run/places.js";
import { readPlan } from "../run/plan-file.js";
import type { PhasePlan } from "../run/plan.js";
import { NOTHING, plus, type Counts } from "./telling.js";

/** A phase as it stands on the disk. */
export class Desk {
  readonly folder: PhaseFolder;
  readonly done: DoneShards;
  /** `null` before it is planned. */
  planned: { shards: number; items: number } | null = null;
  isFinished = false;
  /** Shards whose results are in the dataset. */
  readonly collected = new Set<string>();
  /** Of all shards that are done. */
  counts: Counts = NOTHING;
  givenUp = 0;

  constructor(
    run: RunFolder,
    readonly phase: PhasePlan,
    /** Which of the run's phases, from 0. */
    readonly index: number,
  ) {
    this.folder = run.phase(phase.id);
    this.done = new DoneShards(this.folder);
  }

  /** What is new since the last look. Reads each marker once. */
  async look(): Promise<void> {
    if (!this.planned) {
      const shards = await readPlan(this.folder);
      this.planned = shards && {
        shards: shards.length,
        items: shards.reduce((sum, { items }) => sum + items, 0),
      };
    }
    for (const { counts } of await this.done.look()) {
      this.counts = plus(this.counts, counts);
      if (counts.givenUp !== null) this.givenUp++;
    }
    if (this.collected.size < this.done.all.size)
      for (const shard of await collectedShards(this.folder)) this.collected.add(shard);
    this.isFinished ||= isFinished(this.folder);
  }

  /** Whether no shard is left to be worked on. */
  get isDone(): boolean {
    return this.planned !== null && this.done.all.size >= this.planned.shards;
  }

  /** Done, and not in the dataset yet, in order. */
  get waiting(): Done[] {
    return [...this.done.all.values()]
      .filter(({ shard }) => !this.collected.has(shard))
      .sort((a, b) => (a.shard < b.shard ? -1 : 1));
  }
}
