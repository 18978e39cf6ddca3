import { expect, test } from "vitest";
import { support, type SupportDetail } from "../../../../../kernel-lib/src/scores/support.js";
import { figureWith, paper } from "../../captions/papers.js";

async function claimOf(text: string, evidence: string) {
  const figure = figureWith({ caption: "A figure.", contexts: [evidence] });
  const input = { figure, paper, image: null, figure_text: null, caption: "model", text };
  const { scores } = await support().score(input, { signal: new AbortController().signal });
  const { claims } = JSON.parse(scores[0]!.detail!) as SupportDetail;
  return claims.filter(({ kind }) => kind === "number").at(-1)!;
}

test.each([
  ["seventeen cells", "17 cells"],
  ["1.5 million rows", "1,500,000 rows"],
  ["16k tokens", "16,384 or 16,000 tokens"],
  ["67 % of them", "two thirds of them"],
  ["a quarter of them", "25 % of them"],
  ["a fourfold rise", "a 4-fold rise"],
  ["203 mA h g⁻¹", "203 mAh/g"],
  ["2 cm²/(V s)", "2 cm² V⁻¹ s⁻¹"],
  ["0.1 mol/L", "0.1 M"],
  ["7 days", "1 week"],
  ["about 1,500 stars", "1,487 stars"],
  ["a mass of 2.0×10⁹ kg", "a mass of (2.0 ± 0.2)×10⁹ kg"],
  ["3.1 ± 0.2 keV", "3.1 ± 0.2 keV"],
  ["more than 5 K", "above 5 K"],
  ["5 K", "below 5 K"],
  ["α = 0.3", "with 0.3 for all"],
  ["an error of 0.2", "a value of 3.1 ± 0.2"],
])("%s is supported by %s", async (text, evidence) => {
  expect(await claimOf(text, evidence)).toMatchObject({ supported: true, source: "context 1" });
});

test.each([
  ["above 5 K", "below 5 K", "the paper's text says < 5 K, not > 5 K"],
  ["3.1 ± 0.4 keV", "3.1 ± 0.2 and 5.0 ± 0.4 keV", "gives ± 0.4 keV for 5.0"],
  ["a value of 0.2", "a value of 3.1 ± 0.2", "only as the uncertainty of 3.1"],
  ["where α = 0.3", "where α = 0.5 and β = 0.3", "gives 0.3 for β, and another value for α"],
  ["with 12 layers", "with 6 layers and 12 heads", "counts something else with 12 (head)"],
  ["1,500 stars", "1,487 stars", "stands nowhere"],
  ["2.0×10⁸ kg", "2.0×10⁹ kg", "stands nowhere"],
  ["5 %", "5 percentage points", "another unit (percentage points)"],
  ["at 66° N", "at 66° S", "another unit (° S)"],
  ["3 mice", "3 mJy", "another unit (mJy)"],
])("%s is not supported by %s", async (text, evidence, reason) => {
  const claim = await claimOf(text, evidence);
  expect(claim.supported).toBe(false);
  expect(claim.reason).toContain(reason);
});

test("how many panels or curves there are is no claim that text could bear out", async () => {
  expect(await claimOf("Three panels with two dashed curves", "Nothing.")).toBeUndefined();
});
