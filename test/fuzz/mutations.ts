import fc from "fast-check";

/** Places and lengths are shares of the whole, so that one mutation fits every input. */
type Mutation =
  | { kind: "flip"; at: number; bit: number }
  | { kind: "overwrite"; at: number; bytes: Uint8Array }
  | { kind: "insert"; at: number; bytes: Uint8Array }
  | { kind: "cut"; at: number }
  | { kind: "drop"; at: number; length: number }
  | { kind: "repeat"; at: number; length: number; times: number }
  | { kind: "splice"; at: number; from: number; length: number };

const MAX_BYTES = 4 * 2 ** 20;

/** Without bias: an input whose first bytes are always hit is never more than looked at. */
const share = fc.noBias(fc.nat(2 ** 24).map((step) => step / 2 ** 24));
/** Short pieces mostly: long ones leave little of the input. */
const piece = share.map((length) => length ** 4);

/** One change to bytes, or up to eight, with pieces of text that the format at hand gives a meaning to. */
export function mutationsWith(words: readonly string[]): fc.Arbitrary<Mutation[]> {
  const bytes = fc.oneof(
    fc.uint8Array({ minLength: 1, maxLength: 24 }),
    fc.constantFrom(...words).map((word) => new Uint8Array(Buffer.from(word))),
  );
  const mutation: fc.Arbitrary<Mutation> = fc.oneof(
    { weight: 4, arbitrary: fc.record({ kind: fc.constant("flip" as const), at: share, bit: fc.nat(7) }) },
    { weight: 4, arbitrary: fc.record({ kind: fc.constant("overwrite" as const), at: share, bytes }) },
    { weight: 4, arbitrary: fc.record({ kind: fc.constant("insert" as const), at: share, bytes }) },
    // What lies behind a cut is never reached, so it is made seldom and late.
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant("cut" as const), at: share.map((at) => 1 - at ** 3) }),
    },
    { weight: 4, arbitrary: fc.record({ kind: fc.constant("drop" as const), at: share, length: piece }) },
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant("repeat" as const),
        at: share,
        length: piece,
        times: fc.nat(60),
      }),
    },
    {
      weight: 4,
      arbitrary: fc.record({ kind: fc.constant("splice" as const), at: share, from: share, length: piece }),
    },
  );
  return fc.oneof(
    mutation.map((only) => [only]),
    fc.array(mutation, { minLength: 2, maxLength: 8 }),
  );
}

/** The input with the mutations made one after the other; pieces spliced in come from `other`. */
export function mutate(input: Buffer, mutations: readonly Mutation[], other: Buffer): Buffer {
  return mutations.reduce((bytes, mutation) => apply(bytes, mutation, other).subarray(0, MAX_BYTES), input);
}

function apply(bytes: Buffer, mutation: Mutation, other: Buffer): Buffer {
  const at = Math.floor(mutation.at * bytes.length);
  const around = (middle: Uint8Array, next = at) =>
    Buffer.concat([bytes.subarray(0, at), middle, bytes.subarray(next)]);
  switch (mutation.kind) {
    case "flip": {
      const changed = Buffer.from(bytes);
      if (at < changed.length) changed[at]! ^= 1 << mutation.bit;
      return changed;
    }
    case "overwrite":
      return around(mutation.bytes, at + mutation.bytes.length);
    case "insert":
      return around(mutation.bytes);
    case "cut":
      return bytes.subarray(0, at);
    case "drop":
      return around(Buffer.alloc(0), at + Math.ceil(mutation.length * bytes.length));
    case "repeat": {
      const repeated = bytes.subarray(at, at + Math.ceil(mutation.length * bytes.length));
      const times = Math.min(mutation.times, Math.floor(MAX_BYTES / Math.max(1, repeated.length)));
      return around(Buffer.concat(Array<Buffer>(times).fill(repeated)));
    }
    case "splice": {
      const from = Math.floor(mutation.from * other.length);
      return around(other.subarray(from, from + Math.ceil(mutation.length * other.length)));
    }
  }
}
