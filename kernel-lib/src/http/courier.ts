import { lookup } from "node:dns/promises";
import {
  Agent as HttpAgent,
  request as httpRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
} from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { BlockList } from "node:net";
import { errorText } from "../errors.js";
import { retryAfter, untilReset } from "./retry-after.js";
import { HostPace, type OnWait } from "./pace.js";
import { patiently } from "./patience.js";
import { PassingError, ServerAwayError, StatusError } from "./problems.js";
import type { Server } from "./server.js";

export interface CourierOptions {
  userAgent: string;
  signal: AbortSignal;
  onWait: OnWait;
  /** Hears what went wrong before it is tried again. */
  onTrouble(message: string): void;
  /** Attempts after the first. */
  retries: number;
  /** Milliseconds without a byte after which a request is given up. */
  silence: number;
}

export interface Request {
  headers?: Record<string, string>;
  /** Makes the headers again for every attempt, such as a signature with its time. */
  sign?: (url: URL) => Promise<Record<string, string>>;
}

const MAX_REDIRECTS = 5;
/** Bytes of an answer that is not the right one that are looked at. */
const MAX_ERROR_TEXT = 64 * 1024;
/** Longest that one answer may take, in milliseconds: one that drips is begun again where it stopped. */
const LONGEST_TRANSFER = 3_600_000;
const PASSING = new Set([408, 425, 429, 500, 502, 503, 504]);

/**
 * Asks servers, one request at a time and each host at its pace. The bytes come as they are sent: what a server labels
 * as compressed (arXiv's old habit with sources) is not unpacked on the way, so that lengths and ranges hold.
 */
