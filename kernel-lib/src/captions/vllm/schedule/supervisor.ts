import { errorText } from "../../../errors.js";
import type { ServerEvent } from "./events.js";
import { isAnew, type ServerLoad } from "./server-load.js";
import type { Server } from "./server.js";
import type { Timers } from "./timers.js";

/** What the supervisor asks of servers. */
export interface Calls {
  probe(endpoint: string, signal: AbortSignal): Promise<ServerLoad | null>;
  alive(endpoint: string, signal: AbortSignal): Promise<boolean>;
  fit?(endpoint: string, signal: AbortSignal): Promise<boolean>;
  restart?(endpoint: string): Promise<void>;
}

/** What is done about what it finds. */
export interface Measures {
  died(server: Server): void;
  hung(server: Server): void;
  /** It broke something off, but lives. */
  lives(server: Server): void;
  /** It takes requests again. */
  returned(server: Server): void;
  /** Its window or its health has changed. */
  changed(): void;
  event(server: Server, kind: ServerEvent["kind"], message: string): void;
}

const probeLimit = 5_000;
const aliveLimit = 10_000;
const fitLimit = 120_000;
/** So many looks in a row without a word, and it is asked whether it lives. */
const muchSilence = 5;
/** A server on trial has at least so long for one request. */
const trialLimit = 60_000;
const longestCheck = 30_000;

/** Looks after servers while they have work: their load, whether they live, whether they hang, and their return. */
export class Supervisor {
  readonly #looking = new Set<Server>();

  constructor(
    readonly servers: readonly Server[],
    readonly calls: Calls,
    readonly measures: Measures,
    readonly timers: Timers,
    readonly random: () => number,
  ) {}

  /** Work starts after a rest: what is down is asked at once. */
  start(): void {
    for (const server of this.servers) server.checkAt = -Infinity;
  }

  /** To be called once a second while there is work. */
  beat(now: number): void {
    for (const server of this.servers) {
      server.count(now);
      if (server.away && (server.health !== "hung" || server.attempts.size === 0)) {
        if (now >= server.checkAt) void this.#alone(server, () => this.#check(server));
      } else if (server.attempts.size > 0) {
        if (server.health !== "probing") void this.#alone(server, () => this.#look(server));
        this.#watch(server, now);
      }
    }
  }

  /** It broke off a request, or refused a connection: whether it is dead is found out. */
  async suspectDeath(server: Server): Promise<void> {
    const { health, load } = server;
    if (health === "down" || health === "probing") return;
    server.health = "probing";
    const before = server.attempts.size + server.brokenOff.size;
    const alive = await this.#stillAlive(server);
    if (alive === false) {
      this.#died(server);
      this.#restart(server);
    } else if (alive && (await this.#startedAnew(server, before, load))) {
      this.#died(server);
      server.checkAt = -Infinity;
    } else {
      server.health = health;
      this.measures.lives(server);
    }
  }

  /**
   * Whether a server that answers was started again behind our back: most of what it had was broken off at once, or it
   * began to count anew.
   */
  async #startedAnew(server: Server, aboard: number, known: ServerLoad | null): Promise<boolean> {
    if (server.brokenOff.size > 2 && 2 * server.brokenOff.size > aboard) return true;
    const load = known && (await this.#load(server));
    return !!load && isAnew(known, load);
  }

  /** Asks twice: an engine that died may take its server with it a moment later. `undefined` when work has ended. */
  async #stillAlive(server: Server): Promise<boolean | undefined> {
    const alive = await this.#alive(server);
    if (!alive) return alive;
    return (await this.timers.pause(1000)) ? this.#alive(server) : undefined;
  }

