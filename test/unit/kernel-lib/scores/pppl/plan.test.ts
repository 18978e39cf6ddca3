import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  copyOf,
  planOf,
  wholeWords,
  windowCount,
  windowOf,
  type Pass,
  type Plan,
} from "../../../../../kernel-lib/src/scores/pppl/plan.js";

/** Word numbers of texts whose words have one to five pieces. */
const words = fc
  .array(fc.integer({ min: 1, max: 5 }), { maxLength: 40 })
  .map((pieces) => pieces.flatMap((count, word) => Array<number>(count).fill(word)));
const room = fc.integer({ min: 1, max: 70 });

const masked = ({ target, maskedEnd }: Pass) =>
  Array.from({ length: maskedEnd - target }, (_, i) => target + i);

const distinct = ({ original, withinWordL2r }: Plan) => [...new Set([...original, ...withinWordL2r])];

describe("the plan of masked copies", () => {
  test("judges every token once in each scheme", () => {
    fc.assert(
      fc.property(words, room, (words, room) => {
        const { original, withinWordL2r } = planOf(words, room);
        const all = words.map((_, token) => token);
        expect(original.map(({ target }) => target)).toEqual(all);
        expect(withinWordL2r.map(({ target }) => target)).toEqual(all);
      }),
    );
  });

  test("masks the token alone in the one, and with it all later pieces of its word that are in sight in the other", () => {
    fc.assert(
      fc.property(words, room, (words, room) => {
        const { original, withinWordL2r } = planOf(words, room);
        for (const [token, word] of words.entries()) {
          expect(masked(original[token]!)).toEqual([token]);
          const pass = withinWordL2r[token]!;
          const later = words.flatMap((other, i) =>
            other === word && i >= token && i < pass.end ? [i] : [],
          );
          expect(masked(pass)).toEqual(later);
        }
      }),
    );
  });

  test("has a copy that both schemes need once", () => {
    fc.assert(
      fc.property(words, room, (words, room) => {
        const passes = distinct(planOf(words, room));
        expect(new Set(passes.map((pass) => JSON.stringify(pass))).size).toBe(passes.length);
      }),
    );
  });

  test("has a text that fits read once for each token, and once more for each piece that is not its word's last", () => {
    fc.assert(
      fc.property(words, (words) => {
        const notLast = words.filter((word, i) => word === words[i + 1]).length;
        expect(distinct(planOf(words, 200)).length).toBe(words.length + notLast);
      }),
    );
  });

  test("shows the model no more than it can read, and all of a text that it can", () => {
    fc.assert(
      fc.property(words, room, (words, room) => {
        for (const { start, end, target, maskedEnd } of distinct(planOf(words, room))) {
          expect(end - start).toBe(Math.min(room, words.length));
          expect(start).toBeGreaterThanOrEqual(0);
          expect(end).toBeLessThanOrEqual(words.length);
          expect(target).toBeGreaterThanOrEqual(start);
          expect(maskedEnd).toBeLessThanOrEqual(end);
        }
      }),
    );
  });

  test("gives a token of a long text as much context on either side as there is, up to half of a window", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), room, fc.nat(), (tokens, room, at) => {
        const target = at % tokens;
        const { start, end } = windowOf(target, tokens, room);
        expect(target - start).toBeGreaterThanOrEqual(Math.min(target, Math.floor(room / 2)));
        expect(end - 1 - target).toBeGreaterThanOrEqual(
          Math.min(tokens - 1 - target, room - 1 - Math.floor(room / 2)),
        );
      }),
    );
  });

  test("counts the windows that there are", () => {
    fc.assert(
      fc.property(words, room, (words, room) => {
        const windows = new Set(planOf(words, room).original.map(({ start }) => start));
        expect(windowCount(words.length, room)).toBe(windows.size);
      }),
    );
  });
});

describe("the beginning of a text", () => {
  test("ends with a word, and the next word would be too much", () => {
    fc.assert(
      fc.property(words, fc.nat({ max: 200 }), (words, limit) => {
        const length = wholeWords(words, limit);
        expect(length).toBeLessThanOrEqual(limit);
        if (length > 0) expect(words[length]).not.toBe(words[length - 1]);
        const next = words.filter((word) => word === words[length]).length;
        if (length < words.length) expect(length + next).toBeGreaterThan(limit);
      }),
    );
  });
});

describe("a masked copy", () => {
  const special = { start: 101, end: 102, mask: 103 };

  test("has the window's tokens with the masked ones hidden, and the special tokens around it", () => {
    const pass = { start: 1, end: 5, target: 2, maskedEnd: 4 };
    expect([...copyOf([1, 2, 3, 4, 5, 6], pass, special)]).toEqual([101, 2, 103, 103, 5, 102]);
  });
});
