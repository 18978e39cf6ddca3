/** Why a worker leaves. */
export type Reason =
  /** Nothing is left for it. */
  | { why: "nothing left" }
  /** Its time is nearly up (SIGUSR1). */
  | { why: "time limit" }
  /** SIGTERM: preempted, cancelled by the engine, or stopped by hand. */
  | { why: "terminated" }
  | { why: "paused" }
  | { why: "cancelled" }
  /** The run stopped itself, see `stop.json`; `found` by this worker. */
  | { why: "stopped"; kind: string; message: string; found?: boolean }
  /** It cannot go on. */
  | { why: "gave up"; message: string };

/** EX_TEMPFAIL of sysexits.h: the job's script then has the task requeued. */
export const REQUEUE_ME = 75;

/** The exit code that tells the engine. */
export function exitCodeOf(reason: Reason): number {
  if (reason.why === "time limit") return REQUEUE_ME;
  if (reason.why === "terminated") return 128 + 15;
  return reason.why === "gave up" || (reason.why === "stopped" && reason.found) ? 1 : 0;
}

/** Milliseconds that what is at work gets to end; what has not by then is given up and done by the next. */
export function patienceOf(reason: Reason, graceSeconds: number): number {
  switch (reason.why) {
    case "nothing left":
    case "paused":
      return Infinity;
    case "time limit":
      return graceSeconds * 1000;
    // A scheduler kills some 30 s later, and servers have to be ended, too.
    case "terminated":
      return Math.min(graceSeconds / 3, 10) * 1000;
    case "stopped":
      return reason.kind === "budget" ? graceSeconds * 1000 : 0;
    case "cancelled":
    case "gave up":
      return 0;
  }
}

/** In words, for a heartbeat's note. */
export function reasonText(reason: Reason): string {
  switch (reason.why) {
    case "nothing left":
      return "nothing is left for it";
    case "time limit":
      return "its time is nearly up";
    case "terminated":
      return "it was told to end";
    case "paused":
    case "cancelled":
      return `the run is ${reason.why}`;
    case "stopped":
    case "gave up":
      return reason.message;
  }
}

/** The later of two reasons counts where it is the more pressing one. */
const URGENCY: Reason["why"][] = [
  "nothing left",
  "paused",
  "time limit",
  "stopped",
  "cancelled",
  "terminated",
  "gave up",
];

/** A worker's way out: nothing is begun any more, what is at work gets some time, then it is given up. */
export class Departure {
  #reason: Reason | null = null;
  readonly #soon = new AbortController();
  readonly #now = new AbortController();
  readonly #pressed = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #deadline = Infinity;

  constructor(private readonly graceSeconds: number) {}

  get reason(): Reason | null {
    return this.#reason;
  }

  /** Aborted when nothing may be begun any more. */
  get soon(): AbortSignal {
    return this.#soon.signal;
  }

  /** Aborted when what is at work is to be given up. */
  get now(): AbortSignal {
    return this.#now.signal;
  }

  /** Aborted when whoever gave the machine wants it back soon. */
  get pressed(): AbortSignal {
    return this.#pressed.signal;
  }

  leave(reason: Reason): void {
    const before = this.#reason;
    if (before && URGENCY.indexOf(reason.why) <= URGENCY.indexOf(before.why)) return;
    this.#reason = reason;
    this.#soon.abort();
    if (reason.why === "time limit" || reason.why === "terminated") this.#pressed.abort();
    const patience = patienceOf(reason, this.graceSeconds);
    const deadline = performance.now() + patience;
    if (deadline >= this.#deadline) return;
    this.#deadline = deadline;
    clearTimeout(this.#timer);
    if (patience === 0) this.#now.abort();
    else this.#timer = setTimeout(() => this.#now.abort(), patience);
  }

  /** To be called at the end: no timer keeps the process. */
  close(): void {
    clearTimeout(this.#timer);
  }
}
