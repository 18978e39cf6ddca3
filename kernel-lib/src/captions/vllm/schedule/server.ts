import type { Attempt, Job } from "./job.js";
import { Latencies } from "./latencies.js";
import { List } from "./list.js";
import type { ServerLoad } from "./server-load.js";
import { Stall } from "./stall.js";
import { Window, type Look } from "./window.js";

export type Health =
  /** Takes requests. */
  | "up"
  /** Something broke off; whether it still answers is being found out. */
  | "probing"
  /** Does not answer, or not as it should; asked again from time to time. */
  | "down"
  /** Fails with everything it is asked; looked at again like one that is down. */
  | "failing"
  /** Answers, but its engine stands still; given one request from time to time. */
  | "hung"
  /** Takes no more requests until it has finished those it has, and is alone with a suspect then. */
  | "draining";

/** It fails with so many items, one after the other, and it is the server's fault. */
export const failing = 8;

/** What a view shows of a server. */
export interface ServerState {
  endpoint: string;
  health: Health;
  inFlight: number;
  window: number;
  outstandingTokens: number;
  /** As the server says; `null` where it says nothing. */
  running: number | null;
  waiting: number | null;
  cacheUsage: number | null;
  answered: number;
  failed: number;
  perSecond: number;
}

/** One server, what it is asked at the moment, and what is known of it. */
export class Server {
  health: Health = "up";
  window: Window;
  readonly attempts = new Set<Attempt>();
  outstandingTokens = 0;
  /** Takes nothing before this moment. */
  pausedUntil = -Infinity;
  /** Times in a row that it had too much to do. */
  overloads = 0;
  /** What it failed with since its last answer. */
  readonly failedWith = new Set<Job>();
  /** Whether it is there for suspects only. */
  canary = false;
  /** Size of the group of suspects that it has; 0 when it has none. */
  group = 0;
  /** Whether it may have one request although it hangs, to see whether it still does. */
  trial = false;
  /** Requests that it broke off: once it is known whether it died, they are suspects or tried again. */
  readonly brokenOff = new List<Job>();

  /** What it last said of itself; `null` where it says nothing. */
  load: ServerLoad | null = null;
  /** Looks in a row at which it said nothing although it had before. */
  silent = 0;
  /** Whether the window kept something from it since its load was last looked at. */
  full = false;
  readonly stall = new Stall();
  readonly latencies = new Latencies();
  /** When to ask again whether it answers, and how often that was done since it went down. */
  checkAt = 0;
  checks = 0;

  answered = 0;
  failed = 0;
  /** Answers per second, lately. */
  perSecond = 0;
  #counted = 0;
  #countedAt = -Infinity;

  constructor(
    readonly endpoint: string,
    readonly startWindow: number,
    readonly mostWindow: number,
  ) {
    this.window = new Window(startWindow, mostWindow);
  }

  /** Whether it is known not to answer what it is asked. */
  get away(): boolean {
    return this.health === "down" || this.health === "hung" || this.health === "failing";
  }

  takes(urgent: boolean, now: number): boolean {
    if (now < this.pausedUntil || this.canary) return false;
    if (this.health === "hung") return this.trial && this.attempts.size === 0;
    if (this.health !== "up") return false;
    return this.window.room(this.attempts.size, urgent);
  }

  board(attempt: Attempt): void {
    if (this.attempts.size === 0) this.stall.reset(attempt.startedAt);
    this.attempts.add(attempt);
    this.outstandingTokens += attempt.job.ask.tokens;
  }

  leave(attempt: Attempt): void {
    if (this.attempts.delete(attempt)) this.outstandingTokens -= attempt.job.ask.tokens;
  }

  look(now: number): Look {
    const roundTrip = Math.max(1000, this.latencies.mean ?? 0);
    return { inFlight: this.attempts.size, full: this.full, now, roundTrip };
  }

  /** It came back: nothing that was known of its pace holds. */
  renew(): void {
    this.health = "up";
    this.window = new Window(this.startWindow, this.mostWindow);
    this.load = null;
    this.trial = this.full = false;
    this.pausedUntil = -Infinity;
    this.silent = this.checks = this.overloads = 0;
    this.failedWith.clear();
  }

  /** Brings `perSecond` up to date: a mean that forgets, over some ten seconds. */
  count(now: number): void {
    const seconds = (now - this.#countedAt) / 1000;
    const rate = (this.answered - this.#counted) / seconds;
    this.perSecond += (rate - this.perSecond) * Math.min(1, seconds / 10);
    this.#counted = this.answered;
    this.#countedAt = now;
  }

  state(): ServerState {
    return {
      endpoint: this.endpoint,
      health: this.health,
      inFlight: this.attempts.size,
      window: Math.floor(this.window.size),
      outstandingTokens: this.outstandingTokens,
      running: this.load?.running ?? null,
      waiting: this.load?.waiting ?? null,
      cacheUsage: this.load?.cacheUsage ?? null,
      answered: this.answered,
      failed: this.failed,
      perSecond: this.perSecond,
    };
  }
}
