import type { ServerLoad } from "./server-load.js";

/**
 * How many requests one server may have at once: additive increase, multiplicative decrease. (Chiu & Jain, "Analysis
 * of the increase and decrease algorithms for congestion avoidance in computer networks", Computer Networks and ISDN
 * Systems 17, 1989.)
 */
export class Window {
  size: number;
  #slowStart = true;
  #lastCut = -Infinity;
  #preemptions: number | null = null;

  constructor(
    start: number,
    readonly most: number,
  ) {
    this.size = start;
  }

  /** Room that the window leaves over what is in flight. Urgent requests may go a tenth beyond it. */
  room(inFlight: number, urgent: boolean): boolean {
    return inFlight < (urgent ? this.size + Math.max(2, this.size / 10) : this.size);
  }

  /** What a server says of its load. `full` when the window was what kept more requests from it. */
  observe(load: ServerLoad, full: boolean, now: number, roundTrip: number): void {
    const thrownBack = this.#preemptions !== null && load.preemptions > this.#preemptions;
    this.#preemptions = load.preemptions;
    const backlog = Math.max(2, 0.05 * load.running);
    if (thrownBack || load.waiting > 2 * backlog) this.cut(now, roundTrip);
    else if (full && load.waiting < backlog && load.cacheUsage < 0.9) this.#grow(backlog - load.waiting);
  }

  /** A request was answered by a server that tells nothing of its load. */
  answered(full: boolean): void {
    if (full) this.#grow(1);
  }

  #grow(by: number): void {
    this.size = Math.min(this.most, this.#slowStart ? this.size * 2 : this.size + by);
  }

  /** The server has too much to do. Once a round trip at most, for the signs of one cause come in a bunch. */
  cut(now: number, roundTrip: number): void {
    this.#slowStart = false;
    if (now - this.#lastCut < roundTrip) return;
    this.#lastCut = now;
    this.size = Math.max(1, Math.floor(this.size * 0.7));
  }
}
