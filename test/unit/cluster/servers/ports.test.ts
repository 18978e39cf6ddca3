import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { takePort } from "../../../../cluster/src/servers/ports.js";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "figloom-ports-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

test("a port that was taken is passed over until it is given back, and one that listens is", async () => {
  const first = await takePort("127.0.0.1", { folder });
  const random = () => (first.number - 20_000) / 12_000;
  const second = await takePort("127.0.0.1", { folder, random });
  expect(second.number).not.toBe(first.number);
  first.giveBack();
  expect((await takePort("127.0.0.1", { folder, random })).number).toBe(first.number);

  second.giveBack();
  const listener = createServer();
  await new Promise<void>((resolve) => listener.listen(second.number, "127.0.0.1", resolve));
  const third = await takePort("127.0.0.1", {
    folder,
    random: () => (second.number - 20_000) / 12_000,
  });
  expect(third.number).not.toBe(second.number);
  await new Promise((resolve) => listener.close(resolve));
});

test("where nothing can be noted down, a port that is free will do", async () => {
  const file = join(folder, "file");
  writeFileSync(file, "");
  const { number, giveBack } = await takePort("127.0.0.1", { folder: file });
  expect(number).toBeGreaterThanOrEqual(20_000);
  giveBack();
});
