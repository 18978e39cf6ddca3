/** One request and its answer on the wire, ended exactly once however it ends. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { ApiError, errorBody, type Flavour } from "./errors.js";

/** What became of an answer, for the report. */
export type Ending = (outcome: string, status: number | null) => void;

export class Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly #flavour: Flavour;
  #onEnd: Ending = () => undefined;
  #onGone: () => void = () => undefined;
  #ended = false;

  constructor(request: IncomingMessage, response: ServerResponse, flavour: Flavour) {
    this.request = request;
    this.response = response;
    this.#flavour = flavour;
    // uvicorn says nothing of how long it keeps a connection.
    response.removeHeader("connection");
    response.on("close", () => {
      if (this.#end("aborted", null)) this.#onGone();
    });
  }

  /** Whether the answer is out, or nobody waits for it. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Called once, when it has ended. */
  onEnd(listener: Ending): void {
    this.#onEnd = listener;
  }

  /** Called when the client went before the answer. */
  onGone(listener: () => void): void {
    this.#onGone = listener;
  }

  json(status: number, body: object, outcome = String(status)): void {
    this.send(status, "application/json", JSON.stringify(body), outcome);
  }

  send(
    status: number,
    contentType: string,
    body: string,
    outcome = String(status),
    headers: Record<string, string> = {},
  ): void {
    if (!this.#end(outcome, status)) return;
    const length = Buffer.byteLength(body);
    this.response.writeHead(status, {
      server: "uvicorn",
      ...(contentType !== "" && { "content-type": contentType }),
      "content-length": length,
      ...headers,
    });
    this.response.end(body);
  }

  /** @param error anything thrown; what is no {@link ApiError} is a mistake of this server and says so */
  fail(error: unknown): void {
    const parts =
      error instanceof ApiError
        ? error.parts
        : { status: 500, message: `figloom mock-server: ${(error as Error).message}` };
    const { contentType, body } = errorBody(parts, this.#flavour);
    this.send(parts.status, contentType, body, String(parts.status), parts.headers);
  }

  /** Begins an answer whose body comes in pieces; `length` when it is known. */
  begin(contentType: string, length?: number): void {
    if (this.#ended || this.response.headersSent) return;
    this.response.writeHead(200, {
      server: "uvicorn",
      "content-type": contentType,
      ...(length !== undefined && { "content-length": length }),
    });
    this.response.flushHeaders();
  }

  write(piece: string | Buffer): void {
    if (!this.#ended) this.response.write(piece);
  }

  finish(outcome: string): void {
    if (this.#end(outcome, 200)) this.response.end();
  }

  /** Breaks the connection with a reset. */
  reset(outcome = "reset"): void {
    if (this.#end(outcome, null)) this.request.socket.resetAndDestroy();
  }

  #end(outcome: string, status: number | null): boolean {
    if (this.#ended) return false;
    this.#ended = true;
    this.#onEnd(outcome, status);
    return true;
  }
}
