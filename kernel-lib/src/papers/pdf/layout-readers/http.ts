/** Asks a layout server: patiently where it is busy, never for longer than the limits say. */
import { once } from "node:events";
import { request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import { setTimeout as delay } from "node:timers/promises";
import { makeRetriable } from "p-retry";
import { ConfigurationError, errorText } from "../../../errors.js";
import { retryAfter } from "../../../http/retry-after.js";
import { excerpt, LayoutError, unexpectedAnswer } from "./problems.js";
import type { LayoutServer } from "./protocol.js";
import { member } from "./region.js";

export interface LayoutLimits {
  /** Seconds for one paper, waiting for a busy server included. @default 600 */
  seconds: number;
  /** Bytes of an answer. @default 64 MiB */
  bytes: number;
  /** Attempts after the first, where the server is busy or out of reach. @default 4 */
  retries: number;
  /** Milliseconds before the second attempt, and between two questions how far a task is. @default 1000 */
  pause: number;
}

export const DEFAULT_LAYOUT_LIMITS: Readonly<LayoutLimits> = {
  seconds: 600,
  bytes: 64 * 2 ** 20,
  retries: 4,
  pause: 1000,
};

/** Something that may go well when it is tried again. */
class BusyError extends LayoutError {
  constructor(
    message: string,
    /** Milliseconds that the server asked to be left alone for. */
    readonly wait = 0,
  ) {
    super(message);
  }
}

const BUSY = new Set([429, 502, 503, 504]);

/**
 * A server at an address.
 * @param key goes into the header `X-Api-Key` and nowhere else
 * @param signal ends requests under way; set to end at the deadline
 */
export function layoutServer(
  base: URL,
  key: string | undefined,
  limits: LayoutLimits,
  signal: AbortSignal,
): LayoutServer {
  const headers = { accept: "application/json", ...(key ? { "x-api-key": key } : {}) };
  const ask = async (path: string, form?: FormData): Promise<unknown> => {
    const body = form && (await encoded(form));
    return patiently(
      () => answerOf(addressOf(base, path), { ...headers, ...body?.headers }, body?.bytes, limits, signal),
      limits,
      signal,
    );
  };
  return {
    get: (path) => ask(path),
    post: (path, form) => ask(path, form),
    pause: () => delay(limits.pause, undefined, { signal }),
  };
}

/** A path of the server, which may itself stand below a path. */
export const addressOf = (base: URL, path: string): URL =>
  new URL(`${base.origin}${base.pathname.replace(/\/+$/, "")}${path}`);

async function encoded(form: FormData): Promise<{ bytes: Buffer; headers: Record<string, string> }> {
  const response = new Response(form);
  return {
    bytes: Buffer.from(await response.arrayBuffer()),
    headers: { "content-type": response.headers.get("content-type")! },
  };
}

function patiently<T>(attempt: () => Promise<T>, limits: LayoutLimits, signal: AbortSignal): Promise<T> {
  return makeRetriable(attempt, {
    retries: limits.retries,
    minTimeout: limits.pause,
    randomize: true,
    signal,
    shouldRetry: ({ error }) => error instanceof BusyError,
    async onFailedAttempt({ error, retriesLeft }) {
      if (!(error instanceof BusyError) || retriesLeft === 0) return;
      if (error.wait > limits.seconds * 1000)
        throw new LayoutError(`${error.message} and asks to be left alone for ${error.wait / 1000} s`);
      await delay(error.wait, undefined, { signal });
    },
  })();
}

async function answerOf(
  url: URL,
  headers: Record<string, string>,
  body: Buffer | undefined,
  limits: LayoutLimits,
  signal: AbortSignal,
): Promise<unknown> {
  const reply = await send(url, headers, body, signal);
  const text = (await readUpTo(reply, limits.bytes, signal)).toString("utf8");
  const status = reply.statusCode ?? 0;
  if (status === 401 || status === 403)
    throw new ConfigurationError(
      `${url.host} refuses the key (HTTP ${status}); set FIGLOOM_LAYOUT_KEY to one that it accepts.`,
    );
  if (body && (status === 404 || status === 405))
    throw new ConfigurationError(
      `${url.host} knows no ${url.pathname}, which it was asked for (HTTP ${status}); check which layout reader stands at this address, and that it is a recent one.`,
    );
  if (BUSY.has(status))
    throw new BusyError(
      `it answered HTTP ${status}`,
      retryAfter(reply.headers["retry-after"], Date.now()) ?? 0,
    );
  if (status < 200 || status > 299) throw new LayoutError(`it answered HTTP ${status}${reasonIn(text)}`);
  return parsed(text);
}

/** Without a limit on silence: a server that reads a paper says nothing until it has. */
export async function send(
  url: URL,
  headers: Record<string, string>,
  body: Buffer | undefined,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const make = url.protocol === "https:" ? httpsRequest : httpRequest;
  const length = body ? { "content-length": String(body.length) } : {};
  const request = make(url, {
    method: body ? "POST" : "GET",
    headers: { ...headers, ...length },
    signal,
    agent: false,
  });
  try {
    request.end(body);
    const [reply] = (await once(request, "response")) as [IncomingMessage];
    return reply;
  } catch (error) {
    signal.throwIfAborted();
    throw new BusyError(`it cannot be reached (${errorText(error)})`);
  }
}

async function readUpTo(reply: IncomingMessage, limit: number, signal: AbortSignal): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of reply as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > limit) break;
      chunks.push(chunk);
    }
  } catch (error) {
    signal.throwIfAborted();
    throw new BusyError(`its answer broke off (${errorText(error)})`);
  }
  if (size > limit) throw unexpectedAnswer(`it is longer than ${limit} bytes`);
  return Buffer.concat(chunks);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw unexpectedAnswer("it is no JSON");
  }
}

/** What FastAPI and MinerU say about an error. */
function reasonIn(text: string): string {
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    return "";
  }
  const reason = member(answer, "detail") ?? member(answer, "error") ?? member(answer, "message");
  return typeof reason === "string" ? `: ${excerpt(reason)}` : "";
}
