import type { Job } from "./job.js";
import { List } from "./list.js";

/** So many must pass alone, one after another, before some may go together. */
const alone = 8;
/** The most that go together. */
const largestGroup = 64;

/**
 * What was aboard a server when it died: one of these may have killed it. A suspect is asked again on a server with
 * nothing else on board; it is acquitted when it comes back, and convicted when it was alone on a server that died, twice.
 *
 * Those sent last go first: a picture is decoded and encoded when its request begins, and what has run for long has
 * survived that. They go one by one; after eight in a row have passed, as when a whole node was lost with two thousand
 * on board, in groups of 2, 4, … 64. When a server dies under a group, each of the group goes alone, and the others
 * start again with one by one: no group is ever convicted, and a killer costs at most one death in company, one in a
 * group and two or three alone.
 */
export class Suspects {
  /** These go one by one, whatever comes. */
  readonly #alone = new List<Job>();
  readonly #rest = new List<Job>();
  #group = 1;
  #passed = 0;

  get size(): number {
    return this.#alone.size + this.#rest.size;
  }

  /** All that was on board of a server that died; the order is kept. */
  arrest(jobs: Iterable<Job>): void {
    this.#startOver();
    for (const job of jobs) {
      job.suspicion ??= { alone: false, ends: 0, answersBefore: 0 };
      this.add(job);
    }
  }

  /** Puts a suspect back that was not tried to an end, or that has to be tried again. */
  add(job: Job): void {
    (job.suspicion!.alone ? this.#alone : this.#rest).append(job);
  }

  /** A server died under these, of a group: from now on they go alone. */
  groupDied(jobs: readonly Job[]): void {
    this.#startOver();
    for (const job of jobs) {
      job.suspicion!.alone = true;
      this.add(job);
    }
  }

  /** So many went together and nothing happened. */
  acquitted(count: number): void {
    this.#passed += count;
    if (this.#passed >= alone) this.#group = Math.min(largestGroup, this.#group * 2);
  }

  /** Those to try next, together; empty when there are none. */
  take(): Job[] {
    const taken: Job[] = [];
    const [list, count] = this.#alone.size > 0 ? [this.#alone, 1] : [this.#rest, this.#group];
    while (taken.length < count && list.first) {
      taken.push(list.first);
      list.remove(list.first);
    }
    return taken;
  }

  #startOver(): void {
    this.#group = 1;
    this.#passed = 0;
  }
}
