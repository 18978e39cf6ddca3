import type { IncomingHttpHeaders } from "node:http";

/** Something that may go well when it is tried again. */
export class PassingError extends Error {
  override readonly name = "PassingError";
  constructor(
    message: string,
    /** Milliseconds that the server asked to be left alone for. */
    readonly retryAfter: number | null = null,
  ) {
    super(message);
  }
}

/** The server answered, with something else than what was asked for. */
export class StatusError extends Error {
  override readonly name = "StatusError";
  constructor(
    readonly status: number,
    readonly url: string,
    /** The beginning of what it sent. */
    readonly text: string,
    readonly headers: IncomingHttpHeaders = {},
  ) {
    super(`${url} answered ${status}`);
  }
}

/** Going on with the next paper would not help, or would be rude: ends the whole fetch. What is done is kept. */
export class ServerAwayError extends Error {
  override readonly name = "ServerAwayError";
}
