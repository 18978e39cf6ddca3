import { Heap } from "../../cluster/src/mock-server/heap.js";

/** Something that will happen, unless it is called off. */
export interface Due {
  readonly time: number;
  cancelled: boolean;
  readonly action: () => void;
}

/** Simulated time, in seconds: what is due happens in the order of its times. */
export class Clock {
  readonly #queue = new Heap<Due>(({ time }) => time);
  now = 0;
  /** What has happened so far, for those who wonder how long a simulation takes. */
  events = 0;

  after(seconds: number, action: () => void): Due {
    const due = { time: this.now + Math.max(0, seconds), cancelled: false, action };
    if (Number.isFinite(due.time)) this.#queue.push(due);
    return due;
  }

  /** Lets time pass until nothing is due any more. */
  run(): void {
    for (let due = this.#queue.pop(); due; due = this.#queue.pop()) {
      if (due.cancelled) continue;
      this.now = due.time;
      this.events++;
      due.action();
    }
  }

  /** Forgets what is due. */
  stop(): void {
    this.#queue.clear();
  }
}
