/** Requests and replies over HTTP: connections, bytes and limits. What a reply means is for `classify.ts` to say. */
import { constants, createBrotliDecompress, createGunzip, createInflate, type Gunzip } from "node:zlib";
import type * as Undici from "undici";
import { lazily } from "../../lazily.js";
import type { Endpoint } from "./endpoints.js";

const undici = lazily<typeof Undici>("undici");

/**
 * uvicorn, which vLLM answers with, closes a connection that was idle for 5 s; a request that is sent in that moment
 * is lost. So ours are closed before.
 */
const KEEP_ALIVE = 4000;
const CONNECT_TIMEOUT = 10_000;
/** Bytes of a reply, unpacked. An answer has a few thousand; metrics of a server with many engines a few hundred thousand. */
const REPLY_BYTES = 8 << 20;
/** Bytes of a streamed answer: every token comes with some 200 bytes around it. */
const STREAM_BYTES = 64 << 20;

export type BodyPiece = string | Uint8Array;

/** A request's body in pieces, so that a picture's bytes are never copied into a text. */
export interface Body {
  pieces: readonly BodyPiece[];
  /** Bytes of all pieces. */
  bytes: number;
}

export interface Call {
  method: "GET" | "POST";
  /** Path from the server's base on: `/v1/models`. */
  path: string;
  body?: Body;
  /** Sent as `X-Request-Id`; printable ASCII. */
  id?: string;
  /** Ends the connection when aborted, by which the server knows that nobody waits any more. */
  signal: AbortSignal;
  /** Gets the bytes of a successful reply that is an event stream, as they come; its text is empty then. */
  onBytes?: (bytes: Uint8Array) => void;
}

/** A server's reply, its secrets scrubbed. */
export interface Reply {
  status: number;
  /** Names in lower case. */
  headers: Record<string, string | string[] | undefined>;
  text: string;
  /** The reply was an event stream, and went to {@link Call.onBytes}. */
  streamed: boolean;
}

/** There is no reply, or none that could be read to its end. */
export class NetworkError extends Error {
  override readonly name = "NetworkError";
  constructor(
    message: string,
    /** Code of Node or undici, such as `ECONNREFUSED`. */
    readonly code: string,
    /** The request was on its way to the server, which may have taken it up. */
    readonly sent: boolean,
    /** The reply had begun. */
    readonly replied: boolean,
  ) {
    super(message);
  }
}

/** Connections to servers, as many as there are requests; idle ones let the program end. */
export class Transport {
  readonly #agent = new (undici().Agent)({
    keepAliveTimeout: KEEP_ALIVE,
    keepAliveMaxTimeout: KEEP_ALIVE,
    // How long a request may take is for its signal to say: one may wait in a server's queue for long.
    headersTimeout: 0,
    bodyTimeout: 0,
    pipelining: 1,
    connect: { timeout: CONNECT_TIMEOUT },
  });

  /**
   * Sends a request, follows no redirect, repeats nothing.
   * @throws {NetworkError}; the signal's reason when aborted
   */
  call(endpoint: Endpoint, call: Call): Promise<Reply> {
    return new Promise((resolve, reject) => {
      const { signal, body } = call;
      signal.throwIfAborted();
      const exchange = new Exchange(endpoint, call, resolve, reject);
      this.#agent.dispatch(
        {
          origin: endpoint.origin,
          path: endpoint.path + call.path,
          method: call.method,
          headers: {
            ...endpoint.credentials,
            ...(call.id !== undefined && { "x-request-id": call.id }),
            ...(body && { "content-type": "application/json", "content-length": String(body.bytes) }),
          },
          // undici sends any iterable, and a single piece at once; its type names neither.
          body: body && ((body.pieces.length === 1 ? body.pieces[0] : body.pieces) as Buffer),
        },
        exchange,
      );
    });
  }

  /** Ends all connections, those at work too. */
  close(): Promise<void> {
    return this.#agent.destroy();
  }
}

/** One request and its reply, as undici tells of it. */
class Exchange implements Undici.Dispatcher.DispatchHandler {
  readonly #endpoint: Endpoint;
  readonly #call: Call;
  readonly #resolve: (reply: Reply) => void;
  readonly #reject: (error: unknown) => void;
  #controller: Undici.Dispatcher.DispatchController | null = null;
  #status = 0;
  #headers: Reply["headers"] = {};
  #streamed = false;
  #unpack: Gunzip | null = null;
  #chunks: Buffer[] = [];
  #bytes = 0;
  #settled = false;

