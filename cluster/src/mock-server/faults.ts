/** Which requests go wrong, and how: rules on demand or on a seed. Plain data, so that a file can hold them. */
import { ConfigurationError } from "figloom/errors";
import { ERRORS, type ErrorParts } from "./errors.js";
import { chance } from "./hash.js";

/** Which requests a rule is for: all that meet every condition given. Patterns are regular expressions. */
export interface Match {
  /** Only the so-many-th chat request of this server, from 1; or each of these. */
  nth?: number | number[];
  /** Share of requests, 0..1, drawn by the seed and the request's id. */
  probability?: number;
  /** Pattern in the request's `X-Request-Id`. */
  id?: string;
  /** Beginning of the SHA-256 of one of its pictures, or several. */
  sha?: string | string[];
  /** Pattern in what the messages say. */
  text?: string;
}

export type Fault =
  /** Answers one of vLLM's errors by its name: see {@link ERROR_FAULTS}. */
  | { kind: "error"; error: string; retryAfter?: number }
  /** Answers just this. */
  | { kind: "status"; status: number; body?: string; contentType?: string; headers?: Record<string, string> }
  /** The engine stands still, `/health` says 200; for so many seconds, or for good. */
  | { kind: "stall"; seconds?: number }
  /** This request alone never gets an answer. */
  | { kind: "hang" }
  /** The engine dies when this request runs, with all that it has. */
  | { kind: "death" }
  /** The answer's headers come, then its body drips. */
  | { kind: "drip"; bytesPerSecond?: number }
  /** The connection breaks: before any byte, after the headers, or with half of the body sent. */
  | { kind: "reset"; at?: "start" | "headers" | "half" }
  /** HTTP 200 and a stream that turns into an error; without a stream, the 500 that vLLM answers. */
  | { kind: "stream-error" }
  /** A 200 that ended early, for this reason. */
  | { kind: "finish"; reason: "abort" | "error" | "length" | "repetition" }
  /** The same words again and again. */
  | { kind: "loop" }
  /** An answer that is no caption. */
  | { kind: "refusal" }
  | { kind: "empty" }
  | { kind: "wrong-language" }
  | { kind: "wrong-json" }
  /** A 200 whose body is no JSON, or not all of it. */
  | { kind: "broken-body" }
  /** So many more real seconds before the engine hears of it. */
  | { kind: "delay"; seconds: number };

export interface FaultRule {
  match?: Match;
  fault: Fault;
  /** At most so many times. */
  times?: number;
}

export interface Faults {
  /** Of the draws by probability. @default 0 */
  seed?: number;
  /** The first that matches counts. */
  rules: FaultRule[];
}

/** vLLM's errors by name, for `{ "kind": "error", "error": NAME }`. */
export const ERROR_FAULTS: Readonly<Record<string, (fault: { retryAfter?: number }) => ErrorParts>> = {
  "too-long": () => ERRORS.tooLongText(32768),
  "too-long-picture": () => ERRORS.tooLongPicture(32768, 40000),
  "encoder-cache": () => ERRORS.encoderCache(20000, 16384),
  "too-many-pictures": () => ERRORS.tooManyPictures(1),
  "no-vision": () => ERRORS.noVision("figloom-mock-vl"),
  undecodable: () => ERRORS.undecodable(),
  huge: () => ERRORS.huge(400_000_000, 178_956_970),
  ratio: () => ERRORS.ratio(6000, 20),
  "bad-base64": () => ERRORS.badBase64(),
  "not-base64": () => ERRORS.notBase64(),
  "url-refused": () => ERRORS.urlRefused("https://example.org/figure.png"),
  "url-failed": () => ERRORS.urlFailed("example.org"),
  "url-timeout": () => ERRORS.urlTimeout(),
  "files-off": () => ERRORS.filesOff(),
  "file-outside": () => ERRORS.fileOutside("/data/elsewhere/a.png", "/data/figures"),
  "file-missing": () => ERRORS.fileMissing("/data/figures/a.png"),
  "unknown-model": () => ERRORS.unknownModel("another", "figloom-mock-vl"),
  "unknown-route": () => ERRORS.unknownRoute(),
  "bad-request": () => ERRORS.badRequest("Input should be a valid list", "body.messages"),
  "content-type": () => ERRORS.contentType(),
  unauthorized: () => ERRORS.unauthorized(),
  generation: () => ERRORS.generation(),
  "engine-dead": () => ERRORS.engineDead(),
  overloaded: () => ERRORS.overloaded(),
  scaling: () => ERRORS.scaling(),
  "rate-limit": ({ retryAfter = 1 }) => ERRORS.rateLimit(retryAfter),
  "bad-gateway": () => ERRORS.badGateway(),
  "body-too-large": () => ERRORS.bodyTooLarge(),
};

