import { ConfigurationError, ItemError } from "../../../errors.js";
import type { Outcome } from "../outcome.js";
import { backoff } from "./backoff.js";
import { Cancellations } from "./cancellations.js";
import { choose } from "./choose.js";
import { systemClock, type Clock } from "./clock.js";
import { deadline } from "./deadline.js";
import type { ServerEvent } from "./events.js";
import { Job, type Ask, type Attempt, type Final } from "./job.js";
import { Queue } from "./queue.js";
import type { ServerLoad } from "./server-load.js";
import { Server, type Health } from "./server.js";

export interface SchedulerOptions {
  endpoints: readonly string[];
  /** What the server says of its load; `null` where it says nothing, or not now. */
  probe(endpoint: string, signal: AbortSignal): Promise<ServerLoad | null>;
  /** Whether the server answers and its engine is not dead. */
  alive(endpoint: string, signal: AbortSignal): Promise<boolean>;
  /** Starts a server again that died or hangs, where that can be done from here. */
  restart?(endpoint: string): Promise<void>;
  /** Told of servers' ups and downs. */
  onEvent?(event: ServerEvent): void;
  limits?: Partial<Limits>;
  clock?: Clock;
  /** Evenly between 0 and 1. */
  random?(): number;
}

export interface Limits {
  /** Requests that a server gets at once before it is known. @default 16 */
  startWindow: number;
  /** The most that any server gets at once. @default 2048 */
  mostWindow: number;
  /** Tries that fail before an item is given up. @default 4 */
  tries: number;
  /** How long to wait for any server at all, in milliseconds. @default 600000 */
  patience: number;
}

const defaults: Limits = { startWindow: 16, mostWindow: 2048, tries: 4, patience: 600_000 };

/** What a view shows of a server. */
export interface ServerState {
  endpoint: string;
  health: Health;
  inFlight: number;
  window: number;
  outstandingTokens: number;
  running: number | null;
  waiting: number | null;
  cacheUsage: number | null;
  answered: number;
  failed: number;
  perSecond: number;
}

const heartbeat = 1000;
const probeLimit = 5000;

/** Spreads asks over servers so that all are busy and none is swamped, and brings each to an end exactly once. */
export class Scheduler {
  readonly #options: SchedulerOptions;
  readonly #limits: Limits;
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #servers: Server[];
  readonly #queue = new Queue();
  readonly #unfinished = new Set<Job>();
  readonly #cancellations = new Cancellations<Job>((job, reason) => this.#fail(job, reason));
  #order = 0;
  #pumping = false;
  #heartbeat: unknown = null;
  #wake: unknown = null;
  #closed = false;
  #upAt: number;
  #probes = new Map<Server, AbortController>();

  constructor(options: SchedulerOptions) {
    this.#options = options;
    this.#limits = { ...defaults, ...options.limits };
    this.#clock = options.clock ?? systemClock;
    this.#random = options.random ?? Math.random;
    this.#servers = options.endpoints.map(
      (endpoint) => new Server(endpoint, this.#limits.startWindow, this.#limits.mostWindow),
    );
    this.#upAt = this.#clock.now();
  }

  /**
   * Asks one of the servers, again and elsewhere where that may help.
   * @throws {ItemError} `gave-up` when its tries are used up, with the last problem as its cause
   * @throws {ConfigurationError} when every ask would fail, or no server is left
   */
  ask(ask: Ask): Promise<Final> {
    const { signal } = ask;
    if (signal?.aborted) return Promise.reject(signal.reason as Error);
    if (this.#closed) return Promise.reject(closed());
    return new Promise<Final>((resolve, reject) => {
      const job = new Job(ask, this.#order++, resolve, reject);
      if (signal) this.#cancellations.watch(signal, job);
      if (this.#unfinished.size === 0) this.#upAt = this.#clock.now();
      this.#unfinished.add(job);
      this.#queue.add(job);
      this.#heartbeat ??= this.#clock.setTimeout(() => this.#beat(), heartbeat);
      this.#pump();
    });
  }

  state(): ServerState[] {
    return this.#servers.map((server) => ({
      endpoint: server.endpoint,
      health: server.health,
      inFlight: server.attempts.size,
      window: Math.floor(server.window.size),
      outstandingTokens: server.outstandingTokens,
      running: server.load?.running ?? null,
      waiting: server.load?.waiting ?? null,
      cacheUsage: server.load?.cacheUsage ?? null,
      answered: server.answered,
      failed: server.failed,
      perSecond: 0,
    }));
  }

