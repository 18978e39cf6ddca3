import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildWorker, ROOT } from "../../fuzz/build.js";
import { fuzz } from "../../fuzz/harness.js";

let program: string;
let scratch: string;
beforeAll(async () => {
  program = await buildWorker();
  scratch = mkdtempSync(join(tmpdir(), "figloom-fuzz-"));
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

describe("whatever bytes a reader is given, it reads them or refuses them in words", () => {
  it.each([
    ["archive", 300],
    ["latex", 300],
    ["jats", 400],
    ["pdf", 40],
  ] as const)("%s, %i inputs", { timeout: 600_000 }, async (reader, inputs) => {
    const campaign = {
      reader,
      inputs,
      seed: 1,
      program,
      root: ROOT,
      corpus: false,
      scratch,
      limitSeconds: 300,
    };
    const { outcomes, findings } = await fuzz(campaign);
    expect(findings.map(({ index, message }) => `input ${index}: ${message}`)).toEqual([]);
    // Enough of them come through to try what lies behind the first check.
    expect(outcomes["read"]).toBeGreaterThan(inputs / 10);
    expect(readdirSync(scratch).filter((name) => name !== "input.tar.gz")).toEqual([]);
  });
});
