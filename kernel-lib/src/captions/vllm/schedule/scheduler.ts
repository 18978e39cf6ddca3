import { ConfigurationError } from "../../../errors.js";
import type { Answer, Outcome } from "../outcome.js";
import { backoff } from "./backoff.js";
import { Cancellations } from "./cancellations.js";
import { choose } from "./choose.js";
import { systemClock, type Clock } from "./clock.js";
import { deadline } from "./deadline.js";
import type { ServerEvent } from "./events.js";
import { Isolation } from "./isolation.js";
import { Job, type Ask, type Attempt, type Final } from "./job.js";
import { defaults, type Limits, type SchedulerOptions } from "./options.js";
import { closed, gaveUp, late, noServerLeft } from "./problems.js";
import { Queue } from "./queue.js";
import { failing, Server, type ServerState } from "./server.js";
import { Supervisor } from "./supervisor.js";
import { Timers } from "./timers.js";

export type { ServerEvent } from "./events.js";
export type { Ask, Final } from "./job.js";
export type { Limits, SchedulerOptions } from "./options.js";
export type { ServerLoad } from "./server-load.js";
export type { ServerState } from "./server.js";

const heartbeat = 1000;
/** So often a request may fail to reach a server before that counts. */
const freeMisses = 10;

/**
 * Spreads asks over servers so that all are busy and none is swamped, and brings each ask to exactly one end, whatever
 * the servers do. Knows nothing of what is asked. Has timers only while there is something to do.
 */
export class Scheduler {
  readonly #limits: Limits;
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #onEvent: SchedulerOptions["onEvent"];
  readonly #servers: Server[];
  readonly #timers: Timers;
  readonly #supervisor: Supervisor;
  readonly #isolation: Isolation;
  readonly #queue = new Queue();
  readonly #unfinished = new Set<Job>();
  readonly #cancellations = new Cancellations<Job>((jobs, reason) => this.#failAll(jobs, reason));
  #order = 0;
  #answers = 0;
  #pumping = false;
  #closed = false;
  /** When a server was last known to answer. */
  #upAt = 0;
  #lastProblem = "nothing was heard of them";

