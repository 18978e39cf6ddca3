import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { linesOf, type Line } from "../../../../kernel-lib/src/text/lines.js";

const folder = mkdtempSync(join(tmpdir(), "figloom-lines-"));
const path = join(folder, "lines");
afterAll(() => rmSync(folder, { recursive: true }));

async function linesIn(content: string | Buffer, limit = 2 ** 20): Promise<Line[]> {
  writeFileSync(path, content);
  const lines: Line[] = [];
  for await (const line of linesOf(path, limit)) lines.push(line);
  return lines;
}

test("a file falls into its lines, each with its place, and joins again to the same bytes", async () => {
  const piece = fc.oneof(fc.constant("\n"), fc.string({ unit: "grapheme" }), fc.constant("x".repeat(70_000)));
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 12 }), async (pieces) => {
      const content = Buffer.from(pieces.join(""));
      const lines = await linesIn(content);
      const joined = lines.map(({ bytes, whole }) => bytes.toString("utf8") + (whole ? "\n" : "")).join("");
      expect(joined).toBe(content.toString("utf8"));
      for (const { bytes, start } of lines)
        expect(content.subarray(start, start + bytes.length).equals(bytes)).toBe(true);
    }),
    { numRuns: 50 },
  );
});

test("what stands behind the last line feed is told from a whole line", async () => {
  expect((await linesIn("a\nb")).map(({ whole }) => whole)).toEqual([true, false]);
  expect((await linesIn("a\nb\n")).map(({ whole }) => whole)).toEqual([true, true]);
  expect(await linesIn("")).toEqual([]);
});

test("a line without end is refused before it fills the memory", async () => {
  await expect(linesIn("x".repeat(2 ** 20), 2 ** 18)).rejects.toThrow(`longer than ${2 ** 18} bytes`);
});
