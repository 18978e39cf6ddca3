/** Keys of rows that a sort compares: whole numbers of 32 bits. */
type Keys = Uint32Array<ArrayBuffer>;

/** The greatest key: rows without a value come last, whichever way the others are sorted. */
const LAST = 0xffffffff;
/** Bits that a pass sorts by. */
const DIGIT = 11;

/** A number's place among all numbers of single precision: the order of their bits, but for the sign. */
const placeOf = (bits: number): number => (bits < 0 ? ~bits : bits ^ 0x80000000) >>> 0;

/** Keys of the rows at some positions, by a column of numbers (NaN is no value). */
export function keysOfNumbers(values: Float32Array, positions: Int32Array, descending: boolean): Keys {
  const bits = new Int32Array(values.buffer, values.byteOffset, values.length);
  const keys = new Uint32Array(positions.length);
  for (let row = 0; row < keys.length; row++) {
    const position = positions[row]!;
    keys[row] = Number.isNaN(values[position]) ? LAST : turned(placeOf(bits[position]!), descending);
  }
  return keys;
}

/** Keys of the rows at some positions, by the numbers of a category (0 is no value). */
export function keysOfCategories(of: ArrayLike<number>, positions: Int32Array, descending: boolean): Keys {
  const keys = new Uint32Array(positions.length);
  for (let row = 0; row < keys.length; row++) {
    const number = of[positions[row]!]!;
    keys[row] = number === 0 ? LAST : turned(number, descending);
  }
  return keys;
}

/** Keys of the rows at some positions, by whole numbers from 0. */
export function keysOfWhole(numbers: Int32Array, positions: Int32Array): Keys {
  const keys = new Uint32Array(positions.length);
  for (let row = 0; row < keys.length; row++) keys[row] = numbers[positions[row]!]!;
  return keys;
}

const turned = (key: number, descending: boolean): number => (descending ? ~key : key);

/**
 * Positions sorted by their keys; those with equal keys stay in their order. Some bits at a time, the least first
 * (Knuth, The Art of Computer Programming, 5.2.5): three passes, and none for bits that all keys share.
 */
export function sorted(positions: Int32Array<ArrayBuffer>, keys: Keys): Int32Array<ArrayBuffer> {
  let [from, to] = [positions, new Int32Array(positions.length)];
  let [fromKeys, toKeys] = [keys, new Uint32Array(keys.length)];
  for (let shift = 0; shift < 32; shift += DIGIT) {
    const ends = new Int32Array(2 ** DIGIT);
    const mask = 2 ** DIGIT - 1;
    for (let row = 0; row < fromKeys.length; row++) ends[(fromKeys[row]! >>> shift) & mask]!++;
    if (ends.includes(fromKeys.length)) continue;
    for (let digit = 0, sum = 0; digit < ends.length; digit++) {
      const count = ends[digit]!;
      ends[digit] = sum;
      sum += count;
    }
    for (let row = 0; row < fromKeys.length; row++) {
      const at = ends[(fromKeys[row]! >>> shift) & mask]!++;
      to[at] = from[row]!;
      toKeys[at] = fromKeys[row]!;
    }
    // The given positions are not to be written to.
    [from, to] = [to, from === positions ? new Int32Array(positions.length) : from];
    [fromKeys, toKeys] = [toKeys, fromKeys];
  }
  return from;
}

/**
 * The values of some ranks, from 0: two passes, and a sort of those values whose upper bits are the ones of a value sought.
 */
export function ranked(values: Float32Array, ranks: readonly number[]): number[] {
  const bits = new Int32Array(values.buffer, values.byteOffset, values.length);
  const counts = new Int32Array(2 ** 16);
  for (let i = 0; i < bits.length; i++) counts[placeOf(bits[i]!) >>> 16]!++;
  const buckets: { before: number; values: Float32Array; count: number }[] = [];
  const bucketOf = new Int8Array(counts.length).fill(-1);
  let before = 0;
  counts.forEach((count, upper) => {
    if (ranks.some((rank) => rank >= before && rank < before + count)) {
      bucketOf[upper] = buckets.length;
      buckets.push({ before, values: new Float32Array(count), count: 0 });
    }
    before += count;
  });
  for (let i = 0; i < bits.length; i++) {
    const at = bucketOf[placeOf(bits[i]!) >>> 16]!;
    if (at < 0) continue;
    const bucket = buckets[at]!;
    bucket.values[bucket.count++] = values[i]!;
  }
  for (const bucket of buckets) bucket.values.sort();
  return ranks.map((rank) => {
    const bucket = buckets.find(({ before, count }) => rank >= before && rank < before + count)!;
    return bucket.values[rank - bucket.before]!;
  });
}
