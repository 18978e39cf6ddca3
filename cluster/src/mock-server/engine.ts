/**
 * Continuous batching as a timing model, without any tokens in it. A request waits until a slot and room in the KV
 * cache are free, holds both for its prefill and its answer, and ends. Everything is reckoned in engine time: what
 * waits starts at the moment its slot was due to be free, not when a late timer noticed. So a busy machine delays
 * answers and does not lower the capacity.
 */
import { interTokenMilliseconds, type EngineSize } from "./capacity.js";
import { EngineClock } from "./clock.js";
import { Heap } from "./heap.js";

/** What a request asks of the engine, and what it is told. */
export interface Work {
  promptTokens: number;
  answerTokens: number;
  /** It holds a slot now; called again after a preemption. */
  onStart?(): void;
  onEnd(timing: Timing): void;
  /** The engine died with it. */
  onLost(): void;
}

/** Engine milliseconds of a request that ended. */
export interface Timing {
  queued: number;
  prefill: number;
  decode: number;
  /** Between two tokens. */
  interToken: number;
}

export interface Task {
  readonly work: Work;
  state: "waiting" | "running" | "ended";
  arrived: number;
  firstStart: number;
  start: number;
  /** When the prompt is read and tokens begin to come. */
  prefilled: number;
  end: number;
  interToken: number;
  /** Tokens in the KV cache at its start: the prompt, and what was answered before a preemption. */
  base: number;
  /** Tokens answered before its start. */
  before: number;
  /** Tokens a millisecond that it grows by, taken as even from start to end. */
  rate: number;
}

export interface Load {
  running: number;
  waiting: number;
  cacheUsage: number;
  preemptions: number;
  promptTokens: number;
  generationTokens: number;
}

export class Engine {
  readonly #size: EngineSize;
  readonly #clock: EngineClock;
  readonly #running = new Set<Task>();
  readonly #ends = new Heap<{ task: Task; end: number }>(({ end }) => end);
  readonly #preempted: Task[] = [];
  /** What is before {@link #head} has been let go of. */
  #queue: (Task | null)[] = [];
  #head = 0;
  #waiting = 0;
  #timer: NodeJS.Timeout | undefined;
  #resuming: NodeJS.Timeout | undefined;
  #dead = false;
  /** Something was preempted: nothing starts before something ends. */
  #full = false;
  #preemptions = 0;
  #promptTokens = 0;
  #generationTokens = 0;
  /** Sums over what runs: tokens held at the start, tokens a millisecond, and that times the start. */
  #base = 0;
  #rate = 0;
  #rateStart = 0;

  constructor(size: EngineSize) {
    this.#size = size;
    this.#clock = new EngineClock(size.speed);
  }

  get dead(): boolean {
    return this.#dead;
  }

  get stalled(): boolean {
    return this.#clock.stopped;
  }

  /** Requests that wait or run. */
  get unfinished(): number {
    return this.#waiting + this.#running.size;
  }

  submit(work: Work): Task {
    this.#advance();
    const task: Task = {
      work,
      state: "waiting",
      arrived: this.#clock.now(),
      firstStart: -1,
      start: 0,
      prefilled: 0,
      end: 0,
      interToken: 0,
      base: work.promptTokens,
      before: 0,
      rate: 0,
    };
    this.#queue.push(task);
    this.#waiting++;
    if (!this.stalled) this.#admit(task.arrived);
    this.#arm();
    return task;
  }

  /** Takes a request out, wherever it stands. Its slot is free at once. */
  abort(task: Task): void {
    if (task.state === "ended") return;
    this.#advance();
    if ((task.state as Task["state"]) === "ended") return;
    if (task.state === "running") this.#leave(task, this.#clock.now());
    else this.#waiting--;
    task.state = "ended";
    if (!this.stalled) this.#admit(this.#clock.now());
    this.#arm();
  }

  /** Tokens that a request has answered so far. */
  generated(task: Task): number {
    if (task.state !== "running") return task.before;
    const since = this.#clock.now() - task.prefilled;
    const more = since < 0 ? 0 : Math.floor(since / task.interToken);
    return Math.min(task.work.answerTokens, task.before + more);
  }

  /** Real milliseconds until a running request has answered one token more. */
  untilNextToken(task: Task): number {
    const more = this.generated(task) - task.before + 1;
    return this.#clock.until(task.prefilled + more * task.interToken);
  }

