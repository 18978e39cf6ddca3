/** What goes wrong in a chaos run: drawn by a seed, and told apart by what must become of each figure. */
import type { Fault, FaultRule, Faults } from "../../cluster/src/mock-server/index.js";
import { nameOf, randomOf } from "../support/synthetic/words.js";

/** How a figure's picture file is spoilt after it was ingested. */
export type Damage = "removed" | "garbage" | "cut";

export interface Plan {
  faults: Faults;
  /** Figures that can get no caption, by number, and the reason that their quarantine line must have. */
  reasons: ReadonlyMap<number, string>;
  /** Figures that end every server that looks at them. */
  poison: readonly number[];
  damaged: ReadonlyMap<number, Damage>;
  /** Figures with so many words that the model can only be asked about them with fewer. */
  wordy: ReadonlySet<number>;
  /** Captions after which the client is killed. */
  kills: readonly number[];
  /** Captions, after the last kill, at which a server's process is killed; and which server. */
  serverKill: { at: number; server: number };
  /** Kinds of faults that must have happened, as {@link faultName} calls them. */
  kinds: ReadonlySet<string>;
}

/** Errors of a server that hold for one figure, whoever is asked. */
const LASTING_ERRORS: Record<string, string> = {
  "too-long": "too-long",
  "too-long-picture": "too-long",
  "encoder-cache": "too-long",
  "body-too-large": "too-large",
  undecodable: "picture-unreadable",
  "bad-base64": "picture-unreadable",
  "url-refused": "picture-unreadable",
  huge: "picture-shape",
  ratio: "picture-shape",
  "file-missing": "picture-not-there",
  "bad-request": "request-refused",
};

/** Answers that are no caption, however often the figure is asked about. */
const LASTING_ANSWERS: [Fault, string][] = [
  [{ kind: "loop" }, "answer-repetition"],
  [{ kind: "finish", reason: "repetition" }, "answer-repetition"],
  [{ kind: "finish", reason: "length" }, "answer-truncated"],
  [{ kind: "refusal" }, "answer-refusal"],
  [{ kind: "empty" }, "answer-empty"],
  [{ kind: "wrong-language" }, "answer-wrong-language"],
];

/** What passes when the figure is asked about again: the share of first requests that it befalls. */
const PASSING: [number, Fault][] = [
  [0.01, { kind: "error", error: "generation" }],
  [0.01, { kind: "error", error: "bad-gateway" }],
  [0.01, { kind: "error", error: "scaling" }],
  [0.01, { kind: "error", error: "overloaded" }],
  [0.01, { kind: "error", error: "rate-limit", retryAfter: 1 }],
  [0.005, { kind: "error", error: "url-failed" }],
  [0.005, { kind: "error", error: "url-timeout" }],
  [0.002, { kind: "error", error: "engine-dead" }],
  [
    0.01,
    { kind: "status", status: 200, body: "<html>not what was asked for</html>", contentType: "text/html" },
  ],
  [0.01, { kind: "status", status: 200, body: '{"error":{"message":"Internal server error","code":500}}' }],
  [0.005, { kind: "status", status: 502, body: "" }],
  [0.01, { kind: "reset", at: "start" }],
  [0.01, { kind: "reset", at: "headers" }],
  [0.01, { kind: "reset", at: "half" }],
  [0.01, { kind: "broken-body" }],
  [0.005, { kind: "stream-error" }],
  [0.01, { kind: "finish", reason: "abort" }],
  [0.01, { kind: "finish", reason: "error" }],
  [0.005, { kind: "finish", reason: "length" }],
  [0.005, { kind: "finish", reason: "repetition" }],
  [0.005, { kind: "loop" }],
  [0.005, { kind: "refusal" }],
  [0.005, { kind: "empty" }],
  [0.005, { kind: "wrong-language" }],
  [0.01, { kind: "delay", seconds: 1 }],
  [0.004, { kind: "drip", bytesPerSecond: 400 }],
];

/** What befalls a few figures when they are first asked about, each costly. */
const RARE: [number, Fault][] = [
  [2, { kind: "hang" }],
  [2, { kind: "drip", bytesPerSecond: 5 }],
  [2, { kind: "death" }],
];

/**
 * Long enough to be found, and befalls figures so late that neither client nor servers are killed meanwhile. Of several,
 * since one's first request may end with a server that a poisonous figure ends.
 */
const STALL: Fault = { kind: "stall", seconds: 30 };
const STALLS = 3;
const LATE = 0.96;

const OF_EACH = 2;
const POISON = 3;

export function planChaos(seed: number, figures: number): Plan {
  const random = randomOf(seed);
  const taken = new Set<number>();
  const draw = (count: number, from = 0): number[] =>
    Array.from({ length: count }, () => {
      let number: number;
      do number = Math.floor((from + random() * (1 - from)) * figures);
      while (taken.has(number));
      taken.add(number);
      return number;
    });
  const reasons = new Map<number, string>();
  const rules: FaultRule[] = [];
  const lasting = (fault: Fault, reason: string, count = OF_EACH): number[] => {
    const numbers = draw(count);
    for (const number of numbers) reasons.set(number, reason);
    rules.push({ match: { text: anyOf(numbers) }, fault });
    return numbers;
  };
  const poison = lasting({ kind: "death" }, "kills-server", POISON);
  for (const [error, reason] of Object.entries(LASTING_ERRORS)) lasting({ kind: "error", error }, reason);
  for (const [fault, reason] of LASTING_ANSWERS) lasting(fault, reason);
  for (const [count, fault] of RARE) rules.push({ match: { id: FIRST, text: anyOf(draw(count)) }, fault });
  rules.push({ match: { id: FIRST, text: anyOf(draw(STALLS, LATE)) }, fault: STALL });
  for (const [probability, fault] of PASSING) rules.push({ match: { id: FIRST, probability }, fault });

  const damaged = new Map<number, Damage>();
  for (const [damage, reason] of DAMAGES)
    for (const number of draw(OF_EACH)) {
      damaged.set(number, damage);
      reasons.set(number, reason);
    }
  const share = (from: number, to: number) => Math.round(figures * (from + random() * (to - from)));
  return {
    faults: { seed, rules },
    reasons,
    poison,
    damaged,
    wordy: new Set(draw(OF_EACH)),
    kills: [share(0.05, 0.25), share(0.3, 0.5), share(0.55, 0.75)],
    serverKill: { at: share(0.78, 0.9), server: Math.floor(random() * 4) },
    kinds: new Set(rules.map(({ fault }) => faultName(fault))),
  };
}

const DAMAGES: [Damage, string][] = [
  ["removed", "image-missing"],
  ["garbage", "image-not-recognised"],
  ["cut", "image-corrupt"],
];

/** The first request about a figure, not one of the preflight. */
const FIRST = "^paper-.*/1$";

const anyOf = (numbers: readonly number[]): string => numbers.map(nameOf).join("|");

/** `error overloaded` for an error, otherwise the kind alone, as a server's log has them. */
export const faultName = (fault: { kind: string; error?: string | undefined }): string =>
  fault.error === undefined ? fault.kind : `${fault.kind} ${fault.error}`;
