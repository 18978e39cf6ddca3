import { expect, test } from "vitest";
import { Recent } from "../../../../kernel-lib/src/service/recent.js";

/** What is kept, and how often each key was made. */
function sample(limit: number) {
  const recent = new Recent(limit);
  const made: string[] = [];
  const get = (key: string, bytes = 10) =>
    recent.get(key, async () => {
      made.push(key);
      return new Uint8Array(bytes);
    });
  return { recent, made, get };
}

test("what is asked by several at the same time, and again, is made once", async () => {
  const { made, get } = sample(100);
  expect((await Promise.all([get("a"), get("a")]))[0]).toBe(await get("a"));
  expect(made).toEqual(["a"]);
});

test("what was asked longest ago goes when there is no more room", async () => {
  const { made, get } = sample(30);
  for (const key of ["a", "b", "c", "a", "d", "a", "b"]) await get(key);
  expect(made).toEqual(["a", "b", "c", "d", "b"]);
});

test("what is larger than all room is kept until something else is asked", async () => {
  const { made, get } = sample(30);
  for (const key of ["huge", "huge"]) await get(key, 500);
  await get("a");
  await get("huge", 500);
  expect(made).toEqual(["huge", "a", "huge"]);
});

test("what failed is tried again", async () => {
  const { recent, get } = sample(30);
  await expect(recent.get("a", () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect(await get("a")).toHaveLength(10);
});

test("what is forgotten is made anew, also when it was being made", async () => {
  const { recent, made, get } = sample(30);
  const before = get("review a");
  recent.forget((key) => key.startsWith("review"));
  expect(await get("review a")).not.toBe(await before);
  await get("b");
  expect(made).toEqual(["review a", "review a", "b"]);
});