  constructor(options: SchedulerOptions) {
    this.#limits = { ...defaults, ...options.limits };
    this.#clock = options.clock ?? systemClock;
    this.#random = options.random ?? Math.random;
    this.#onEvent = options.onEvent?.bind(options);
    const { startWindow, mostWindow } = this.#limits;
    this.#servers = options.endpoints.map((endpoint) => new Server(endpoint, startWindow, mostWindow));
    for (const server of this.#servers) if (options.away?.includes(server.endpoint)) server.health = "down";
    this.#timers = new Timers(this.#clock);
    this.#supervisor = new Supervisor(
      this.#servers,
      options,
      {
        died: (server) => this.#isolation.ended(server, this.#takeOff(server), "kills-server"),
        hung: (server) => this.#hung(server),
        lives: (server) => this.#lives(server),
        returned: (server) => {
          this.#isolation.returned(server);
          this.#pump();
        },
        changed: () => this.#pump(),
        event: (server, kind, message) => this.#tell(server, kind, message),
      },
      this.#timers,
      this.#random,
    );
    this.#isolation = new Isolation({
      servers: this.#servers,
      answers: () => this.#answers,
      idle: () => this.#queue.size === 0 && this.#servers.every((server) => server.attempts.size === 0),
      send: (job, server) => this.#send(job, server),
      fail: (job, error) => this.#fail(job, error),
      convicted: (server, message) => this.#tell(server, "culprit", message),
    });
  }

  /**
   * Asks one of the servers, again and elsewhere where that may help. Costs some microseconds.
   * @throws {ItemError} `gave-up` when its tries are used up, `kills-server` or `hangs-server` when it does; the last
   *   problem is the cause
   * @throws {ConfigurationError} when every ask would fail, or no server has answered for the patience allowed
   * @throws the signal's reason when it is aborted
   */
  ask<A = Answer>(ask: Ask<A>): Promise<Final<A>> {
    const { signal } = ask;
    if (signal?.aborted) return Promise.reject(signal.reason as Error);
    if (this.#closed) return Promise.reject(closed());
    return new Promise((resolve, reject) => {
      const job = new Job(ask, this.#order++, resolve as (final: Final<unknown>) => void, reject);
      if (signal) this.#cancellations.watch(signal, job);
      this.#unfinished.add(job);
      if (this.#unfinished.size === 1) this.#start();
      this.#queue.add(job);
      this.#pump();
    });
  }

  /** One more server, which gets work once it is found to be well, like one that was away. */
  add(endpoint: string): void {
    if (this.#servers.some((server) => server.endpoint === endpoint)) return;
    const server = new Server(endpoint, this.#limits.startWindow, this.#limits.mostWindow);
    server.health = "down";
    this.#servers.push(server);
  }

  state(): ServerState[] {
    return this.#servers.map((server) => server.state());
  }

  /** Gives up everything that is not finished: it rejects with an `AbortError`. */
  close(): void {
    this.#closed = true;
    this.#failAll([...this.#unfinished], closed());
  }

  #start(): void {
    this.#upAt = this.#clock.now();
    this.#supervisor.start();
    this.#beat();
  }

  #beat(): void {
    const now = this.#clock.now();
    this.#timers.after(heartbeat, () => this.#beat());
    this.#supervisor.beat(now);
    for (const server of this.#servers) {
      if (!server.away) this.#upAt = now;
      this.#expire(server, now);
    }
    if (now - this.#upAt > this.#limits.patience)
      this.#stop(noServerLeft(this.#servers.length, this.#lastProblem));
    this.#pump();
  }

  /** Sends what waits wherever there is room. */
  #pump(): void {
    if (this.#pumping) return;
    this.#pumping = true;
    this.#isolation.seat(this.#clock.now());
    while (this.#queue.size > 0 && this.#sendNext());
    this.#pumping = false;
  }

  #sendNext(): boolean {
    const urgent = this.#queue.urgentFirst;
    const now = this.#clock.now();
    let working = 0;
    for (const { health, canary } of this.#servers) if (health === "up" && !canary) working++;
    const alone = working < 2;
    const server = choose(
      this.#servers,
      (server) => server.takes(urgent, now) && this.#queue.has(server, urgent, alone),
    );
    if (!server) {
      for (const server of this.#servers) server.full = true;
      return false;
    }
    this.#send(this.#queue.take(server, urgent, alone)!, server);
    return true;
  }

  #send(job: Job, server: Server): void {
    const attempt: Attempt = {
      job,
      server,
      startedAt: this.#clock.now(),
      controller: new AbortController(),
      epoch: server.window.epoch,
    };
    job.attempt = attempt;
    job.sent++;
    server.board(attempt);
    let ended: Promise<Outcome<unknown>>;
    try {
      ended = job.ask.send(server.endpoint, { signal: attempt.controller.signal, attempt: job.sent });
    } catch (error) {
      ended = Promise.reject(error as Error);
    }
    ended.then(
      (outcome) => {
        if (job.attempt === attempt) this.#ended(attempt, outcome);
      },
      (error: unknown) => {
        if (job.attempt === attempt) this.#fail(job, error);
      },
    );
  }

  #ended(attempt: Attempt, outcome: Outcome<unknown>): void {
    const { job, server } = attempt;
    const now = this.#clock.now();
    const look = server.look(now);
    release(attempt);
    switch (outcome.kind) {
      case "answered":
        this.#answered(attempt, now);
        this.#settle(job);
        job.resolve(outcome);
        break;
      case "too-long":
      case "refused":
        server.failed++;
        this.#settle(job);
        job.resolve(outcome);
        break;
      case "misconfigured":
        this.#stop(new ConfigurationError(outcome.message));
        break;
      case "overloaded":
        server.overloads++;
        server.window.overloaded(look, server.load?.running ?? 0);
        this.#pause(server, outcome.after ?? backoff(server.overloads, this.#random));
        this.#wait(job, "front");
        break;
      case "lost":
        server.failed++;
        job.problem = outcome.problem;
        job.avoid = server;
        if (outcome.accepted) server.brokenOff.append(job);
        void this.#supervisor.suspectDeath(server);
        if (outcome.accepted) break;
        if (++job.misses > freeMisses) this.#retry(job);
        else this.#wait(job, "front");
        break;
      case "late":
        server.window.overloaded(look, server.load?.running ?? 0);
        this.#failedOn(server, job, outcome.problem);
        break;
      case "transient":
        this.#failedOn(server, job, outcome.problem);
        break;
    }
    this.#pump();
  }

  #answered({ server, startedAt, epoch }: Attempt, now: number): void {
    const latency = now - startedAt;
    this.#answers++;
    server.answered++;
    server.overloads = 0;
    server.failedWith.clear();
    server.latencies.add(latency);
    server.stall.answered(now);
    if (!server.load) server.window.answered(latency, epoch, server.full);
    if (server.health === "hung" || server.health === "failing") this.#supervisor.answered(server);
  }

  /** What a server that fails with everything does is held against nothing that it was asked. */
  #failedOn(server: Server, job: Job, problem: Job["problem"]): void {
    server.failed++;
    job.avoid = server;
    job.problem = problem;
    if (server.health === "up" || server.health === "draining") {
      server.failedWith.add(job);
      if (server.failedWith.size >= failing) this.#supervisor.fails(server, problem!.message);
    }
    if (server.health === "failing") this.#wait(job, "front");
    else this.#retry(job);
  }

  #retry(job: Job): void {
    if (++job.tries >= this.#limits.tries) this.#fail(job, gaveUp(job));
    else
      job.timer = this.#timers.after(backoff(job.tries, this.#random), () => {
        job.timer = null;
        this.#wait(job);
        this.#pump();
      });
  }

  /** Lets a job wait for a server. */
  #wait(job: Job, where: "back" | "front" = "back"): void {
    if (job.suspicion) this.#isolation.add(job);
    else this.#queue.add(job, where);
  }

  #pause(server: Server, ms: number): void {
    server.pausedUntil = this.#clock.now() + ms;
    this.#timers.after(ms, () => this.#pump());
  }

  /** Takes everything off a server; gives it with what was sent last first. */
  #takeOff(server: Server): Job[] {
    const jobs: Job[] = [];
    for (let job = server.brokenOff.first; job; job = server.brokenOff.first) {
      server.brokenOff.remove(job);
      jobs.push(job);
    }
    for (const attempt of [...server.attempts].reverse()) {
      release(attempt);
      attempt.controller.abort();
      jobs.push(attempt.job);
    }
    return jobs;
  }

  #lives(server: Server): void {
    for (let job = server.brokenOff.first; job; job = server.brokenOff.first) {
      server.brokenOff.remove(job);
      this.#retry(job);
    }
    this.#pump();
  }

  /** Once on a server that hangs is nothing against an item; twice makes it a suspect. */
  #hung(server: Server): void {
    const jobs = this.#takeOff(server);
    for (const job of jobs) job.avoid = server;
    if (server.group > 0) this.#isolation.ended(server, jobs, "hangs-server");
    else {
      const suspects = jobs.filter((job) => ++job.hangs > 1);
      this.#isolation.ended(server, suspects, "hangs-server");
      for (const job of jobs) if (!suspects.includes(job)) this.#wait(job, "front");
    }
    this.#pump();
  }

  /** Gives up requests that take too long. A server's are in order of their start. */
  #expire(server: Server, now: number): void {
    const limit = deadline(server.latencies);
    for (const attempt of server.attempts) {
      if (now - attempt.startedAt < limit) break;
      attempt.controller.abort();
      this.#ended(attempt, { kind: "late", problem: late(attempt.job, server, limit) });
    }
  }

  #fail(job: Job, reason: unknown): void {
    if (!this.#unfinished.has(job)) return;
    this.#settle(job);
    job.reject(reason);
    this.#pump();
  }

  /** Lets go of a job, wherever it is. */
  #settle(job: Job): void {
    this.#unfinished.delete(job);
    job.list?.remove(job);
    if (job.timer !== null) this.#timers.stop(job.timer);
    if (job.ask.signal) this.#cancellations.forget(job.ask.signal, job);
    if (job.attempt) {
      const { controller } = job.attempt;
      release(job.attempt);
      controller.abort();
    }
    if (this.#unfinished.size === 0) this.#timers.stopAll();
  }

  /** Every ask would fail like this: what waits is given up, what is with a server may end. */
  #stop(error: ConfigurationError): void {
    const waiting = [...this.#unfinished].filter((job) => !job.attempt);
    this.#failAll(waiting, error);
  }

  /** Sends none of them meanwhile, whatever becomes free. */
  #failAll(jobs: readonly Job[], reason: unknown): void {
    this.#pumping = true;
    for (const job of jobs) this.#fail(job, reason);
    this.#pumping = false;
    this.#pump();
  }

  #tell(server: Server, kind: ServerEvent["kind"], message: string): void {
    if (kind === "died" || kind === "hung" || kind === "failing") this.#lastProblem = message;
    this.#onEvent?.({ kind, endpoint: server.endpoint, at: Date.now(), message });
  }
}

function release(attempt: Attempt): void {
  attempt.job.attempt = null;
  attempt.server.leave(attempt);
}
