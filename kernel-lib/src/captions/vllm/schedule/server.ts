import type { Attempt } from "./job.js";
import { Latencies } from "./latencies.js";
import type { ServerLoad } from "./server-load.js";
import { Window } from "./window.js";

export type Health =
  /** Takes requests. */
  | "up"
  /** Something went wrong; whether it still answers is being found out. */
  | "probing"
  /** Does not answer; asked again from time to time. */
  | "down"
  /** Answers, but its engine stands still. */
  | "hung"
  /** Takes no more requests and finishes those it has. */
  | "draining";

/** One server, and what is known of it. */
export class Server {
  health: Health = "up";
  window: Window;
  readonly attempts = new Set<Attempt>();
  outstandingTokens = 0;
  /** Takes nothing before this moment. */
  pausedUntil = -Infinity;
  /** Answers of "overloaded", in a row. */
  overloads = 0;
  /** What it last said of itself; `null` where it says nothing. */
  load: ServerLoad | null = null;
  latencies = new Latencies();
  answered = 0;
  failed = 0;
  /** Whether the window kept something from it since its load was last looked at. */
  full = false;

  constructor(
    readonly endpoint: string,
    readonly startWindow: number,
    readonly mostWindow: number,
  ) {
    this.window = new Window(startWindow, mostWindow);
  }

  takes(urgent: boolean, now: number): boolean {
    return this.health === "up" && now >= this.pausedUntil && this.window.room(this.attempts.size, urgent);
  }

  board(attempt: Attempt): void {
    this.attempts.add(attempt);
    this.outstandingTokens += attempt.job.ask.tokens;
  }

  leave(attempt: Attempt): void {
    if (this.attempts.delete(attempt)) this.outstandingTokens -= attempt.job.ask.tokens;
  }
}
