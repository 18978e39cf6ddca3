import { numberText, quantityText, unitText } from "./units.js";

/** A command that prints numbers or units: how many arguments it takes, and what it prints for their sources. */
export interface QuantityCommand {
  takes: number;
  print(values: readonly string[], option: string | null): string;
}

const at = (values: readonly string[], i: number) => values[i] ?? "";
const range = (values: readonly string[]) => `${numberText(at(values, 0))}–${numberText(at(values, 1))}`;
const list = (value: string) => inWords(value.split(";").map(numberText));
const product = (value: string) => numberText(value.replace(/x/g, " \\times "));
/** The older units package: `\unit[5]{km}`; the option of siunitx's own holds a setting, never a bare number. */
const given = (option: string | null) =>
  option !== null && /^[-+\d.,\s$\\~{}]+$|^\\?[a-zA-Z]$/.test(option) ? option : "";

const single = (print: (value: string) => string): QuantityCommand => ({
  takes: 1,
  print: (values) => print(at(values, 0)),
});
const unit: QuantityCommand = {
  takes: 1,
  print: (values, option) => quantityText(numberText(given(option)), unitText(at(values, 0))),
};
const quantity: QuantityCommand = {
  takes: 2,
  print: (values) => quantityText(numberText(at(values, 0)), unitText(at(values, 1))),
};
const quantityRange: QuantityCommand = {
  takes: 3,
  print: (values) => quantityText(range(values), unitText(at(values, 2))),
};
const quantityList: QuantityCommand = {
  takes: 2,
  print: (values) => quantityText(list(at(values, 0)), unitText(at(values, 1))),
};
const quantityProduct: QuantityCommand = {
  takes: 2,
  print: (values) => quantityText(product(at(values, 0)), unitText(at(values, 1))),
};
const fraction: QuantityCommand = {
  takes: 2,
  print: (values, option) =>
    quantityText(numberText(given(option)), `${unitText(at(values, 0))}/${unitText(at(values, 1))}`),
};

/** The commands of siunitx (both its generations) and units. */
export const QUANTITIES: ReadonlyMap<string, QuantityCommand> = new Map([
  ["num", single(numberText)],
  ["tablenum", single(numberText)],
  ["complexnum", single(numberText)],
  ["ang", single(angleText)],
  ["si", unit],
  ["unit", unit],
  ["unitfrac", fraction],
  ["SI", quantity],
  ["qty", quantity],
  ["complexqty", quantity],
  ["numrange", { takes: 2, print: range }],
  ["numlist", single(list)],
  ["numproduct", single(product)],
  ["SIrange", quantityRange],
  ["qtyrange", quantityRange],
  ["SIlist", quantityList],
  ["qtylist", quantityList],
  ["qtyproduct", quantityProduct],
]);

/** `1;2;3` → `1°2′3″`. */
function angleText(source: string): string {
  return source
    .split(";")
    .map((part, i) => (part.trim() ? numberText(part) + ("°′″"[i] ?? "") : ""))
    .join("");
}

/** `a, b and c`. */
export function inWords(parts: readonly string[]): string {
  return parts.length < 3 ? parts.join(" and ") : `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)!}`;
}
