import { expect, test } from "vitest";
import { formulas } from "../../../../../kernel-lib/src/scores/support/formulas.js";

const read = (text: string) => formulas(text).map((formula) => formula.text);

test.each([
  ["H2O and H₂O", ["H2O", "H₂O"]],
  ["CH3OH over TiO2 and Pt/TiO₂", ["CH3OH", "TiO2", "Pt", "TiO₂"]],
  ["SO₄²⁻, SO4^{2-}, Na+ and Fe3+.", ["SO₄²⁻", "SO4^{2-}", "Na+", "Fe3+"]],
  ["La1-xSrxMnO3 and LiNi0.8Mn0.1Co0.1O2", ["La1-xSrxMnO3", "LiNi0.8Mn0.1Co0.1O2"]],
  ["Ca(OH)2 and CuSO4·5H2O", ["Ca(OH)2", "CuSO4·5H2O"]],
  ["GaAs, NaCl, CO, KOH", ["GaAs", "NaCl", "CO", "KOH"]],
  ["⁸⁷Rb, ^{13}C, 13C, δ18O", ["⁸⁷Rb", "^{13}C", "13C", "δ18O"]],
  ["the Fe–N bond on Au", ["Fe–N", "Au"]],
  // Abbreviations, genes, cells, English words and rows of digits.
  ["CNN, CB1, HeLa, BRCA1, IN, In the SVM, He says No, K2 and T1, H1N1", []],
  ["IN63, SYP028", []],
])("%s", (text, expected) => {
  expect(read(text)).toEqual(expected);
});

test("one formula is the same in every dress, and another charge is another ion", () => {
  const canonical = (text: string) => formulas(text)[0]!.canonical;
  expect(new Set(["TiO2", "TiO₂", "TiO_2", "TiO_{2}"].map(canonical)).size).toBe(1);
  expect(new Set(["SO₄²⁻", "SO4^{2−}", "SO4^2-"].map(canonical)).size).toBe(1);
  expect(canonical("Fe²⁺")).not.toBe(canonical("Fe³⁺"));
});
