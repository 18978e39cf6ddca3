import fc from "fast-check";

/**
 * Any text: signs of all planes of Unicode, up to `maxLength` of them. `fc.string({ unit: "binary" })` gives the same, after
 * a second in which it lists all signs there are.
 */
export const anyText = (maxLength = 10): fc.Arbitrary<string> =>
  fc
    .array(fc.oneof(fc.integer({ min: 0, max: 0xd7ff }), fc.integer({ min: 0xe000, max: 0x10ffff })), {
      maxLength,
    })
    .map((signs) => String.fromCodePoint(...signs));
