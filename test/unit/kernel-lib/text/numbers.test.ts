import { expect, test } from "vitest";
import { numbers } from "../../../../kernel-lib/src/text/numbers.js";

const read = (text: string) => numbers(text).map(({ value, unit }) => [value, unit ? unit.base : null]);

test.each([
  ["1.5×10³ stars", 1500],
  ["1.5 × 10^{3} stars", 1500],
  ["3,000 stars", 3000],
  ["10 000 stars", 10000],
  ["10\u2009000 stars", 10000],
  ["2.5e-3", 0.0025],
  ["10⁻⁵", 1e-5],
  ["10^−5", 1e-5],
  ["a value of −4.2", -4.2],
  ["about ½ of them", 0.5],
  ["1/2 of them", 0.5],
  ["seven peaks", 7],
  ["in the 1990s", 1990],
])("reads %s by value", (text, value) => {
  expect(numbers(text).map((number) => number.value)).toEqual([value]);
});

test.each([
  ["5 ms", [[5, "s"]]],
  ["5ms", [[5, "s"]]],
  ["12 km s⁻¹", [[12, "m s^-1"]]],
  ["12 km/s", [[12, "m s^-1"]]],
  ["9.8 m s^-2", [[9.8, "m s^-2"]]],
  ["21 °C", [[21, "°C"]]],
  ["50 %", [[50, ""]]],
  ["50 percent", [[50, ""]]],
  ["10–20 °C", [[10, "°C"], [20, "°C"]]],
  ["3.1 ± 0.2 keV", [[3.1, "eV"], [0.2, "eV"]]],
  ["5, 10 and 20 ms", [[5, "s"], [10, "s"], [20, "s"]]],
  ["three days", [[3, "s"]]],
  ["4 apples", [[4, null]]],
] as [string, [number, string | null][]][])("knows the unit in %s", (text, expected) => {
  expect(read(text)).toEqual(expected);
}); // prettier-ignore

test("finds no number inside names, scripts, ordinals and dimensions", () => {
  expect(numbers("CO2, IL-6, x_2, H₂O, the 3D view, the 2nd run, COVID-19")).toEqual([]);
});

test("remembers how precisely a number is printed", () => {
  const [pi, many] = numbers("3.14 and 1.5×10³");
  expect(pi!.granularity).toBeCloseTo(0.01);
  expect(many!.granularity).toBeCloseTo(100);
});

test("puts prefixes and compound units on one scale", () => {
  const [a, b] = numbers("36 km/h is 10 m/s");
  expect(a!.value * a!.unit!.factor).toBeCloseTo(b!.value * b!.unit!.factor);
  expect(a!.unit!.base).toBe(b!.unit!.base);
});
