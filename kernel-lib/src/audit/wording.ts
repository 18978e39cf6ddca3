/** The words and figures of an audit's report. */
import { integer } from "../views/wording.js";
import type { Estimate } from "./estimates.js";

/** A space at which no line ends. */
export const JOINED = "\u00a0";

export type NumberForm = "plain" | "signed" | "percent" | "signed percent";

/**
 * A statistic and, on a line of its own, its interval: `+18.2 %`, `[+17.1, +19.4]`. As many decimals as give half the interval's width two digits;
 * without an interval three significant digits.
 */
export function estimateText({ value, interval }: Estimate, form: NumberForm = "plain"): string {
  if (value === null) return "–";
  const factor = form.endsWith("percent") ? 100 : 1;
  const unit = factor === 100 ? `${JOINED}%` : "";
  const half = interval ? (factor * (interval[1] - interval[0])) / 2 : 0;
  const text = (of: number) => numberText(factor * of, half, form.startsWith("signed"));
  return interval && half > 0
    ? `${text(value)}${unit}\n[${text(interval[0])},${JOINED}${text(interval[1])}]`
    : `${text(value)}${unit}`;
}

/** A number as precisely as half an interval's width says; 0 for three significant digits. */
export function numberText(value: number, half = 0, signed = false): string {
  const size = half > 0 ? half / 10 : Math.abs(value) / 100;
  const decimals = size > 0 ? Math.min(6, Math.max(0, -Math.floor(Math.log10(size)))) : 0;
  const digits = Math.abs(value).toLocaleString("en-US", {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  });
  const zero = !/[1-9]/.test(digits);
  if (zero) return signed ? `±${digits}` : digits;
  return `${value < 0 ? "−" : signed ? "+" : ""}${digits}`;
}

/** `0.253 ± 0.051`: mean and standard deviation. */
export function meanText(mean: Estimate, sd: Estimate): string {
  if (mean.value === null) return "–";
  return sd.value === null
    ? numberText(mean.value)
    : `${numberText(mean.value, sd.value / 2)}${JOINED}±${JOINED}${numberText(sd.value, sd.value / 2)}`;
}

/** `4.2 %`, a dash where there is none. */
export const shareText = (share: number | null): string =>
  share === null ? "–" : `${(100 * share).toFixed(1)} %`;

/** A category's value. */
export const groupName = (name: string | null): string => name ?? "no value";

/** `1,234 (56)`: figures and papers. */
export const sizeText = ({ figures, papers }: { figures: number; papers: number }): string =>
  `${integer(figures)}${JOINED}(${integer(papers)})`;
