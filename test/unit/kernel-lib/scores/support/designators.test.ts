import { expect, test } from "vitest";
import { canonicalName, designators } from "../../../../../kernel-lib/src/scores/support/designators.js";

test.each([
  ["HD 209458 b, NGC 1234 and M31", ["HD 209458 b", "NGC 1234"]],
  ["PSR J0737−3039A at MJD 55600.", ["PSR J0737−3039A", "MJD 55600"]],
  ["Mg II and C IV lines", ["Mg II", "C IV"]],
  ["ResNet-50 on ImageNet-1k under SSP5-8.5", ["ResNet-50", "ImageNet-1k", "SSP5-8.5"]],
  ["TNF-α, TNF-alpha and γH2AX", ["TNF-α", "TNF-alpha", "γH2AX"]],
  ["RAD51-deficient cells of SARS-CoV-2", ["SARS-CoV-2"]],
  ["in the Niño 3.4 region", ["Niño 3.4"]],
  ["With 3.5 km, in NASA 2019, the DNA 100 ng, In V and 10 K", []],
])("%s", (text, expected) => {
  expect(designators(text).map((one) => one.text)).toEqual(expected);
});

test.each([
  ["NGC 3741", "NGC3741", true],
  ["TNF-α", "TNF-alpha", true],
  ["IL-6", "IL6", true],
  ["Rényi", "Renyi", true],
  ["NGC 3741", "NGC 3714", false],
  ["BRCA1", "BRCA2", false],
])("%s and %s are the same name: %s", (one, other, same) => {
  expect(canonicalName(one) === canonicalName(other)).toBe(same);
});
