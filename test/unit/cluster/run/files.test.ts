import { existsSync, mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ConfigurationError } from "../../../../kernel-lib/src/errors.js";
import {
  linkFirst,
  placeFirst,
  readShort,
  readText,
  replaceWhole,
} from "../../../../cluster/src/run/files.js";
import { emptyRun } from "./samples.js";

test("of many who place a file at the same time one succeeds, and its text is whole", async () => {
  const { path } = emptyRun();
  const file = join(path, "first");
  const texts = Array.from({ length: 40 }, (_, i) => `${i} `.repeat(5000));
  const won = await Promise.all(texts.map((text) => placeFirst(file, text)));
  expect(won.filter(Boolean).length).toBe(1);
  expect(readFileSync(file, "utf8")).toBe(texts[won.indexOf(true)]);
  expect(readdirSync(path)).toEqual(["first"]);
});

test("whose success was not heard of finds its own text there, and has succeeded", async () => {
  const { path } = emptyRun();
  const file = join(path, "first");
  expect(await placeFirst(file, "mine")).toBe(true);
  expect(await placeFirst(file, "mine")).toBe(true);
  expect(await placeFirst(file, "another's")).toBe(false);
});

test("readers of a file that is replaced again and again see one text or another, never a part", async () => {
  const { path } = emptyRun();
  const file = join(path, "sub", "state");
  const text = (letter: string) => letter.repeat(100_000);
  await replaceWhole(file, text("a"));
  let isOver = false;
  const writing = Promise.all(
    ["b", "c"].map(async (letter) => {
      for (let i = 0; i < 30; i++) await replaceWhole(file, text(letter), { flush: i % 10 === 0 });
    }),
  ).finally(() => (isOver = true));
  while (!isOver) {
    const read = (await readText(file))!;
    expect(["a", "b", "c"].map(text).includes(read)).toBe(true);
  }
  await writing;
  expect(readdirSync(join(path, "sub"))).toEqual(["state"]);
});

test("a file system without hard links is said to be one", async () => {
  const { path } = emptyRun();
  // What link(2) says of a folder is what it says where there are no hard links: EPERM.
  mkdirSync(join(path, "a"));
  const linking = linkFirst(join(path, "a"), join(path, "b"));
  await expect(linking).rejects.toThrow(ConfigurationError);
  await expect(linking).rejects.toThrow(/has no hard links .*put the dataset on one that has/);
  expect(existsSync(join(path, "b"))).toBe(false);
});

test("a file that is longer than any of ours is not read: it may be a stranger's", async () => {
  const { path } = emptyRun();
  const file = join(path, "long");
  writeFileSync(file, '{"want":"cancel"}');
  expect(await readShort(file)).toBe('{"want":"cancel"}');
  truncateSync(file, 2 ** 27);
  expect(await readShort(file)).toBe("");
  expect(await readShort(path)).toBeNull();
});
