/** The servers of one model: checked once, then asked in one dialect; what they answer is counted. */
import { setMaxListeners } from "node:events";
import type { Usage } from "../vision-model.js";
import { classifyFailure, classifyReply, type Asked } from "./classify.js";
import type { Dialect, Spent } from "./dialect.js";
import { noneNamed, type Endpoint } from "./endpoints.js";
import { FleetServers } from "./fleet/find.js";
import { readMetrics } from "./metrics.js";
import type { Outcome } from "./outcome.js";
import {
  admit,
  identify,
  leftOut,
  preflight,
  whyNotShared,
  type Fleet,
  type PreflightOptions,
} from "./preflight.js";
import {
  Scheduler,
  type Final,
  type SchedulerOptions,
  type ServerLoad,
  type ServerState,
} from "./schedule/scheduler.js";
import { StreamedAnswer } from "./streamed.js";
import { bodyOf, NetworkError, Transport, type Body } from "./transport.js";

export interface ServersOptions
  extends
    Pick<PreflightOptions, "endpoints" | "model" | "patience" | "warn">,
    Pick<SchedulerOptions, "restart" | "onEvent" | "limits"> {
  /** Where to look for servers when none is named; `null` for nowhere. */
  fleets: { folder: string; endpoint: (address: string) => Endpoint } | null;
}

const HEALTH_DEADLINE = 3000;

/** A question about one item, to whichever server has time. */
export interface Inquiry {
  /** What it is about: a figure's id. */
  item: string;
  /** What is sent, or what makes it with the help of the server that will get it. */
  body: Body | ((post: Post) => Promise<Body>);
  /** Tokens of the question, as predicted. */
  question: number;
  /** Most tokens of the answer. */
  answer: number;
  urgent: boolean;
  signal: AbortSignal;
  /** The id to send with it. Called for each request. */
  id: () => string;
  /** Gets the text so far; only for bodies that ask for a stream. */
  onText: ((text: string) => void) | undefined;
}

/** Asks the server that a question goes to something else before. Gives what its answer holds. */
export type Post = (path: string, body: object) => Promise<unknown>;

/** It went as a question may go, and there is nothing more to ask. */
class Unanswered extends Error {
  constructor(readonly outcome: Outcome<never>) {
    super(outcome.kind);
  }
}

export class Servers<A extends Spent> {
  readonly usage: Usage = { requests: 0, prompt_tokens: 0, completion_tokens: 0 };
  readonly #dialect: Dialect<A>;
  readonly #options: ServersOptions;
  readonly #byAddress: Map<string, Endpoint>;
  readonly #fleets: FleetServers | null;
  readonly #transport = new Transport();
  readonly #shared = new Map<string, string | null>();
  /** What was said about servers that came later. */
  readonly #told = new Set<string>();
  #checking: Promise<Fleet> | null = null;
  #known: Fleet | null = null;
  #fleet: Fleet | null = null;
  #scheduler: Scheduler | null = null;

  constructor(dialect: Dialect<A>, options: ServersOptions) {
    this.#dialect = dialect;
    this.#options = options;
    this.#byAddress = new Map(options.endpoints.map((endpoint) => [endpoint.shown, endpoint]));
    this.#fleets =
      options.fleets && options.endpoints.length === 0
        ? new FleetServers({
            folder: options.fleets.folder,
            answers: (address, signal) => this.#answers(address, signal),
            tell: options.warn,
          })
        : null;
  }

  /** What {@link check}, or before it {@link identify}, found; `null` before. */
  get fleet(): Fleet | null {
    return this.#fleet ?? this.#known;
  }

  get #asking() {
    return { transport: this.#transport, dialect: this.#dialect };
  }

  get states(): ServerState[] {
    return this.#scheduler?.state() ?? [];
  }

