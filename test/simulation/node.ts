import { patienceOf } from "../../cluster/src/worker/departure.js";
import type { Run } from "./run.js";
import type { Task } from "./scheduler.js";
import { Timers } from "./timers.js";
import { Worker } from "./worker.js";
import { HOURS } from "./world.js";

/** How a task's stay on a node ended. */
export type Ending = "left" | "time limit" | "preempted" | "node failed" | "replaced" | "worker died";

/** A task's stay on one node: its servers, what befalls it, and what its time goes into. */
export class Node {
  readonly run: Run;
  readonly task: Task;
  readonly timers: Timers;
  readonly speed: number;
  readonly started: number;
  /** Servers that are up. */
  servers = 0;
  #worker: Worker | null = null;
  leaving = false;
  gone = false;
  #since: number;
  #stalledFrom = 0;
  stalledUntil = 0;
  #dropRead = () => {};

  constructor(run: Run, task: Task) {
    const { chance, clock, world } = run;
    [this.run, this.task, this.timers] = [run, task, new Timers(clock)];
    [this.started, this.#since] = [clock.now, clock.now];
    this.speed = chance.slow.happens(world.failures.slowNodes) ? world.failures.slowSpeed : 1;
    this.#planMisfortunes();
    this.timers.after(world.start.process, () => this.#start());
  }

  #planMisfortunes(): void {
    const { chance, world, scheduler } = this.run;
    const { failures, files, limits } = world;
    const { timers } = this;
    timers.after(chance.node.exponential(HOURS(failures.nodeHours)), () => this.end("node failed"));
    timers.after(chance.partition.exponential(HOURS(failures.partitionHours)), () => scheduler.cutOff(this));
    timers.after(chance.preemption.exponential(HOURS(failures.preemptionHours)), () =>
      this.leave("preempted"),
    );
    // Told a minute before what the grace needs: schedulers look at their clocks every 30 s or so.
    timers.after(HOURS(failures.limitHours) - limits.graceSeconds - 60, () => this.leave("time limit"));
    this.#planServerDeath();
    this.#planStall(chance.stall.exponential(HOURS(files.stallHours)));
  }

  #start(): void {
    const { run } = this;
    // A look before the model is loaded: for a shard that another worker is doing no node is needed.
    if (run.hasNoWorkFor(this.task)) return this.end("left");
    const { start, servers } = run.world;
    this.#dropRead = run.pipe.read(start.weights, () =>
      this.timers.after(start.first + start.others, () => {
        this.advance();
        this.servers = servers;
        this.#work();
      }),
    );
  }

  #work(): void {
    this.#worker = new Worker(this);
    this.#worker.go();
  }

  /** Its worker has died, and with it all that was in flight. */
  workerDied(): void {
    if (this.run.world.policy.restart !== "in place") return this.end("worker died");
    this.advance();
    this.#worker!.end();
    this.#worker = null;
    this.timers.after(this.run.world.start.process, () => this.#work());
  }

  // Time

  /** Books the time since the last change, during which nothing has changed. */
  advance(): void {
    const { clock, spent } = this.run;
    const [from, seconds] = [this.#since, clock.now - this.#since];
    this.#since = clock.now;
    if (seconds <= 0) return;
    if (this.leaving) spent.add("leaving", seconds);
    else if (!this.#worker) spent.add("starting", seconds);
    else if (from < this.stalledUntil) spent.add("stalled", seconds);
    else this.#worker.pass(seconds);
  }

  get isStalled(): boolean {
    return this.run.clock.now < this.stalledUntil;
  }

  /** The last moment in which anything of it reached the disk. */
  get lastHeard(): number {
    return this.isStalled ? this.#stalledFrom : this.run.clock.now;
  }

  // What befalls it

  #planServerDeath(): void {
    const { chance, world } = this.run;
    this.timers.after(chance.server.exponential(HOURS(world.failures.serverHours) / world.servers), () => {
      this.#planServerDeath();
      if (this.servers === 0 || this.leaving) return;
      this.advance();
      this.#worker?.askAgain(world.inFlight);
      this.servers--;
      this.timers.after(world.start.first, () => {
        this.advance();
        this.servers++;
        this.#worker?.go();
      });
      this.#worker?.go();
    });
  }

  #planStall(seconds: number): void {
    const { chance, world } = this.run;
    this.timers.after(seconds, () => {
      this.stall(chance.stall.lognormal(world.files.stall.median, world.files.stall.sigma));
      this.#planStall(chance.stall.exponential(HOURS(world.files.stallHours)));
    });
  }

  /** Its file system stands still: nothing is read or kept, and no heart beats. */
  stall(seconds: number): void {
    const { now } = this.run.clock;
    if (this.gone || now + seconds <= this.stalledUntil) return;
    this.advance();
    if (!this.isStalled) this.#stalledFrom = now;
    this.stalledUntil = now + seconds;
    this.#worker?.go();
  }

  /** Told to leave: what is in flight gets some time, the rest is for others. */
  leave(ending: "time limit" | "preempted"): void {
    if (this.gone || this.leaving) return;
    this.advance();
    this.leaving = true;
    const why = ending === "preempted" ? "terminated" : ending;
    const patience = patienceOf({ why }, this.run.world.limits.graceSeconds) / 1000;
    const seconds = this.#worker?.leave(patience) ? patience : 0;
    this.timers.after(seconds, () => this.end(ending));
  }

  /** A later restart of its task is at work, which it notices at its next heartbeat. */
  replaced(): void {
    if (!this.gone) this.timers.after(this.run.world.limits.beatSeconds, () => this.end("replaced"));
  }

  end(ending: Ending): void {
    if (this.gone) return;
    this.advance();
    this.#worker?.end(ending === "node failed" || ending === "worker died" ? "died" : "left");
    this.gone = true;
    this.timers.end();
    this.#dropRead();
    this.run.scheduler.ended(this, ending);
  }
}