const KINDS: ReadonlySet<string> = new Set<Fault["kind"]>([
  "error",
  "status",
  "stall",
  "hang",
  "death",
  "drip",
  "reset",
  "stream-error",
  "finish",
  "loop",
  "refusal",
  "empty",
  "wrong-language",
  "wrong-json",
  "broken-body",
  "delay",
]);

/** What is known of a request when its fault is looked for. */
export interface Asked {
  /** `X-Request-Id`, empty where none came. */
  id: string;
  /** Which chat request of this server, from 1. */
  nth: number;
  shas: readonly string[];
  text(): string;
}

type Test = (asked: Asked) => boolean;

/** Compiled rules; remembers how often each was used. */
export class FaultPicker {
  readonly #rules: { tests: Test[]; fault: Fault; left: number }[];

  /** @throws {ConfigurationError} for a rule that says nothing, naming it */
  constructor({ seed = 0, rules }: Faults = { rules: [] }) {
    if (!Array.isArray(rules)) throw new ConfigurationError('Faults are { "seed": 1, "rules": [ … ] }.');
    this.#rules = rules.map((rule, index) => {
      const where = `Fault rule ${index + 1}`;
      check(rule, where);
      return {
        tests: tests(rule.match ?? {}, seed, index, where),
        fault: rule.fault,
        left: rule.times ?? Infinity,
      };
    });
  }

  pick(asked: Asked): Fault | null {
    for (const rule of this.#rules) {
      if (rule.left <= 0 || !rule.tests.every((test) => test(asked))) continue;
      rule.left--;
      return rule.fault;
    }
    return null;
  }
}

function check({ fault }: FaultRule, where: string): void {
  if (!KINDS.has(fault?.kind))
    throw new ConfigurationError(`${where}: "kind" is one of ${[...KINDS].join(", ")}.`);
  if (fault.kind === "error" && !Object.hasOwn(ERROR_FAULTS, fault.error))
    throw new ConfigurationError(`${where}: "error" is one of ${Object.keys(ERROR_FAULTS).join(", ")}.`);
}

function tests(match: Match, seed: number, index: number, where: string): Test[] {
  const found: Test[] = [];
  for (const [name, value] of Object.entries(match)) {
    if (name === "nth") {
      const numbers = new Set([value].flat());
      found.push(({ nth }) => numbers.has(nth));
    } else if (name === "probability")
      found.push(({ id, nth }) => chance(`${seed}/${index}/${id || nth}`) < (value as number));
    else if (name === "id") {
      const pattern = regular(value as string, where);
      found.push(({ id }) => pattern.test(id));
    } else if (name === "sha") {
      const beginnings = [value].flat() as string[];
      found.push(({ shas }) => shas.some((sha) => beginnings.some((beginning) => sha.startsWith(beginning))));
    } else if (name === "text") {
      const pattern = regular(value as string, where);
      found.push((asked) => pattern.test(asked.text()));
    } else
      throw new ConfigurationError(
        `${where}: a match goes by nth, probability, id, sha or text, not "${name}".`,
      );
  }
  return found;
}

function regular(pattern: string, where: string): RegExp {
  try {
    return new RegExp(pattern);
  } catch (error) {
    throw new ConfigurationError(
      `${where}: "${pattern}" is no regular expression (${(error as Error).message}).`,
    );
  }
}
