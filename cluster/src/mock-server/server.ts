/** The imitation server: routes, connections, and what becomes of it when its engine dies. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { chat } from "./chat.js";
import { embed } from "./embeddings.js";
import { Engine } from "./engine.js";
import { ApiError, ERRORS } from "./errors.js";
import { Exchange } from "./exchange.js";
import { FaultPicker, type Faults } from "./faults.js";
import { hash32 } from "./hash.js";
import { Metrics } from "./metrics.js";
import { settle, type MockServerOptions, type Settings } from "./options.js";
import { PictureReader } from "./pictures.js";
import { Records, type Report } from "./report.js";
import { parseChat, parseJson } from "./request.js";
import type { Service } from "./service.js";
import { chatTokens, textTokens } from "./tokens.js";
import { towerOf } from "./towers.js";

/** Only paths that begin so need the key. */
const GUARDED = /^\/(v1|v2|inference|cohere)(\/|$)/;
const RUST_BODY_LIMIT = 32 * 1024 * 1024;
/** vLLM has no limit; this one keeps a wrong request from filling the memory. */
const BODY_LIMIT = 256 * 1024 * 1024;

/** As many connections may wait to be accepted as at uvicorn. */
const BACKLOG = 2048;

type Route = (exchange: Exchange, body: Buffer) => void | Promise<void>;

/**
 * An imitation of vLLM's OpenAI server on this machine: no model, no GPU, but its routes, its errors, its metrics and
 * its way with many requests at once, and faults on demand.
 */
export class MockServer {
  readonly #settings: Settings;
  readonly #onExit: () => void;
  readonly #service: Service;
  readonly #routes: Readonly<Record<string, Route>>;
  #http: Server;
  #port: number;
  #leaving: NodeJS.Timeout | undefined;
  #closed = false;

  /**
   * @throws {ConfigurationError} for wrong options or faults
   * @throws {Error} when the port cannot be had
   */
  static async start(options: MockServerOptions = {}): Promise<MockServer> {
    const server = new MockServer(options);
    await server.#listen();
    return server;
  }