export class Courier {
  readonly #options: CourierOptions;
  readonly #paces = new Map<string, HostPace>();
  readonly #agents = {
    "http:": new HttpAgent({ keepAlive: true }),
    "https:": new HttpsAgent({ keepAlive: true }),
  };

  constructor(options: CourierOptions) {
    this.#options = options;
  }

  get signal(): AbortSignal {
    return this.#options.signal;
  }

  /** Tries again what goes wrong in passing, see {@link patiently}. */
  patiently<T>(server: Server, attempt: () => Promise<T>): Promise<T> {
    return patiently(attempt, { ...this.#options, backoff: Math.max(server.interval, 20) });
  }

  /**
   * What `read` makes of a small answer. Tried again also when it cannot be read in passing.
   * @param limit bytes that are taken
   * @throws {StatusError}
   */
  fetchWhole<T>(
    server: Server,
    url: string,
    limit: number,
    read: (bytes: Buffer, headers: IncomingHttpHeaders) => T,
    request: Request = {},
  ): Promise<T> {
    return this.patiently(server, async () => {
      const reply = await this.open(server, url, request);
      const bytes = await readUpTo(reply, limit);
      if (bytes === null) throw new StatusError(200, url, `more than ${limit} bytes`);
      return read(bytes, reply.headers);
    });
  }

  /**
   * One attempt at a request; its body is read by the caller before the next. Redirects are followed to https and
   * within the same host only, and into no private network.
   * @throws {StatusError} for an answer other than 2xx and 416
   * @throws {PassingError} when the server is out of reach, busy or broken
   * @throws {ServerAwayError} when it redirects to where it should not
   */
  async open(server: Server, address: string, request: Request = {}): Promise<IncomingMessage> {
    let url = new URL(address);
    const asked = url.origin;
    for (let hops = 0; ; hops++) {
      // A signature is for who was asked, and for nobody else that they send us to.
      const signed = url.origin === asked ? await request.sign?.(url) : {};
      const reply = await this.#ask(server, url, { ...request.headers, ...signed });
      const status = reply.statusCode ?? 0;
      if ((status >= 200 && status < 300) || status === 416) return reply;
      const { location, "retry-after": after, ratelimit } = reply.headers;
      if (status >= 300 && status < 400 && location !== undefined) {
        reply.destroy();
        if (hops === MAX_REDIRECTS) throw new PassingError(`${address} is redirected without end`);
        url = await checkRedirect(url, location, server);
        continue;
      }
      const text = (await readUpTo(reply, MAX_ERROR_TEXT))?.toString("utf8") ?? "";
      const wait = retryAfter(after, Date.now()) ?? (status === 429 ? untilReset(ratelimit) : null);
      if (PASSING.has(status)) throw new PassingError(`${url.host} answered ${status}`, wait);
      throw new StatusError(status, url.href, text, reply.headers);
    }
  }

  /** Lets the hosts be asked by others again. */
  async close(): Promise<void> {
    for (const agent of Object.values(this.#agents)) agent.destroy();
    for (const pace of this.#paces.values()) await pace.release();
    this.#paces.clear();
  }

  async #ask(server: Server, url: URL, headers: Record<string, string>): Promise<IncomingMessage> {
    const { signal, onWait, userAgent } = this.#options;
    const pace = server.unpaced ? null : await this.#paceOf(url.host);
    await pace?.wait(server.interval, signal, onWait);
    try {
      return await this.#send(url, { "user-agent": userAgent, "accept-encoding": "identity", ...headers });
    } catch (error) {
      signal.throwIfAborted();
      throw new PassingError(`${url.host} cannot be reached (${errorText(error)})`);
    } finally {
      await pace?.answered();
    }
  }

  async #paceOf(host: string): Promise<HostPace> {
    const pace = this.#paces.get(host) ?? (await HostPace.claim(host));
    this.#paces.set(host, pace);
    return pace;
  }

  #send(url: URL, headers: Record<string, string>): Promise<IncomingMessage> {
    const { signal, silence } = this.#options;
    const secure = url.protocol === "https:";
    const send = secure ? httpsRequest : httpRequest;
    const agent = this.#agents[secure ? "https:" : "http:"];
    return new Promise((resolve, reject) => {
      const request = send(url, { headers, agent, signal }, resolve);
      const giveUp = (why: string) => request.destroy(new Error(why));
      const deadline = setTimeout(giveUp, LONGEST_TRANSFER, "it took more than an hour");
      request.setTimeout(silence, () => giveUp(`no byte came for ${silence / 1000} s`));
      request.on("error", reject).on("close", () => clearTimeout(deadline));
      request.end();
    });
  }
}

/** The body, or `null` where it is longer than `limit` bytes. */
async function readUpTo(reply: IncomingMessage, limit: number): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of reply as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      size += chunk.length;
      if (size > limit) return null;
    }
  } catch (error) {
    throw new PassingError(`the answer broke off (${errorText(error)})`);
  }
  return Buffer.concat(chunks);
}

const PRIVATE = new BlockList();
for (const [network, bits] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.168.0.0", 16],
] as const)
  PRIVATE.addSubnet(network, bits, "ipv4");
PRIVATE.addAddress("::1", "ipv6");
PRIVATE.addAddress("::", "ipv6");
PRIVATE.addSubnet("fc00::", 7, "ipv6");
PRIVATE.addSubnet("fe80::", 10, "ipv6");

/** Where a redirect may be followed to. */
async function checkRedirect(from: URL, location: string, server: Server): Promise<URL> {
  const refuse = (why: string) =>
    new ServerAwayError(`${from.host} sends us to ${location.slice(0, 200)}, which is not followed: ${why}.`);
  if (!URL.canParse(location, from)) throw refuse("it is no address");
  const to = new URL(location, from);
  if (to.host === from.host && (to.protocol === from.protocol || to.protocol === "https:")) return to;
  const within = to.hostname === new URL(server.base).hostname;
  // Of a server that is asked without encryption, as a mirror on the machine itself, the same is taken.
  if (to.protocol !== "https:" && !(within && to.protocol === from.protocol))
    throw refuse("it is not encrypted");
  if (within) return to;
  const addresses = await lookup(to.hostname.replace(/^\[|\]$/g, ""), { all: true }).catch(() => []);
  if (addresses.some(({ address, family }) => PRIVATE.check(address, family === 6 ? "ipv6" : "ipv4")))
    throw refuse("it is inside a private network");
  return to;
}
