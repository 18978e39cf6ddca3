import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { prepare, ROOT, type Workplace } from "../../fuzz/build.js";
import { fuzz } from "../../fuzz/harness.js";

let workplace: Workplace;
beforeAll(async () => void (workplace = await prepare()));
afterAll(() => workplace.remove());

describe("whatever bytes a reader is given, it reads them or refuses them in words", () => {
  it.each([
    ["archive", 300],
    ["latex", 300],
    ["jats", 400],
    ["pdf", 40],
  ] as const)("%s, %i inputs", { timeout: 600_000 }, async (reader, inputs) => {
    const { program, scratch } = workplace;
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
    expect(workplace.strays()).toEqual([]);
  });
});
