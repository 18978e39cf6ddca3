import type { Run } from "./run.js";
import type { Worker } from "./worker.js";

/** The coordinator's role, as far as it takes time: brings the results of done shards into the dataset. */
export class Collector {
  readonly #run: Run;
  #holder: Worker | null = null;
  /** Nobody may take the role before, its holder having died. */
  #freeFrom = 0;
  #waiting = 0;
  #batch = 0;
  collected = 0;
  /** Times that a batch was begun. */
  batches = 0;
  seconds = 0;

  constructor(run: Run) {
    this.#run = run;
  }

  /** Whether a worker has to stay to finish the phase. */
  keeps(worker: Worker): boolean {
    return this.#holder === worker && this.#run.shards.open.size === 0 && !this.#run.finished;
  }

  /** Takes the role, if nobody has it. */
  offer(worker: Worker): void {
    if (this.#holder !== null || this.#run.clock.now < this.#freeFrom || worker.gone) return;
    this.#holder = worker;
    this.#work();
  }

  released(worker: Worker, how: "left" | "died"): void {
    if (this.#holder !== worker) return;
    this.#holder = null;
    const { limits } = this.#run.world;
    this.#freeFrom = this.#run.clock.now + (how === "died" ? limits.staleSeconds : 0);
    // What was half collected is collected again.
    this.#waiting += this.#batch;
    this.#batch = 0;
  }

  done(results: number): void {
    this.#waiting += results;
    this.#work();
  }

  #work(): void {
    const { clock, shards, world } = this.#run;
    const { batch, cycle, rowsPerSecond } = world.coordinator;
    const holder = this.#holder;
    if (!holder || this.#batch > 0) return;
    const isLast = shards.open.size === 0;
    if (isLast && this.#waiting === 0) return this.#run.finish();
    if (!isLast && this.#waiting < batch) return;
    [this.#batch, this.#waiting] = [this.#waiting, 0];
    this.batches++;
    const seconds = cycle / 2 + this.#batch / rowsPerSecond;
    clock.after(seconds, () => {
      if (this.#holder !== holder) return;
      this.seconds += seconds;
      this.collected += this.#batch;
      this.#batch = 0;
      this.#work();
    });
  }
}
