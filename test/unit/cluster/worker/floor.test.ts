import { expect, test } from "vitest";
import { Floor } from "../../../../cluster/src/worker/floor.js";

test("what is done alone waits for what is at work, and keeps new work out meanwhile", async () => {
  const floor = new Floor();
  floor.entered();
  const happened: string[] = [];
  let end = () => {};
  const alone = floor.alone(async () => {
    happened.push("alone");
    await new Promise<void>((resolve) => (end = resolve));
  });
  const opened = floor.closed()!.then(() => happened.push("open"));
  await new Promise(setImmediate);
  expect(happened).toEqual([]);
  floor.left();
  await expect.poll(() => happened).toEqual(["alone"]);
  end();
  await Promise.all([alone, opened]);
  expect(happened).toEqual(["alone", "open"]);
  expect(floor.closed()).toBeNull();
});

test("two that want to be alone are so one after the other, also where the first fails", async () => {
  const floor = new Floor();
  let inside = 0;
  const most: number[] = [];
  const work = async () => {
    most.push(++inside);
    await new Promise(setImmediate);
    inside--;
    if (most.length === 1) throw new Error("no");
  };
  const ends = await Promise.allSettled([floor.alone(work), floor.alone(work), floor.alone(work)]);
  expect(ends.map(({ status }) => status)).toEqual(["rejected", "fulfilled", "fulfilled"]);
  expect(most).toEqual([1, 1, 1]);
});