  /** Asks all servers who they are; the second time it costs nothing. @throws {ConfigurationError} what to change */
  async identify(signal: AbortSignal): Promise<Fleet> {
    if (this.#known) return this.#known;
    if (this.#byAddress.size === 0) await this.#findFirst(signal);
    const endpoints = [...this.#byAddress.values()];
    this.#known = await identify({ ...this.#options, endpoints, transport: this.#transport, signal });
    return this.#known;
  }

  /** As {@link identify}, and about a picture. */
  async check(signal: AbortSignal): Promise<Fleet> {
    if (this.#fleet) return this.#fleet;
    const { warn } = this.#options;
    this.#checking ??= this.identify(signal)
      .then((known) => preflight(known, { ...this.#asking, signal, warn }))
      .finally(() => {
        this.#checking = null;
      });
    this.#fleet = await this.#checking;
    this.#scheduler ??= this.#schedule(this.#fleet);
    return this.#fleet;
  }

  /** Why servers do not read the files of a folder, `null` where they do; asked once for each folder. */
  async whyNotShared(folder: string, signal: AbortSignal): Promise<string | null> {
    const known = this.#shared.get(folder);
    if (known !== undefined) return known;
    const why = await whyNotShared(await this.check(signal), folder, { ...this.#asking, signal });
    this.#shared.set(folder, why);
    return why;
  }

  /** Asks until there is an answer, or no sense in asking. Throws as {@link Scheduler.ask}. */
  ask(inquiry: Inquiry): Promise<Final<A>> {
    const { item, question, answer, urgent, signal } = inquiry;
    if (this.#fleets) void this.#findMore(signal);
    return this.#scheduler!.ask({
      key: item,
      tokens: question + answer,
      urgent,
      signal,
      send: (server, { signal }) => this.#send(this.#byAddress.get(server)!, inquiry, signal),
    });
  }

  async close(): Promise<void> {
    this.#scheduler?.close();
    await this.#transport.close();
  }

  async #send(
    endpoint: Endpoint,
    { item, id, body, question, onText }: Inquiry,
    signal: AbortSignal,
  ): Promise<Outcome<A>> {
    const dialect = this.#dialect;
    const asked: Asked = { item, server: endpoint.shown, speaks: dialect.speaks };
    const streamed = onText && new StreamedAnswer((text) => onText(endpoint.scrub(text)));
    this.usage.requests++;
    try {
      const reply = await this.#transport.call(endpoint, {
        method: "POST",
        path: dialect.path,
        id: id(),
        body: typeof body === "function" ? await body(this.#poster(endpoint, asked, signal)) : body,
        signal,
        ...(streamed && { onBytes: (bytes) => streamed.push(bytes) }),
      });
      const read = (body: unknown) => dialect.read(body, asked);
      const outcome =
        streamed && reply.streamed ? read(streamed.body()) : classifyReply<A>(reply, asked, read);
      if (outcome.kind === "answered") this.#count(outcome.answer, question, endpoint);
      return outcome;
    } catch (error) {
      if (error instanceof NetworkError) return classifyFailure(error, asked);
      if (error instanceof Unanswered) return error.outcome;
      throw error;
    }
  }

  #poster(endpoint: Endpoint, asked: Asked, signal: AbortSignal): Post {
    // What is asked before may be much, and all at the same time.
    setMaxListeners(0, signal);
    return async (path, body) => {
      const whole = bodyOf([JSON.stringify(body)]);
      const reply = await this.#transport.call(endpoint, { method: "POST", path, body: whole, signal });
      const outcome = classifyReply<unknown>(reply, asked, (answer) => ({ kind: "answered", answer }));
      if (outcome.kind === "answered") return outcome.answer;
      throw new Unanswered(outcome);
    };
  }

  #count(answer: A, question: number, server: Endpoint): void {
    this.usage.prompt_tokens += answer.prompt_tokens;
    this.usage.completion_tokens += answer.completion_tokens;
    const warning = this.#dialect.received(answer, { question, server });
    if (warning !== null) this.#options.warn(warning);
  }

  #schedule({ servers }: Fleet): Scheduler {
    const { restart, onEvent, limits } = this.#options;
    const endpoints = [...this.#byAddress.keys()];
    const there = new Set(servers.map(({ endpoint }) => endpoint.shown));
    return new Scheduler({
      endpoints,
      away: endpoints.filter((server) => !there.has(server)),
      fit: (server, signal) => this.#fit(server, signal),
      probe: (server, signal) => this.#load(server, signal),
      alive: (server, signal) => this.#alive(server, signal),
      ...(restart && { restart }),
      ...(onEvent && { onEvent }),
      ...(limits && { limits }),
    });
  }

  async #findFirst(signal: AbortSignal): Promise<void> {
    if (!this.#fleets) throw noneNamed();
    for (const address of await this.#fleets.first(this.#options.model, signal)) this.#know(address);
  }

  /** Servers of a fleet that came since, or came back under another address. */
  async #findMore(signal: AbortSignal): Promise<void> {
    const known = new Set(this.#byAddress.keys());
    const found = await this.#fleets!.later(known, signal).catch(() => []);
    for (const address of found) this.#scheduler!.add(this.#know(address).shown);
  }

  #know(address: string): Endpoint {
    const endpoint = this.#options.fleets!.endpoint(address);
    this.#byAddress.set(endpoint.shown, endpoint);
    return endpoint;
  }

  async #answers(address: string, signal: AbortSignal): Promise<boolean> {
    try {
      const { status } = await this.#transport.call(this.#options.fleets!.endpoint(address), {
        method: "GET",
        path: "/health",
        signal: AbortSignal.any([signal, AbortSignal.timeout(HEALTH_DEADLINE)]),
      });
      return status < 500;
    } catch {
      signal.throwIfAborted();
      return false;
    }
  }

  async #load(server: string, signal: AbortSignal): Promise<ServerLoad | null> {
    const reply = await this.#get(server, "/metrics", signal);
    return reply.status === 200 ? readMetrics(reply.text) : null;
  }

  /** vLLM says 503 when its engine is dead; other servers may not know the route, and live. */
  async #alive(server: string, signal: AbortSignal): Promise<boolean> {
    const { status } = await this.#get(server, "/health", signal);
    return status < 500;
  }

  async #fit(server: string, signal: AbortSignal): Promise<boolean> {
    const fleet = this.#fleet!;
    const endpoint = this.#byAddress.get(server)!;
    const folders = [...this.#shared].flatMap(([folder, why]) => (why === null ? [folder] : []));
    const warn = (message: string) => this.#tellOnce(message);
    const info = await admit(endpoint, fleet, { ...this.#asking, signal, warn, folders });
    if (typeof info === "string") warn(leftOut(info));
    else fleet.servers = [...fleet.servers.filter((known) => known.endpoint !== endpoint), info];
    return typeof info !== "string";
  }

  #tellOnce(message: string): void {
    if (!this.#told.has(message)) this.#options.warn(message);
    this.#told.add(message);
  }

  #get(server: string, path: string, signal: AbortSignal) {
    return this.#transport.call(this.#byAddress.get(server)!, { method: "GET", path, signal });
  }
}
