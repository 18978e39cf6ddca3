import { expect, test } from "vitest";
import { scorerOf } from "../../../../kernel-lib/src/scores/named.js";
import { support } from "../../../../kernel-lib/src/scores/support.js";

test("a scorer by its name, by what makes it anew, or as it is", () => {
  const own = support();
  expect(scorerOf(own)).toBe(own);
  expect(scorerOf("support").metric).toBe("support");
  expect(scorerOf(own.spec!)).toMatchObject({ metric: "support", id: own.id, version: own.version });
});

test("under another name it says so to whoever makes it anew", () => {
  const scorer = scorerOf({ kind: "support", options: { as: "support-2" } });
  expect(scorer.metric).toBe("support-2");
  expect(scorer.readsText).toBe(true);
  expect(scorerOf(scorer.spec!).metric).toBe("support-2");
});

test.each([
  ["beauty", 'There is no metric "beauty"; there is: support, form'],
  [{ kind: "constructor", options: {} }, 'There is no metric "constructor"'],
  [{ kind: "support", options: { model: "large" } }, '"support" has no option "model"; it has: as.'],
  [
    { kind: "support", options: { as: "../up" } },
    'The option "as" of "support" is not right: a name has letters',
  ],
  [{ kind: "support", options: { as: 3 } }, 'The option "as" of "support" is not right'],
])("%j is a mistake", (asked, message) => expect(() => scorerOf(asked)).toThrow(message));
