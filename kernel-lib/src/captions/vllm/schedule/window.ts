import { Climb } from "./climb.js";
import type { ServerLoad } from "./server-load.js";

/** How many of the latest looks the peak of `running` goes over: a wave of answers is no loss of capacity. */
const looksBack = 5;

/** What is known of a server when its load is looked at. */
export interface Look {
  /** Our requests with it. */
  inFlight: number;
  /** Whether the window kept any request from it since the last look. */
  full: boolean;
  now: number;
  /** What a request takes at present, in milliseconds. */
  roundTrip: number;
}

/**
 * How many requests one server may have at once.
 *
 * vLLM accepts everything and queues it without bound, so that pacing is the client's part; but it says how many it
 * runs and how many wait. The window aims at a *backlog*: `max(2, 5 % of running)` requests waiting, enough for the
 * engine never to find its queue empty between two looks, little enough for nothing to grow old in it.
 *
 * - *Up*, where the window is the limit and fewer wait than the backlog: doubled at every look until there is a first
 *   sign of plenty (slow start), from then on by what the backlog lacks. Not while the cache is over 90 % full, and not
 *   while most of what is in flight has not reached the engine: then pictures are being decoded, and more of them only
 *   fill the server's memory.
 * - *Down*, where more than twice the backlog (some 10 % of running) waits at two looks in a row: by the factor
 *   `(running + backlog) / (running + waiting)`. It is the multiplicative decrease of AIMD with a measured factor in
 *   place of a guessed one, so that the engine keeps all that it runs; clients that share a server see the same factor,
 *   give back shares in proportion, and so come to equal ones (Chiu & Jain, "Analysis of the increase and decrease
 *   algorithms for congestion avoidance in computer networks", Computer Networks and ISDN Systems 17, 1989).
 * - *Down* on preemptions by the share of running requests that was thrown back, for their work is done twice; and to
 *   0.7 of what is in flight, but not below what the engine runs, on answers of "overloaded" and on late requests. Both at most once a
 *   round trip, for the signs of one cause come in a bunch; then nothing grows for a round trip, and near the size that
 *   was too much it grows by one.
 *
 * A full cache alone shrinks nothing: without preemptions and without a queue it is what a busy engine looks like.
 *
 * Where a server says nothing of its load, {@link Climb} goes by latency.
 */
export class Window {
  size: number;
  #slowStart = true;
  /** Latest counts of running requests. */
  #running: number[] = [];
  /** Looks in a row at which too many waited. */
  #crowded = 0;
  #preemptions: number | null = null;
  #holdUntil = -Infinity;
  /** Size at the latest cut. */
  #tooMuch = Infinity;
  #climb: Climb | null = null;

  constructor(
    start: number,
    readonly most: number,
  ) {
    this.size = Math.min(start, most);
  }

  /** Whether one more may be sent. Urgent requests may go a tenth beyond the window, so that they need not queue. */
  room(inFlight: number, urgent: boolean): boolean {
    return inFlight < (urgent ? this.size + Math.max(2, this.size / 10) : this.size);
  }

  /** Goes by what the server says of its load. To be called every second or two while it has requests. */
  observe(load: ServerLoad, look: Look): void {
    this.#climb = null;
    const thrownBack = this.#preemptions === null ? 0 : load.preemptions - this.#preemptions;
    this.#preemptions = load.preemptions;
    this.#running.push(load.running);
    if (this.#running.length > looksBack) this.#running.shift();
    const running = Math.max(...this.#running);
    const backlog = Math.max(2, 0.05 * running);

    this.#crowded = load.waiting > 2 * backlog ? this.#crowded + 1 : 0;
    if (this.#crowded > 0 || load.cacheUsage > 0.9) this.#slowStart = false;
    if (thrownBack > 0) this.#shrink(look, 1 - Math.min(0.3, thrownBack / Math.max(1, load.running)), 0);
    else if (this.#crowded > 1)
      this.size = Math.min(
        this.size,
        Math.max(1, (look.inFlight * (running + backlog)) / (load.running + load.waiting)),
      );
    else if (this.#mayGrow(load, look) && load.waiting < backlog) this.#grow(backlog - load.waiting);
  }

  #mayGrow(load: ServerLoad, { full, inFlight, now }: Look): boolean {
    const reachedEngine = load.running + load.waiting;
    return full && now >= this.#holdUntil && load.cacheUsage <= 0.9 && inFlight <= 2 * reachedEngine + 16;
  }

  #grow(by: number): void {
    if (this.size > 1.1 * this.#tooMuch) this.#tooMuch = Infinity;
    if (this.#slowStart) this.size *= 2;
    else this.size += this.size < 0.9 * this.#tooMuch ? Math.max(1, by) : 1;
    this.size = Math.min(this.most, this.size);
  }

  /** It has too much to do: it said so, or was late. `running` is what its engine runs, 0 where that is not known. */
  overloaded(look: Look, running: number): void {
    this.#shrink(look, 0.7, running);
  }

  #shrink({ inFlight, now, roundTrip }: Look, factor: number, least: number): void {
    this.#slowStart = false;
    if (now < this.#holdUntil) return;
    this.#holdUntil = now + roundTrip;
    this.#tooMuch = Math.min(this.size, Math.max(inFlight, 1));
    this.size = Math.max(1, Math.min(this.size, Math.max(least, this.#tooMuch * factor)));
    this.#climb?.restart(this.size);
  }

  /** Names the present size, for requests that are sent now; to be handed to {@link answered}. */
  get epoch(): number {
    return this.#climb?.epoch ?? 0;
  }

  /** Goes by an answer of a server that says nothing of its load. */
  answered(latency: number, epoch: number, full: boolean): void {
    this.#climb ??= new Climb(this.size);
    this.#climb.answered(latency, epoch, full);
    this.size = Math.min(this.most, this.#climb.size);
  }
}
