import { shardSizeOf } from "../../cluster/src/run/shard-size.js";
import { Chance } from "./chance.js";
import { Clock } from "./clock.js";
import { Collector } from "./collector.js";
import { OperationCount } from "./operations.js";
import { Pipe } from "./pipe.js";
import { Scheduler, type Task } from "./scheduler.js";
import { type Shard, Shards } from "./shards.js";
import { Spent } from "./spent.js";
import type { Worker } from "./worker.js";
import { HOURS, type World } from "./world.js";

const CAUSES = [
  ...["node", "partition", "preemption", "server", "slow", "stall", "outage", "queue", "answer", "cache"],
  ...["poison", "beat"],
] as const;
type Cause = (typeof CAUSES)[number];

/** One simulated run: a phase of figures, from its submission to its end. */
export class Run {
  readonly clock = new Clock();
  readonly spent = new Spent();
  readonly operations = new OperationCount();
  readonly chance: Record<Cause, Chance>;
  readonly pipe: Pipe;
  readonly shardSize: number;
  readonly shards: Shards;
  readonly scheduler: Scheduler;
  readonly collector: Collector;
  /** Those that live. */
  readonly workers = new Set<Worker>();
  /** Leases that were taken from a silent holder; `alive` ones were not dead. */
  readonly takeovers: { at: number; alive: boolean }[] = [];
  /** Attempts whose work somebody else did. */
  discarded = 0;
  quarantined = 0;
  /** Shards that kept dying. */
  givenUp = 0;
  /** All shards done. */
  lastCommit = 0;
  finished = false;
  /** All results in the dataset. */
  end = 0;

  constructor(
    readonly world: World,
    seed: number,
  ) {
    this.chance = Object.fromEntries(CAUSES.map((cause) => [cause, new Chance(seed, cause)])) as Record<
      Cause,
      Chance
    >;
    const { nodeBytesPerSecond, sharedBytesPerSecond } = world.start;
    this.pipe = new Pipe(this.clock, sharedBytesPerSecond, nodeBytesPerSecond);
    this.shardSize = world.shardSize ?? shardSizeOf("recaption", world.figures, world.nodes);
    this.shards = new Shards(world.figures, this.shardSize);
    this.scheduler = new Scheduler(this);
    this.collector = new Collector(this);
    this.#poison();
  }

  simulate(): this {
    this.scheduler.submit();
    this.#planOutage();
    this.#coordinate();
    this.clock.run();
    return this;
  }

  #poison(): void {
    const { shardSize } = this;
    const { figures, failures } = this.world;
    const count = Math.round((figures * failures.poison) / 1e6);
    for (let i = 0; i < count; i++) {
      const at = Math.floor(this.chance.poison.uniform(0, figures));
      this.shards.all[Math.floor(at / shardSize)]!.poison = at % shardSize;
    }
  }

  #planOutage(): void {
    const { outageHours, outage } = this.world.files;
    this.clock.after(this.chance.outage.exponential(HOURS(outageHours)), () => {
      if (this.finished || this.scheduler.isIdle) return;
      const seconds = this.chance.outage.lognormal(outage.median, outage.sigma);
      for (const { node } of this.scheduler.tasks) node?.stall(seconds);
      this.#planOutage();
    });
  }

  #coordinate(): void {
    if (this.finished || this.scheduler.isIdle) return;
    const [worker] = this.workers;
    if (worker) this.collector.offer(worker);
    if (worker) this.operations.add("cycle");
    // Each worker looks at all others, once in the time between two heartbeats.
    this.operations.add("look", this.workers.size ** 2);
    this.clock.after(this.world.coordinator.cycle, () => this.#coordinate());
  }

  committed(shard: Shard): void {
    if (this.shards.open.size === 0) this.lastCommit = this.clock.now;
    this.operations.add("collect");
    this.collector.done(shard.items);
  }

  /** Whether a worker is of no use any more. */
  mayLeave(worker: Worker): boolean {
    const { shards, collector } = this;
    if (shards.open.size === 0) {
      collector.offer(worker);
      return !collector.keeps(worker);
    }
    return !shards.hasFree && shards.heldBy((holder) => !worker.leavesAlone(holder)) === null;
  }

  /** Whether a task that starts would find nothing to do, by what it sees at once. */
  hasNoWorkFor(task: Task): boolean {
    const { shards } = this;
    if (this.finished) return true;
    if (shards.open.size === 0) return this.workers.size > 0;
    return !shards.hasFree && shards.heldBy(({ node, gone }) => gone || node.task === task) === null;
  }

  finish(): void {
    this.finished = true;
    this.end = this.clock.now;
    for (const worker of [...this.workers]) worker.go();
  }
}
