import type { Outcome } from "../../../../../../kernel-lib/src/captions/vllm/outcome.js";
import type { ServerLoad } from "../../../../../../kernel-lib/src/captions/vllm/schedule/server-load.js";
import type { VirtualClock } from "./virtual-clock.js";

export interface EngineOptions {
  /** Requests that run at once. */
  slots: number;
  /** Time of one step with nothing but one request running, in milliseconds. @default 10 */
  step?: number;
  /** What each further running request adds to a step. @default 0.02 */
  perRequest?: number;
  /** Time from the client to the engine: way, decoding the picture. @default 80 */
  transit?: number;
  /** Tokens that fit into the cache. @default all that can be asked for */
  cache?: number;
}

interface Request {
  key: string;
  prompt: number;
  output: number;
  done: number;
  resolve(outcome: Outcome): void;
}

export const answered: Outcome = {
  kind: "answered",
  answer: {
    text: "a caption",
    finish_reason: "stop",
    prompt_tokens: 1,
    completion_tokens: 1,
    image_tokens: null,
    cached_tokens: null,
  },
};
export const problem = { reason: "engine", message: "the engine stumbled", wayOut: "look at its log" };

/**
 * An engine with continuous batching: every step gives each running request some tokens; a place that becomes free goes
 * to the first that waits. When the cache is full the request begun last is thrown back and starts again.
 */
export class Engine {
  running: Request[] = [];
  waiting: Request[] = [];
  mostWaiting = 0;
  preemptions = 0;
  promptTokens = 0;
  generationTokens = 0;
  dead = false;
  stalled = false;
  deaths = 0;
  /** The speed of everything; 1 is as built. */
  speed = 1;
  #stepping = false;
  readonly #aboard = new Set<Request>();
  readonly slots: number;
  readonly #step: number;
  readonly #perRequest: number;
  readonly #transit: number;
  readonly #cache: number;
  /** Tokens that a request gets in one step of the simulation. */
  readonly #grain = 10;

  constructor(
    readonly clock: VirtualClock,
    options: EngineOptions,
  ) {
    this.slots = options.slots;
    this.#step = options.step ?? 10;
    this.#perRequest = options.perRequest ?? 0.02;
    this.#transit = options.transit ?? 80;
    this.#cache = options.cache ?? Infinity;
  }

  /** Tokens a second with every slot taken. */
  get capacity(): number {
    return (1000 * this.slots * this.speed) / (this.#step + this.slots * this.#perRequest);
  }

  get load(): ServerLoad {
    return {
      running: this.running.length,
      waiting: this.waiting.length,
      cacheUsage:
        this.#cache === Infinity ? this.running.length / (2 * this.slots) : this.#held() / this.#cache,
      preemptions: this.preemptions,
      promptTokens: this.promptTokens,
      generationTokens: this.generationTokens,
      startedAt: null,
    };
  }

  ask(key: string, prompt: number, output: number, signal: AbortSignal): Promise<Outcome> {
    if (this.dead) return Promise.resolve({ kind: "lost", accepted: false, problem });
    return new Promise((resolve) => {
      const request: Request = { key, prompt, output, done: 0, resolve };
      this.#aboard.add(request);
      signal.addEventListener("abort", () => this.#remove(request), { once: true });
      this.clock.setTimeout(() => {
        if (!this.#aboard.has(request)) return;
        this.waiting.push(request);
        this.#begin();
      }, this.#transit);
    });
  }

  /** Ends with everything on board; answers again after `ms`. */
  die(ms: number): void {
    this.dead = true;
    this.deaths++;
    const aboard = [...this.#aboard];
    this.#aboard.clear();
    this.running = [];
    this.waiting = [];
    this.promptTokens = this.generationTokens = this.preemptions = 0;
    for (const { resolve } of aboard) resolve({ kind: "lost", accepted: true, problem });
    this.clock.setTimeout(() => {
      this.dead = false;
      this.stalled = false;
    }, ms);
  }

  /** Called when a request begins to run. */
  onBegin: (key: string) => void = () => {};

  #remove(request: Request): void {
    if (!this.#aboard.delete(request)) return;
    this.running = this.running.filter((other) => other !== request);
    this.waiting = this.waiting.filter((other) => other !== request);
  }

  #held(): number {
    return this.running.reduce((sum, request) => sum + request.prompt + request.done, 0);
  }

  #begin(): void {
    let held = this.#cache === Infinity ? 0 : this.#held();
    while (this.running.length < this.slots && this.waiting.length > 0 && !this.stalled && !this.dead) {
      const [next] = this.waiting;
      if (held + next!.prompt > this.#cache) break;
      this.waiting.shift();
      held += next!.prompt;
      this.promptTokens += next!.prompt;
      this.running.push(next!);
      this.onBegin(next!.key);
    }
    this.mostWaiting = Math.max(this.mostWaiting, this.waiting.length);
    if (this.#stepping || this.running.length === 0 || this.stalled) return;
    this.#stepping = true;
    const ms = (this.#step + this.running.length * this.#perRequest) * (this.#grain / this.speed);
    this.clock.setTimeout(() => {
      this.#stepping = false;
      this.#advance();
      this.#begin();
    }, ms);
  }

  #advance(): void {
    if (this.stalled) return;
    const still: Request[] = [];
    for (const request of this.running) {
      const tokens = Math.min(this.#grain, request.output - request.done);
      request.done += tokens;
      this.generationTokens += tokens;
      if (request.done < request.output) still.push(request);
      else {
        this.#aboard.delete(request);
        request.resolve(answered);
      }
    }
    this.running = still;
    while (this.#cache !== Infinity && this.#held() > this.#cache) {
      const last = this.running.pop()!;
      this.preemptions++;
      this.generationTokens -= last.done;
      last.done = 0;
      this.waiting.unshift(last);
    }
  }
}
