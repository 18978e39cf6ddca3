import type { Job } from "./job.js";
import { List } from "./list.js";
import type { Server } from "./server.js";

/** After so many urgent ones in a row a normal one goes, so that none waits for ever. */
const urgentInARow = 16;

/**
 * What waits for a server: the urgent first, each kind in order of arrival. What failed on a server waits apart, so
 * that another one takes it and nobody has to search for something that this server may have.
 */
export class Queue {
  readonly #urgent = new Lanes();
  readonly #normal = new Lanes();
  #inARow = 0;

  get size(): number {
    return this.#urgent.size + this.#normal.size;
  }

  add(job: Job, where: "back" | "front" = "back"): void {
    (job.ask.urgent ? this.#urgent : this.#normal).add(job, where);
  }

  /** Whether there is something for this server. With `alone` there is no other that could take what avoids it. */
  has(server: Server, urgent: boolean, alone: boolean): boolean {
    return (urgent ? this.#urgent : this.#normal).next(alone ? null : server) !== null;
  }

  /** Whether the next one should be an urgent one. */
  get urgentFirst(): boolean {
    return this.#urgent.size > 0 && (this.#inARow < urgentInARow || this.#normal.size === 0);
  }

  take(server: Server, urgent: boolean, alone: boolean): Job | null {
    const job = (urgent ? this.#urgent : this.#normal).next(alone ? null : server);
    if (!job) return null;
    job.list!.remove(job);
    this.#inARow = urgent ? this.#inARow + 1 : 0;
    return job;
  }

  /** Takes everything out. */
  *drain(): Generator<Job> {
    yield* this.#urgent.drain();
    yield* this.#normal.drain();
  }
}

/** Jobs of one priority: those for every server, and for each server those that avoid it. */
class Lanes {
  readonly #free = new List<Job>();
  readonly #avoiding = new Map<Server, List<Job>>();

  get size(): number {
    let size = this.#free.size;
    for (const lane of this.#avoiding.values()) size += lane.size;
    return size;
  }

  add(job: Job, where: "back" | "front"): void {
    let lane = this.#free;
    if (job.avoid) {
      lane = this.#avoiding.get(job.avoid) ?? new List();
      this.#avoiding.set(job.avoid, lane);
    }
    if (where === "front") lane.prepend(job);
    else lane.append(job);
  }

  /** The earliest that does not avoid `server`. */
  next(server: Server | null): Job | null {
    let next = this.#free.first;
    for (const [avoided, lane] of this.#avoiding) {
      if (lane.size === 0) this.#avoiding.delete(avoided);
      else if (avoided !== server && (!next || lane.first!.order < next.order)) next = lane.first;
    }
    return next;
  }

  *drain(): Generator<Job> {
    for (const lane of [this.#free, ...this.#avoiding.values()]) {
      for (let job = lane.first; job; job = lane.first) {
        lane.remove(job);
        yield job;
      }
    }
  }
}
