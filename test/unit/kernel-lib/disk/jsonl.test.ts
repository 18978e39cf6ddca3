import { appendFile, open, readFile, writeFile, type FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { JsonlWriter, LINE_LIMIT, readJsonl } from "../../../../kernel-lib/src/disk/jsonl.js";
import { freshFolder } from "../../../support/fresh-folder.js";

describe("a file of JSON lines", () => {
  it("has every line that append resolved, in order", async () => {
    const path = join(await freshFolder(), "a.jsonl");
    const writer = await JsonlWriter.open(path);
    await Promise.all(Array.from({ length: 200 }, (_, n) => writer.append({ n })));
    const lines = (await readFile(path, "utf8")).trim().split("\n");
    expect(lines).toEqual(Array.from({ length: 200 }, (_, n) => JSON.stringify({ n })));
    await writer.close();
  });

  it("loses a torn last line and nothing else, whatever its length", async () => {
    const path = join(await freshFolder(), "a.jsonl");
    const whole = `${JSON.stringify({ text: "x".repeat(100_000) })}\n{"n":2}\n`;
    await writeFile(path, whole);
    await appendFile(path, `{"text":"${"é".repeat(100_000)}`);
    expect(await readJsonl(path)).toHaveLength(2);
    const writer = await JsonlWriter.open(path);
    expect(await readFile(path, "utf8")).toBe(whole);
    await writer.append({ n: 3 });
    await writer.close();
    expect((await readJsonl<{ n: number }>(path)).at(-1)).toEqual({ n: 3 });
  });

  it("of which nothing but a torn line is there becomes empty", async () => {
    const path = join(await freshFolder(), "a.jsonl");
    await writeFile(path, '{"n":');
    await (await JsonlWriter.open(path)).close();
    expect(await readFile(path, "utf8")).toBe("");
  });

  it("reports no line as written by who may not write any more, whether that is known before or after", async () => {
    const path = join(await freshFolder(), "a.jsonl");
    let left = 4;
    const writer = await JsonlWriter.open(path, () => {
      if (left-- <= 0) throw new Error("it is another's now");
    });
    await writer.append({ n: 1 });
    for (const n of [2, 3]) await expect(writer.append({ n })).rejects.toThrow("another's");
    await writer.close();
    await expect(
      JsonlWriter.open(path, () => {
        throw new Error("it is another's now");
      }),
    ).rejects.toThrow("another's");
    // The second stands there, written before the end was known: it was not reported, and may stand or not.
    expect((await readJsonl<{ n: number }>(path)).map(({ n }) => n)).toEqual([1, 2]);
  });

  it("refuses a line that no reader takes", async () => {
    const writer = await JsonlWriter.open(join(await freshFolder(), "a.jsonl"));
    expect(() => writer.append("x".repeat(LINE_LIMIT))).toThrow("the limit is");
    await writer.close();
  });

  it("takes nothing more once a line was written by half, so that it stays readable", async () => {
    const path = join(await freshFolder(), "a.jsonl");
    const writer = await JsonlWriter.open(path);
    await writer.append({ n: 1 });
    const probe = await open(path);
    const files = Object.getPrototypeOf(probe) as FileHandle;
    await probe.close();
    const full = vi.spyOn(files, "appendFile").mockImplementationOnce(async function (
      this: FileHandle,
      data,
    ) {
      await this.write(String(data).slice(0, 5));
      throw new Error("no space left");
    });
    await expect(writer.append({ n: 2 })).rejects.toThrow("no space left");
    full.mockRestore();
    for (const n of [3, 4, 5]) await expect(writer.append({ n })).rejects.toThrow("no space left");
    await writer.close();
    expect(await readJsonl(path)).toEqual([{ n: 1 }]);
  });

  it("that is not there has no records", async () => {
    expect(await readJsonl(join(await freshFolder(), "none.jsonl"))).toEqual([]);
  });
});