  /** Gives up everything that is not finished. */
  close(): void {
    this.#closed = true;
    for (const job of [...this.#unfinished]) this.#fail(job, closed());
  }

  /** Sends what waits wherever there is room. */
  #pump(): void {
    if (this.#pumping) return;
    this.#pumping = true;
    while (this.#sendNext());
    this.#pumping = false;
  }

  #sendNext(): boolean {
    if (this.#queue.size === 0) return false;
    const urgent = this.#queue.urgentFirst;
    const now = this.#clock.now();
    const alone = this.#servers.filter((server) => server.health === "up").length < 2;
    const server = choose(
      this.#servers,
      (server) => server.takes(urgent, now) && this.#queue.has(server, urgent, alone),
    );
    const job = server && this.#queue.take(server, urgent, alone);
    if (job) this.#send(job, server);
    else for (const server of this.#servers) server.full ||= server.health === "up";
    return job !== null;
  }

  #send(job: Job, server: Server): void {
    const attempt: Attempt = {
      job,
      server,
      startedAt: this.#clock.now(),
      controller: new AbortController(),
    };
    job.attempt = attempt;
    job.sent++;
    server.board(attempt);
    let ended: Promise<Outcome>;
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

  #ended(attempt: Attempt, outcome: Outcome): void {
    const { job, server } = attempt;
    const now = this.#clock.now();
    this.#release(attempt);
    switch (outcome.kind) {
      case "answered":
      case "too-long":
      case "refused":
        if (outcome.kind === "answered") {
          server.answered++;
          server.overloads = 0;
          server.latencies.add(now - attempt.startedAt);
          if (!server.load) server.window.answered(server.full);
        } else server.failed++;
        this.#finish(job);
        job.resolve(outcome);
        break;
      case "misconfigured":
        this.#stop(new ConfigurationError(outcome.message));
        break;
      case "overloaded":
        server.overloads++;
        server.window.cut(now, this.#roundTrip(server));
        server.pausedUntil = now + (outcome.after ?? backoff(server.overloads, this.#random));
        this.#queue.add(job, "front");
        this.#wakeAt(server.pausedUntil);
        break;
      case "lost":
        job.avoid = server;
        job.problem = outcome.problem;
        server.failed++;
        this.#check(server);
        if (outcome.accepted) this.#retry(job);
        else if (++job.misses > 10) this.#retry(job);
        else this.#queue.add(job, "front");
        break;
      case "late":
        server.window.cut(now, this.#roundTrip(server));
        this.#failedOn(server, job, outcome.problem);
        break;
      case "transient":
        this.#failedOn(server, job, outcome.problem);
        break;
    }
    this.#pump();
  }

  #failedOn(server: Server, job: Job, problem: Job["problem"]): void {
    server.failed++;
    job.avoid = server;
    job.problem = problem;
    this.#retry(job);
  }

  #retry(job: Job): void {
    if (++job.tries >= this.#limits.tries) {
      const { message, wayOut } = job.problem!;
      this.#fail(
        job,
        new ItemError({
          reason: "gave-up",
          message: `${job.ask.key} failed ${job.tries} times; the last time: ${message}`,
          wayOut,
          cause: job.problem,
        }),
      );
      return;
    }
    job.timer = this.#clock.setTimeout(
      () => {
        job.timer = null;
        this.#queue.add(job);
        this.#pump();
      },
      backoff(job.tries, this.#random),
    );
  }

  #release(attempt: Attempt): void {
    attempt.job.attempt = null;
    attempt.server.leave(attempt);
  }

  /** Lets go of a job, wherever it is. */
  #finish(job: Job): void {
    this.#unfinished.delete(job);
    job.list?.remove(job);
    if (job.timer !== null) this.#clock.clearTimeout(job.timer);
    if (job.ask.signal) this.#cancellations.forget(job.ask.signal, job);
    if (job.attempt) {
      const { attempt } = job;
      this.#release(attempt);
      attempt.controller.abort();
    }
    if (this.#unfinished.size === 0) this.#rest();
  }

  #fail(job: Job, reason: unknown): void {
    if (!this.#unfinished.has(job)) return;
    this.#finish(job);
    job.reject(reason);
    this.#pump();
  }

  /** Every ask would fail like this: what waits is given up, what is with a server may end. */
  #stop(error: ConfigurationError): void {
    for (const job of [...this.#unfinished]) if (!job.attempt) this.#fail(job, error);
  }

  /** Nothing to do: no timer is left. */
  #rest(): void {
    for (const timer of [this.#heartbeat, this.#wake]) if (timer !== null) this.#clock.clearTimeout(timer);
    this.#heartbeat = this.#wake = null;
    for (const probe of this.#probes.values()) probe.abort();
  }

  #wakeAt(moment: number): void {
    this.#clock.setTimeout(() => this.#pump(), Math.max(0, moment - this.#clock.now()));
  }

  #roundTrip(server: Server): number {
    return Math.max(heartbeat, server.latencies.mean ?? 0);
  }

  #beat(): void {
    const now = this.#clock.now();
    this.#heartbeat = this.#clock.setTimeout(() => this.#beat(), heartbeat);
    for (const server of this.#servers) {
      if (server.health === "up") this.#upAt = now;
      if (server.attempts.size > 0) {
        void this.#probe(server);
        this.#expire(server, now);
      } else if (server.health === "down") this.#check(server);
    }
    if (now - this.#upAt > this.#limits.patience) {
      const count = this.#servers.length;
      this.#stop(
        new ConfigurationError(
          `none of the ${count} servers answers any more; start them and run the same again: what is done is kept`,
        ),
      );
    }
  }

  #expire(server: Server, now: number): void {
    const limit = deadline(server.latencies);
    for (const attempt of server.attempts) {
      if (now - attempt.startedAt < limit) break;
      attempt.controller.abort();
      this.#ended(attempt, {
        kind: "late",
        problem: {
          reason: "late",
          message: `${attempt.job.ask.key} had no answer from ${server.endpoint} within ${Math.round(limit / 1000)} s`,
          wayOut: "look at the server's log, or give it less to do",
        },
      });
    }
  }

  async #probe(server: Server): Promise<void> {
    if (this.#probes.has(server)) return;
    const controller = new AbortController();
    this.#probes.set(server, controller);
    const timer = this.#clock.setTimeout(() => controller.abort(), probeLimit);
    try {
      const load = await this.#options.probe(server.endpoint, controller.signal);
      if (load) server.window.observe(load, server.full, this.#clock.now(), this.#roundTrip(server));
      server.load = load;
      server.full = false;
    } catch {
      server.load = null;
    } finally {
      this.#clock.clearTimeout(timer);
      this.#probes.delete(server);
      this.#pump();
    }
  }

  #check(server: Server): void {
    if (this.#probes.has(server) && server.health !== "up") return;
    server.health = server.health === "up" ? "probing" : server.health;
    const controller = new AbortController();
    this.#probes.set(server, controller);
    const timer = this.#clock.setTimeout(() => controller.abort(), probeLimit);
    this.#options
      .alive(server.endpoint, controller.signal)
      .catch(() => false)
      .then((alive) => {
        this.#clock.clearTimeout(timer);
        this.#probes.delete(server);
        server.health = alive ? "up" : "down";
        this.#pump();
      });
  }
}

function closed(): Error {
  return new DOMException("the servers are asked nothing any more", "AbortError");
}