  constructor(
    endpoint: Endpoint,
    call: Call,
    resolve: (reply: Reply) => void,
    reject: (error: unknown) => void,
  ) {
    this.#endpoint = endpoint;
    this.#call = call;
    this.#resolve = resolve;
    this.#reject = reject;
    call.signal.addEventListener("abort", this.#abort, { once: true });
  }

  onRequestStart(controller: Undici.Dispatcher.DispatchController): void {
    this.#controller = controller;
    // It waited for a connection until now.
    if (this.#settled) controller.abort(new Error("given up"));
  }

  onResponseStart(_: Undici.Dispatcher.DispatchController, status: number, headers: Reply["headers"]): void {
    if (status < 200) return;
    this.#status = status;
    this.#headers = headers;
    this.#streamed =
      this.#call.onBytes !== undefined &&
      status === 200 &&
      /^text\/event-stream/i.test(one(headers["content-type"]));
    this.#unpack = unpacker(one(headers["content-encoding"]));
    this.#unpack?.on("data", (chunk: Buffer) => this.#take(chunk));
    this.#unpack?.on("end", () => this.#done());
    this.#unpack?.on("error", (error) => this.#fail(error));
  }

  onResponseData(controller: Undici.Dispatcher.DispatchController, chunk: Buffer): void {
    if (!this.#unpack) this.#take(chunk);
    else if (!this.#unpack.write(chunk)) {
      controller.pause();
      this.#unpack.once("drain", () => controller.resume());
    }
  }

  onResponseEnd(): void {
    if (this.#unpack) this.#unpack.end();
    else this.#done();
  }

  onResponseError(_: Undici.Dispatcher.DispatchController, error: Error): void {
    this.#fail(error);
  }

  #take(chunk: Buffer): void {
    if (this.#settled) return;
    this.#bytes += chunk.length;
    const most = this.#streamed ? STREAM_BYTES : REPLY_BYTES;
    if (this.#bytes > most)
      this.#giveUp(this.#failure(`sent more than ${most >> 20} MiB`, "FIGLOOM_REPLY_TOO_LARGE"));
    else if (this.#streamed) this.#hand(chunk);
    else this.#chunks.push(chunk);
  }

  /** An error of the listener's is the caller's to see, not undici's. */
  #hand(chunk: Buffer): void {
    try {
      this.#call.onBytes!(chunk);
    } catch (error) {
      this.#giveUp(error);
    }
  }

  #done(): void {
    if (!this.#settle()) return;
    const bytes = this.#chunks.length === 1 ? this.#chunks[0]! : Buffer.concat(this.#chunks);
    const text = this.#endpoint.scrub(bytes.toString("utf8"));
    this.#resolve({ status: this.#status, headers: this.#headers, text, streamed: this.#streamed });
  }

  #fail(error: Error): void {
    const { code } = error as { code?: unknown };
    const name = typeof code === "string" ? code : error.name;
    this.#giveUp(this.#failure(error.message || name, name));
  }

  #failure(message: string, code: string): NetworkError {
    const sent = this.#controller !== null;
    return new NetworkError(this.#endpoint.scrub(message), code, sent, this.#status > 0);
  }

  readonly #abort = (): void => this.#giveUp(this.#call.signal.reason);

  #giveUp(error: unknown): void {
    if (!this.#settle()) return;
    this.#reject(error);
    this.#unpack?.destroy();
    this.#controller?.abort(new Error("given up"));
  }

  #settle(): boolean {
    if (this.#settled) return false;
    this.#settled = true;
    this.#call.signal.removeEventListener("abort", this.#abort);
    return true;
  }
}

const one = (header: string | string[] | undefined): string => String(header ?? "");

/** For what proxies pack although they were not asked to. */
function unpacker(encoding: string): Gunzip | null {
  const flush = { flush: constants.Z_SYNC_FLUSH };
  if (/^\s*(x-)?gzip\s*$/i.test(encoding)) return createGunzip(flush);
  if (/^\s*deflate\s*$/i.test(encoding)) return createInflate(flush);
  if (/^\s*br\s*$/i.test(encoding))
    return createBrotliDecompress({ flush: constants.BROTLI_OPERATION_FLUSH });
  return null;
}

/** A body of these pieces. */
export function bodyOf(pieces: readonly BodyPiece[]): Body {
  const bytes = pieces.reduce((sum, piece) => sum + Buffer.byteLength(piece), 0);
  return { pieces, bytes };
}
