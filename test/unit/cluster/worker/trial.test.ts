import { expect, test } from "vitest";
import { trialOf } from "../../../../cluster/src/worker/trial.js";

const ended = new Map<string, "done" | "failed">();
const suspect = (item: string, deaths: number, alone = 0) => ({ item, deaths, alone });

test("without a death nothing is under suspicion", () => {
  expect(trialOf({ ended, deaths: 0, suspects: [] }, 512, 6)).toMatchObject({
    ...{ convicted: new Set(), suspects: new Set(), giveUp: null },
  });
});

test("after each death an eighth of those under suspicion is tried at a time, until it is one", () => {
  const widths = (suspects: number) =>
    [1, 2, 3, 4, 5].map((deaths) => {
      const all = Array.from({ length: suspects }, (_, i) => suspect(String(i), deaths));
      return trialOf({ ended, deaths, suspects: all }, 512, 6).width;
    });
  expect(widths(2000)).toEqual([64, 8, 1, 1, 1]);
  expect(widths(20)).toEqual([2, 1, 1, 1, 1]);
  expect(widths(1)).toEqual([1, 1, 1, 1, 1]);
});

test("an item that died alone twice is convicted, the others are tried", () => {
  const suspects = [suspect("a", 4, 2), suspect("b", 3, 1), suspect("c", 3)];
  const trial = trialOf({ ended, deaths: 4, suspects }, 512, 6);
  expect([...trial.convicted]).toEqual(["a"]);
  expect([...trial.suspects]).toEqual(["b", "c"]);
});

test("dying alone once convicts nobody: a node may have been lost", () => {
  const trial = trialOf({ ended, deaths: 3, suspects: [suspect("a", 3, 1)] }, 8, 6);
  expect([...trial.convicted]).toEqual([]);
  expect([...trial.suspects]).toEqual(["a"]);
  expect(trial.width).toBe(1);
});

test("a shard that keeps dying is given up, unless who did it is being found out", () => {
  const giveUp = (deaths: number, alone: number) =>
    trialOf({ ended, deaths, suspects: [suspect("a", deaths, alone), suspect("b", deaths)] }, 8, 6).giveUp;
  expect(giveUp(5, 0)).toBeNull();
  expect(giveUp(6, 0)).toBe("6 attempts at it died");
  expect(giveUp(6, 1)).toBeNull();
  expect(giveUp(6, 2)).toBeNull();
  expect(giveUp(18, 1)).toBe("18 attempts at it died");
});
