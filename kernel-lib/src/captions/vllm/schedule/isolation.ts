import type { Job } from "./job.js";
import { culprit } from "./problems.js";
import type { Server } from "./server.js";
import { Suspects } from "./suspects.js";

/** How long to wait for a server that is down before one that works is emptied for suspects. */
const waitForReturn = 120_000;

/** What isolation needs of the scheduler. */
export interface Bench {
  readonly servers: readonly Server[];
  /** Answers from all servers so far. */
  answers(): number;
  /** Whether nothing but suspects is left to do. */
  idle(): boolean;
  send(job: Job, server: Server): void;
  fail(job: Job, error: Error): void;
  /** An item was found to end servers. */
  convicted(server: Server, message: string): void;
}

/**
 * Finds the item that kills or hangs servers. The *canary* is a server with nothing but suspects on board: one that has
 * just come back from the dead, which is empty anyway; or, when none comes, a working one that is emptied. With a single
 * server everything else waits until the suspects are through: a death with others on board would make suspects of those
 * too, and costs minutes.
 */
export class Isolation {
  readonly #suspects = new Suspects();
  #waitingSince: number | null = null;

  constructor(readonly bench: Bench) {}

  get waiting(): number {
    return this.#suspects.size;
  }

  add(job: Job): void {
    this.#suspects.add(job);
  }

  /** Puts suspects on canaries, and finds canaries for them. */
  seat(now: number): void {
    if (this.#suspects.size === 0) this.#waitingSince = null;
    else this.#waitingSince ??= now;
    for (const server of this.bench.servers) if (server.canary) this.#next(server, now);
    if (this.#suspects.size > 0 && !this.bench.servers.some((server) => server.canary)) this.#appoint(now);
  }

  #next(server: Server, now: number): void {
    if (server.attempts.size > 0 || server.brokenOff.size > 0 || now < server.pausedUntil) return;
    if (server.health === "draining") server.health = "up";
    if (server.health !== "up") return;
    if (server.group > 0) this.#suspects.acquitted(server.group);
    const group = this.#suspects.take();
    server.group = group.length;
    server.canary = group.length > 0;
    for (const job of group) this.bench.send(job, server);
  }

  #appoint(now: number): void {
    const working = this.bench.servers.filter((server) => server.health === "up");
    const mayReturn = this.bench.servers.some(({ health }) => health === "down" || health === "probing");
    if (mayReturn && !this.bench.idle() && now - this.#waitingSince! < waitForReturn) return;
    const [least] = working.sort((a, b) => a.outstandingTokens - b.outstandingTokens);
    if (!least) return this.#try();
    least.canary = true;
    if (least.attempts.size > 0) least.health = "draining";
    this.#next(least, now);
  }

  /** With servers that hang and nothing but suspects: one of them shows whether a server still does. */
  #try(): void {
    const server = this.bench.servers.find(
      ({ health, trial, attempts }) => health === "hung" && trial && !attempts.size,
    );
    if (!server || !this.bench.idle()) return;
    const [first, ...others] = this.#suspects.take();
    for (const job of others) this.#suspects.add(job);
    if (first) this.bench.send(first, server);
  }

  /** A server came back. */
  returned(server: Server): void {
    server.canary = this.#suspects.size > 0;
  }

  /** A server ended, by death or by standing still, with these on board: those sent last first. */
  ended(server: Server, jobs: readonly Job[], how: "kills-server" | "hangs-server"): void {
    const { group } = server;
    server.group = 0;
    server.canary = false;
    if (group === 0) this.#suspects.arrest(jobs);
    else if (group > 1) this.#suspects.groupDied(jobs);
    else for (const job of jobs) this.#endedAlone(server, job, how);
  }

  /**
   * Twice alone on a server that ended is enough only if some server has answered something in between: otherwise it
   * may be the servers, and a third time has to tell.
   */
  #endedAlone(server: Server, job: Job, how: "kills-server" | "hangs-server"): void {
    const suspicion = job.suspicion!;
    const answers = this.bench.answers();
    if (suspicion.ends++ === 0) suspicion.answersBefore = answers;
    suspicion.alone = true;
    if (suspicion.ends < (answers > suspicion.answersBefore ? 2 : 3)) {
      this.#suspects.groupDied([job]);
      return;
    }
    const error = culprit(job, how);
    this.bench.convicted(server, error.message);
    this.bench.fail(job, error);
  }
}