  #alive(server: Server): Promise<boolean | undefined> {
    return this.timers.within(aliveLimit, (signal) => this.calls.alive(server.endpoint, signal), false);
  }

  /** One call of this kind a server at a time. */
  async #alone(server: Server, call: () => Promise<void>): Promise<void> {
    if (this.#looking.has(server)) return;
    this.#looking.add(server);
    await call();
    this.#looking.delete(server);
  }

  async #look(server: Server): Promise<void> {
    const load = await this.#load(server);
    const now = this.timers.clock.now();
    if (load) {
      server.load = load;
      server.silent = 0;
      server.stall.observe(load, now);
      if (server.health === "up") server.window.observe(load, server.look(now));
      server.full = false;
    } else if (load === null && server.load && ++server.silent >= muchSilence) {
      server.load = null;
      if (server.health === "up" && (await this.#alive(server)) === false) {
        this.#died(server);
        this.#restart(server);
      }
    }
    this.measures.changed();
  }

  #load(server: Server): Promise<ServerLoad | null | undefined> {
    return this.timers.within(probeLimit, (signal) => this.calls.probe(server.endpoint, signal), null);
  }

  #watch(server: Server, now: number): void {
    const [oldest] = server.attempts;
    if (!oldest) return;
    if (server.health === "hung") {
      const limit = Math.max(trialLimit, 3 * (server.latencies.quantile(0.95) ?? 0));
      if (now - oldest.startedAt > limit) this.#hangs(server, "it still hangs", false);
    } else if (server.health === "up" || server.health === "draining") {
      const reason = server.stall.verdict(server.load, oldest.startedAt, server.latencies, now);
      if (reason) this.#hangs(server, reason, true);
    }
  }

  #died(server: Server): void {
    const aboard = server.attempts.size + server.brokenOff.size;
    this.#down(server, "down");
    this.measures.event(server, "died", `${server.endpoint} died with ${aboard} requests on board`);
    this.measures.died(server);
  }

  /** It failed with one item after the other. */
  fails(server: Server, last: string): void {
    this.#down(server, "failing");
    this.measures.event(server, "failing", `${server.endpoint} fails with everything; last: ${last}`);
  }

  #hangs(server: Server, reason: string, anew: boolean): void {
    this.#down(server, "hung");
    if (anew) this.measures.event(server, "hung", `${server.endpoint} hangs: ${reason}`);
    this.measures.hung(server);
    if (anew) this.#restart(server);
  }

  #down(server: Server, health: "down" | "hung" | "failing"): void {
    if (server.health !== health) server.checks = 0;
    server.health = health;
    server.trial = false;
    this.#checkLater(server);
  }

  #restart(server: Server): void {
    if (!this.calls.restart) return;
    this.measures.event(server, "restart", `${server.endpoint} is started again`);
    this.#tryRestart(server).catch((error: unknown) => {
      const message = `${server.endpoint} could not be started again: ${errorText(error)}`;
      this.measures.event(server, "restart", message);
    });
  }

  async #tryRestart(server: Server): Promise<void> {
    await this.calls.restart?.(server.endpoint);
  }

  #checkLater(server: Server): void {
    const wait = Math.min(longestCheck, 1000 * 2 ** server.checks++);
    server.checkAt = this.timers.clock.now() + wait * (0.5 + 0.5 * this.random());
  }

  /** Whether a server that is away is back. */
  async #check(server: Server): Promise<void> {
    this.#checkLater(server);
    const alive = await this.#alive(server);
    if (alive === false && server.health === "failing") this.#died(server);
    if (alive === false && server.health === "hung") server.health = "down";
    if (!alive || !server.away) return;
    if (server.health !== "hung" && !(await this.#fit(server))) return;
    const load = await this.#load(server);
    if (load === undefined) return;
    if (server.health === "down" || server.health === "failing") this.#returned(server, load);
    else if (server.health === "hung") {
      const stuck = load !== null && load.running + load.waiting > 0 && !this.#moved(server, load);
      server.load = load;
      server.trial = !stuck;
      this.measures.changed();
    }
  }

  #fit(server: Server): Promise<boolean | undefined> {
    if (!this.calls.fit) return Promise.resolve(true);
    return this.timers.within(fitLimit, (signal) => this.calls.fit!(server.endpoint, signal), false);
  }

  #moved(server: Server, load: ServerLoad): boolean {
    const tokens = (load: ServerLoad) => load.promptTokens + load.generationTokens;
    return server.load === null || tokens(load) !== tokens(server.load);
  }

  /** It answered a request although it was away. */
  answered(server: Server): void {
    this.#returned(server, server.load);
  }

  #returned(server: Server, load: ServerLoad | null): void {
    server.renew();
    server.load = load;
    const since = server.answered > 0 ? "again" : "now";
    this.measures.event(server, "returned", `${server.endpoint} takes requests ${since}`);
    this.measures.returned(server);
  }
}
