import fc from "fast-check";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { readLog } from "../../../../cluster/src/local/logs.js";

const folder = mkdtempSync(join(tmpdir(), "figloom-logs-"));
const path = join(folder, "stdout.log");
afterAll(() => rmSync(folder, { recursive: true }));

test("pieces of any size join to the whole text", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.string({ unit: "grapheme", maxLength: 60 }),
      fc.integer({ min: 4, max: 9 }),
      async (text, limit) => {
        writeFileSync(path, text);
        let [joined, next] = ["", 0];
        for (;;) {
          const part = await readLog(path, { from: next, limit });
          if (part.next === next) break;
          joined += part.text;
          next = part.next;
        }
        expect(joined).toBe(text);
        expect(next).toBe(Buffer.byteLength(text));
      },
    ),
  );
});

test("a character that is not yet wholly written is left for the next reading", async () => {
  const bytes = Buffer.from("aé€");
  writeFileSync(path, bytes.subarray(0, 5));
  expect(await readLog(path)).toEqual({ text: "aé", next: 3 });
  writeFileSync(path, bytes);
  expect(await readLog(path, { from: 3 })).toEqual({ text: "€", next: 6 });
});

test("the end of a log starts with a whole character", async () => {
  writeFileSync(path, "α€omega");
  expect(await readLog(path, { from: -6 })).toEqual({ text: "omega", next: 10 });
  expect((await readLog(path, { from: -8 })).text).toBe("€omega");
  expect((await readLog(path, { from: -100 })).text).toBe("α€omega");
});

test("bytes that are no text are shown as such and never stop the reading", async () => {
  writeFileSync(path, Buffer.from([0x61, 0x80, 0x80, 0x80, 0x80, 0x80, 0xff]));
  expect(await readLog(path)).toEqual({ text: "a\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd", next: 7 });
});

test("there is nothing to read before the task has started, or past the end", async () => {
  expect(await readLog(join(folder, "none.log"))).toEqual({ text: "", next: 0 });
  writeFileSync(path, "abc");
  expect(await readLog(path, { from: 3 })).toEqual({ text: "", next: 3 });
});

test("a range that cannot be right is refused", async () => {
  for (const range of [{ limit: 3 }, { limit: 2 ** 30 }, { limit: 4.5 }, { from: 0.5 }, { from: NaN }])
    await expect(readLog(path, range)).rejects.toMatchObject({ name: "ConfigurationError" });
});
