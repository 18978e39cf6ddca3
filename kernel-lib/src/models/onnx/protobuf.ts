/**
 * Just enough of protobuf's wire format (https://protobuf.dev/programming-guides/encoding/) to exchange some fields of
 * a message and leave all others as they are, byte for byte; a library that decodes by a schema would drop what its
 * schema does not know, and hold a model's weights several times.
 */

/** One field of a message, as a range of bytes. */
export interface Field {
  number: number;
  /** First byte of the field, its tag. */
  start: number;
  /** First byte of its value, behind a length where it has one. */
  from: number;
  /** Exclusive. */
  end: number;
}

/** @throws {RangeError} where the bytes from `from` to `to` are no message */
export function* fieldsOf(bytes: Buffer, from = 0, to = bytes.length): Generator<Field> {
  let at = from;
  const varint = (): number => {
    let value = 0;
    for (let shift = 0; shift < 64; shift += 7) {
      if (at >= to) break;
      const byte = bytes[at++]!;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    throw new RangeError("no sound protobuf message");
  };
  while (at < to) {
    const start = at;
    const tag = varint();
    const wire = tag % 8;
    const length = wire === 1 ? 8 : wire === 2 ? varint() : wire === 5 ? 4 : 0;
    const value = at;
    if (wire === 0) varint();
    else if (wire === 1 || wire === 2 || wire === 5) at += length;
    else throw new RangeError("no sound protobuf message");
    if (at > to) throw new RangeError("no sound protobuf message");
    yield { number: Math.floor(tag / 8), start, from: value, end: at };
  }
}

/** A field with a length: a string, bytes or a message, in parts that follow each other. */
export function encoded(number: number, ...parts: readonly Uint8Array[]): Uint8Array[] {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  return [varintOf(number * 8 + 2), varintOf(length), ...parts];
}

export const encodedText = (number: number, text: string): Uint8Array[] =>
  encoded(number, Buffer.from(text, "utf8"));

/** A field with a whole number from 0. */
export const encodedNumber = (number: number, value: number): Uint8Array[] => [
  varintOf(number * 8),
  varintOf(value),
];

function varintOf(value: number): Uint8Array {
  const bytes: number[] = [];
  for (; value >= 0x80; value = Math.floor(value / 0x80)) bytes.push((value % 0x80) + 0x80);
  return Uint8Array.from([...bytes, value]);
}