  private constructor(options: MockServerOptions) {
    this.#settings = settle(options);
    this.#onExit = options.onExit ?? (() => undefined);
    const faults = new FaultPicker(options.faults);
    const records = new Records(this.#settings.log);
    const pictures = new PictureReader(this.#settings, {
      wrong: (wrong) => records.wrongPicture(wrong),
      read: (known) => this.#service.metrics.picture(known),
    });
    this.#service = {
      settings: this.#settings,
      ...this.#fresh(),
      records,
      faults,
      pictures,
      die: () => this.die(),
    };
    this.#routes = this.#table();
    this.#http = this.#server();
    this.#port = this.#settings.port;
  }

  get port(): number {
    return this.#port;
  }

  /** Base URL, without `/v1`. */
  get url(): string {
    const { host } = this.#settings;
    return `http://${host.includes(":") ? `[${host}]` : host}:${this.#port}`;
  }

  /** What it was asked since {@link start}, over all its engine's deaths. */
  report(): Report {
    return this.#service.records.report();
  }

  /** From now on these, in place of the earlier ones. @throws {ConfigurationError} naming the wrong rule */
  setFaults(faults: Faults): void {
    this.#service.faults = new FaultPicker(faults);
  }

  /** The engine stands still and `/health` says 200; for so many seconds or until {@link resume}. */
  stall(seconds?: number): void {
    this.#service.engine.stall(seconds);
  }

  resume(): void {
    this.#service.engine.resume();
  }

  /** The engine dies with all that it has; the server follows as its options say. */
  die(): void {
    if (this.#service.engine.dead) return;
    this.#service.engine.die();
    this.#service.records.died();
    if (this.#settings.keepAliveOnEngineDeath) return;
    this.#leaving = setTimeout(() => void this.#leave(), this.#settings.exitMilliseconds);
  }

  /** Breaks what is open and stops listening. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#leaving);
    await this.#stop();
    this.#service.records.close();
  }

  /** After a death: gone, and back on the same port where the options say so. */
  async #leave(): Promise<void> {
    await this.#stop();
    const { restartMilliseconds } = this.#settings;
    if (restartMilliseconds === null) return this.#onExit();
    this.#leaving = setTimeout(() => {
      Object.assign(this.#service, this.#fresh());
      this.#http = this.#server();
      void this.#listen().catch(() => this.#onExit());
    }, restartMilliseconds);
  }

  async #stop(): Promise<void> {
    this.#service.leaving = true;
    this.#service.engine.close();
    const closed = new Promise<void>((resolve) => this.#http.close(() => resolve()));
    this.#http.closeAllConnections();
    await closed;
  }

  #fresh() {
    return { engine: new Engine(this.#settings), metrics: new Metrics(this.#settings.model), leaving: false };
  }

  #server(): Server {
    const server = createServer((request, response) => void this.#answer(request, response));
    server.keepAliveTimeout = this.#settings.keepAliveMilliseconds;
    // Newer versions of Node wait a second longer than they are told.
    Object.assign(server, { keepAliveTimeoutBuffer: 0 });
    server.requestTimeout = 0;
    return server;
  }

  async #listen(): Promise<void> {
    const server = this.#http;
    await new Promise<void>((resolve, reject) => {
      server
        .once("error", reject)
        .listen({ port: this.#port, host: this.#settings.host, backlog: BACKLOG }, () => {
          server.off("error", reject);
          resolve();
        });
    });
    this.#port = (server.address() as AddressInfo).port;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? "/").split("?", 1)[0]!;
    const exchange = new Exchange(request, response, this.#settings.flavour);
    const method = request.method ?? "GET";
    response.on("finish", () => {
      this.#service.metrics.answered(this.#known(path) ? path : "none", method, response.statusCode);
    });
    try {
      const body = await bodyOf(request, this.#settings.flavour === "rust" ? RUST_BODY_LIMIT : BODY_LIMIT);
      if (body === null) return;
      const route = this.#routes[`${method} ${path}`];
      this.#authenticate(request, path);
      if (route === undefined)
        throw new ApiError(this.#known(path) ? ERRORS.wrongMethod() : ERRORS.unknownRoute());
      if (method === "POST" && !path.startsWith("/mock/") && path !== "/ping") requireJson(request);
      await route(exchange, body);
    } catch (error) {
      exchange.fail(error);
    }
  }

  #known(path: string): boolean {
    return `GET ${path}` in this.#routes || `POST ${path}` in this.#routes;
  }

  #authenticate({ headers }: IncomingMessage, path: string): void {
    const { apiKey } = this.#settings;
    if (apiKey !== null && GUARDED.test(path) && headers.authorization !== `Bearer ${apiKey}`)
      throw new ApiError(ERRORS.unauthorized());
  }

  /** vLLM has the routes that its model can answer, and no others. */
  #table(): Record<string, Route> {
    const { settings, records } = this.#service;
    const health: Route = (exchange) => exchange.send(this.#service.engine.dead ? 503 : 200, "", "");
    return {
      ...(settings.runner === "pooling"
        ? { "POST /v1/embeddings": (exchange, body) => embed(this.#service, exchange, body) }
        : { "POST /v1/chat/completions": (exchange, body) => chat(this.#service, exchange, body) }),
      "GET /v1/models": (exchange) => exchange.json(200, models(settings)),
      "GET /health": health,
      "GET /ping": health,
      "POST /ping": health,
      "GET /version": (exchange) => exchange.json(200, { version: settings.version }),
      "GET /load": (exchange) => exchange.json(200, { server_load: this.#service.engine.unfinished }),
      "GET /metrics": (exchange) => {
        const { metrics, engine } = this.#service;
        const text = metrics.text(engine.load(), settings.kvCacheTokens);
        exchange.send(200, "text/plain; version=0.0.4; charset=utf-8", text);
      },
      "POST /tokenize": (exchange, body) => exchange.json(200, tokenize(body, settings)),
      "GET /mock/report": (exchange) => exchange.json(200, records.report()),
      "POST /mock/faults": (exchange, body) => {
        try {
          this.setFaults(parseJson(body) as unknown as Faults);
        } catch (error) {
          throw new ApiError(ERRORS.badValue((error as Error).message));
        }
        exchange.json(200, {});
      },
    };
  }
}

function requireJson({ headers }: IncomingMessage): void {
  const type = (headers["content-type"] ?? "").split(";", 1)[0]!.trim().toLowerCase();
  if (type !== "application/json") throw new ApiError(ERRORS.contentType());
}

/** The body; `null` when the client left before its end. @throws {ApiError} 413 */
function bodyOf(request: IncomingMessage, limit: number): Promise<Buffer | null> {
  return new Promise((resolve, reject) => {
    const pieces: Buffer[] = [];
    let length = 0;
    request.on("data", (piece: Buffer) => {
      length += piece.length;
      if (length <= limit) pieces.push(piece);
      else pieces.length = 0;
    });
    request.on("error", () => resolve(null));
    request.on("end", () => {
      if (length > limit) reject(new ApiError(ERRORS.bodyTooLarge()));
      else resolve(pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces, length));
    });
  });
}

const STARTED = Math.floor(Date.now() / 1000);

function models({ model, maxModelLen }: Settings) {
  return {
    object: "list",
    data: [
      {
        id: model,
        object: "model",
        created: STARTED,
        owned_by: "vllm",
        root: model,
        parent: null,
        max_model_len: maxModelLen,
        permission: [],
      },
    ],
  };
}

/** Ids are made up: a number for every four characters; by words, with the marks around them, for vectors. */
function tokenize(body: Buffer, { maxModelLen, model, runner }: Settings) {
  const fields = parseJson(body);
  if (runner === "pooling" && typeof fields.prompt === "string") {
    const { tokens, strings } = towerOf(model).tokenize(fields.prompt, fields.add_special_tokens !== false);
    const token_strs = fields.return_token_strs === true ? strings : null;
    return { count: tokens.length, max_model_len: maxModelLen, tokens, token_strs };
  }
  const text = typeof fields.prompt === "string" ? fields.prompt : null;
  const messages = text === null ? parseChat(fields).messages : [];
  const count = text === null ? chatTokens(messages) : textTokens(text);
  const all = text ?? messages.map((message) => message.text).join("\n");
  const tokens = Array.from({ length: count }, (_, at) => hash32(all.slice(at * 4, at * 4 + 4)) % 150_000);
  return { count, max_model_len: maxModelLen, tokens, token_strs: null };
}
