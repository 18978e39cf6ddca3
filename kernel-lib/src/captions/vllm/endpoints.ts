/** Which servers are asked, and the secrets that go with them: into a request's header, and nowhere else. */
import { ConfigurationError } from "../../errors.js";

const EXAMPLE = "http://host:8000";

/** A server's address. Neither JSON nor an inspection shows its secrets. */
export class Endpoint {
  /** Scheme, host and port. */
  readonly origin: string;
  /** The part of the path before `/v1`, without a slash at its end; mostly empty. */
  readonly path: string;
  readonly #authorization: string | null;
  readonly #secrets: readonly string[];

  constructor(url: URL, key: string | null) {
    this.origin = url.origin;
    this.path = url.pathname.replace(/\/+$/, "").replace(/\/v1$/, "").replace(/\/+$/, "");
    const [user, password] = [url.username, url.password].map(decoded) as [string, string];
    if (user || password) {
      const basic = Buffer.from(`${user}:${password}`).toString("base64");
      this.#authorization = `Basic ${basic}`;
      // Some services take a token for the user, and no password.
      const secrets = password ? [password, url.password] : [user, url.username];
      this.#secrets = [basic, ...secrets, key ?? ""].filter(Boolean);
    } else {
      this.#authorization = key === null ? null : `Bearer ${key}`;
      this.#secrets = key === null ? [] : [key];
    }
  }

  /** The address as it may be shown, which also tells endpoints apart. */
  get shown(): string {
    return this.origin + this.path;
  }

  /** Headers that let a request in. */
  get credentials(): Record<string, string> {
    return this.#authorization === null ? {} : { authorization: this.#authorization };
  }

  /** A text that came from the server, without the secrets that it may have sent back. */
  scrub(text: string): string {
    let clean = text;
    for (const secret of this.#secrets)
      for (const form of new Set([secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)]))
        if (clean.includes(form)) clean = clean.replaceAll(form, "[secret]");
    return clean;
  }
}

/**
 * Reads a base URL, with or without `/v1`. A user and password in it become basic authentication, in place of the key.
 * @param key sent as a bearer token; from the environment or a secret store, never a literal
 * @throws {ConfigurationError} for what is no http(s) address, or a key that no header can hold
 */
export function readEndpoint(given: string, key: string | null): Endpoint {
  const text = given.trim();
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !/^https?:$/.test(url.protocol) || url.search || url.hash)
    throw new ConfigurationError(
      `"${withoutSecrets(text)}" is no address of a server: give its base URL, such as ${EXAMPLE}.`,
    );
  if (key !== null && !/^[\x21-\x7e]+$/.test(key))
    throw new ConfigurationError(
      "The key for the servers holds a blank, a line break or a sign that is not ASCII: check FIGLOOM_API_KEY.",
    );
  return new Endpoint(url, key);
}

export interface EndpointOptions {
  /**
   * Base URLs with or without `/v1`, one server each.
   * @default those of FIGLOOM_ENDPOINTS, separated by commas; without any, those of a fleet (figloom fleet)
   */
  endpoints?: string | readonly string[] | undefined;
  /**
   * The key that the servers ask for: from a secret store, never a literal in a program or notebook.
   * @default FIGLOOM_API_KEY
   */
  key?: string | undefined;
}

/**
 * The servers that are named, each once.
 * @throws {ConfigurationError} for an address or a key that is none
 */
export function readEndpoints({
  endpoints = process.env.FIGLOOM_ENDPOINTS,
  key = process.env.FIGLOOM_API_KEY,
}: EndpointOptions = {}): Endpoint[] {
  const byAddress = new Map<string, Endpoint>();
  for (const text of namedIn(endpoints)) {
    const endpoint = readEndpoint(text, key || null);
    if (!byAddress.has(endpoint.shown)) byAddress.set(endpoint.shown, endpoint);
  }
  return [...byAddress.values()];
}

export const noneNamed = (): ConfigurationError =>
  new ConfigurationError(
    `No server is named: set FIGLOOM_ENDPOINTS=${EXAMPLE} (several separated by commas), or give endpoints (--endpoint). figloom fleet start starts some where there are GPUs; figloom mock-server imitates one.`,
  );

/** The addresses in a list, or in a text that separates them by commas. */
export function namedIn(endpoints: string | readonly string[] | undefined): string[] {
  return [endpoints ?? []]
    .flat()
    .flatMap((text) => text.split(","))
    .map((text) => text.trim())
    .filter(Boolean);
}

/** What may be shown of a text that was meant as an address: no user, no password, no query. */
export function withoutSecrets(address: string): string {
  return address
    .replace(/\/\/.*@/s, "//")
    .replace(/^[^/]*@/s, "")
    .replace(/[?#].*$/s, "");
}

/** A part of a URL, its percent signs resolved where they can be. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