  /** Time stands still: requests are taken and nothing moves, for so many seconds of real time or until {@link resume}. */
  stall(seconds?: number): void {
    this.#advance();
    this.#clock.stop();
    clearTimeout(this.#timer);
    clearTimeout(this.#resuming);
    if (seconds !== undefined) this.#resuming = setTimeout(() => this.resume(), seconds * 1000).unref();
  }

  resume(): void {
    clearTimeout(this.#resuming);
    this.#clock.start();
    this.#admit(this.#clock.now());
    this.#arm();
  }

  /** Loses everything that waits or runs. */
  die(): void {
    if (this.#dead) return;
    this.#advance();
    this.#dead = true;
    const queued = this.#queue.slice(this.#head) as Task[];
    const lost = [...this.#running, ...this.#preempted, ...queued];
    this.close();
    for (const task of lost) {
      if (task.state === "ended") continue;
      task.state = "ended";
      task.work.onLost();
    }
  }

  close(): void {
    clearTimeout(this.#timer);
    clearTimeout(this.#resuming);
    this.#running.clear();
    this.#ends.clear();
    this.#preempted.length = 0;
    this.#queue = [];
    this.#head = this.#waiting = 0;
    this.#base = this.#rate = this.#rateStart = 0;
  }

  load(): Load {
    this.#advance();
    const now = this.#clock.now();
    return {
      running: this.#running.size,
      waiting: this.#waiting,
      cacheUsage: Math.min(1, Math.max(0, this.#held(now) / this.#size.kvCacheTokens)),
      preemptions: this.#preemptions,
      promptTokens: this.#promptTokens,
      generationTokens: Math.floor(this.#generationTokens + Math.max(0, this.#rate * now - this.#rateStart)),
    };
  }

  /** Lets pass what was due until now, in the order in which it was due. */
  #advance(): void {
    if (this.#dead || this.stalled) return;
    const now = this.#clock.now();
    for (;;) {
      const ending = this.#nextEnd();
      const overflow = this.#overflowAt();
      const due = Math.min(ending?.end ?? Infinity, overflow);
      if (due > now || this.#dead || this.stalled) return;
      if (overflow < (ending?.end ?? Infinity)) {
        this.#preempt(due);
        continue;
      }
      this.#finish(ending!.task);
      this.#admit(due);
    }
  }

  #arm(): void {
    clearTimeout(this.#timer);
    if (this.#dead || this.stalled) return;
    const due = Math.min(this.#nextEnd()?.end ?? Infinity, this.#overflowAt());
    if (due === Infinity) return;
    this.#timer = setTimeout(() => {
      this.#advance();
      this.#arm();
    }, this.#clock.until(due));
  }

  #nextEnd() {
    for (;;) {
      const first = this.#ends.peek();
      if (first === undefined || (first.task.state === "running" && first.task.end === first.end))
        return first;
      this.#ends.pop();
    }
  }

  #finish(task: Task): void {
    this.#ends.pop();
    this.#leave(task, task.end);
    task.state = "ended";
    task.work.onEnd({
      queued: task.firstStart - task.arrived,
      prefill: task.prefilled - task.start,
      decode: task.end - task.prefilled,
      interToken: task.interToken,
    });
  }

  /** Starts what waits, for as long as there is room. */
  #admit(time: number): void {
    while (!this.#dead && !this.stalled && !this.#full && this.#running.size < this.#size.maxNumSeqs) {
      const task = this.#firstWaiting();
      if (task === undefined) return;
      if (this.#running.size > 0 && this.#held(time) + task.base > this.#size.kvCacheTokens) return;
      if (this.#preempted.length > 0) this.#preempted.pop();
      else this.#passFirst();
      this.#waiting--;
      this.#start(task, Math.max(time, task.arrived));
    }
    if (this.#head > 1024 && this.#head * 2 > this.#queue.length) {
      this.#queue = this.#queue.slice(this.#head);
      this.#head = 0;
    }
  }

  /** A request holds its pictures: none is kept for its place in the queue. */
  #passFirst(): void {
    this.#queue[this.#head++] = null;
  }

  /** What was preempted goes first, then by arrival. */
  #firstWaiting(): Task | undefined {
    while (this.#preempted.length > 0 && this.#preempted.at(-1)!.state !== "waiting") this.#preempted.pop();
    if (this.#preempted.length > 0) return this.#preempted.at(-1);
    while (this.#head < this.#queue.length && this.#queue[this.#head]!.state !== "waiting") this.#passFirst();
    return this.#queue[this.#head] ?? undefined;
  }

  #start(task: Task, time: number): void {
    const size = this.#size;
    this.#running.add(task);
    task.state = "running";
    task.start = time;
    if (task.firstStart < 0) task.firstStart = time;
    task.interToken = interTokenMilliseconds(size, this.#running.size);
    task.prefilled = time + (task.base / size.prefillTokensPerSecond) * 1000;
    const left = task.work.answerTokens - task.before;
    task.end = task.prefilled + left * task.interToken;
    task.rate = left / Math.max(task.end - task.start, 1e-9);
    this.#promptTokens += task.base;
    this.#base += task.base;
    this.#rate += task.rate;
    this.#rateStart += task.rate * task.start;
    this.#ends.push({ task, end: task.end });
    task.work.onStart?.();
  }

  /** Gives a running request's slot and tokens back. */
  #leave(task: Task, time: number): void {
    this.#running.delete(task);
    this.#full = false;
    this.#generationTokens += task.rate * Math.max(0, Math.min(time, task.end) - task.start);
    this.#base -= task.base;
    this.#rate -= task.rate;
    this.#rateStart -= task.rate * task.start;
    if (this.#running.size === 0) this.#base = this.#rate = this.#rateStart = 0;
  }

  /** The KV cache is full: the youngest request goes back to the queue's front and will be read again. */
  #preempt(time: number): void {
    let youngest: Task | undefined;
    for (const task of this.#running)
      if (youngest === undefined || task.start >= youngest.start) youngest = task;
    const task = youngest!;
    task.before = Math.min(
      task.work.answerTokens - 1,
      task.before + Math.max(0, Math.floor((time - task.prefilled) / task.interToken)),
    );
    this.#leave(task, time);
    task.base = task.work.promptTokens + task.before;
    task.state = "waiting";
    this.#preempted.push(task);
    this.#waiting++;
    this.#preemptions++;
    this.#full = true;
  }

  #held(time: number): number {
    return this.#base + Math.max(0, this.#rate * time - this.#rateStart);
  }

  /** When what runs will have filled the KV cache; never for one request alone, which is checked to fit. */
  #overflowAt(): number {
    if (this.#running.size < 2 || this.#rate <= 0) return Infinity;
    return (this.#size.kvCacheTokens - this.#base + this.#rateStart) / this.#rate;
  }
}
