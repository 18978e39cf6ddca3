import type { Clock } from "../../../../../../kernel-lib/src/captions/vllm/schedule/clock.js";

interface Timer {
  at: number;
  order: number;
  call: () => void;
  stopped: boolean;
}

/** A clock that goes from timer to timer, as fast as the work between them allows. */
export class VirtualClock implements Clock {
  #now = 0;
  #order = 0;
  #heap: Timer[] = [];
  /** Timers that are still to fire. */
  pending = 0;

  now(): number {
    return this.#now;
  }

  setTimeout(call: () => void, ms: number): Timer {
    const timer = { at: this.#now + Math.max(0, ms), order: this.#order++, call, stopped: false };
    this.pending++;
    const heap = this.#heap;
    let child = heap.push(timer) - 1;
    while (child > 0) {
      const parent = (child - 1) >> 1;
      if (!isBefore(heap[child]!, heap[parent]!)) break;
      [heap[child], heap[parent]] = [heap[parent]!, heap[child]!];
      child = parent;
    }
    return timer;
  }

  clearTimeout(timer: unknown): void {
    if (!(timer as Timer).stopped) this.pending--;
    (timer as Timer).stopped = true;
  }

  /** Lets time pass until a moment. */
  async until(moment: number): Promise<void> {
    let come = false;
    this.setTimeout(() => (come = true), moment - this.#now);
    await this.run(() => come);
  }

  /** Lets time pass until `done` says so, or nothing is left to happen. */
  async run(done: () => boolean): Promise<void> {
    await settle();
    while (!done()) {
      const next = this.#pop();
      if (!next) return;
      this.#now = next.at;
      next.stopped = true;
      this.pending--;
      next.call();
      await settle();
    }
  }

  #pop(): Timer | undefined {
    const heap = this.#heap;
    for (;;) {
      const [top] = heap;
      const last = heap.pop();
      if (!top || !last) return undefined;
      if (heap.length > 0) {
        heap[0] = last;
        let parent = 0;
        for (;;) {
          const [left, right] = [2 * parent + 1, 2 * parent + 2];
          let least = parent;
          if (left < heap.length && isBefore(heap[left]!, heap[least]!)) least = left;
          if (right < heap.length && isBefore(heap[right]!, heap[least]!)) least = right;
          if (least === parent) break;
          [heap[parent], heap[least]] = [heap[least]!, heap[parent]!];
          parent = least;
        }
      }
      if (!top.stopped) return top;
    }
  }
}

function isBefore(a: Timer, b: Timer): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}

/** Lets everything that is promised come true. */
async function settle(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}
