import type { Amount, Calibration, Outlook } from "../captions/estimate.js";
import type { VisionModel } from "../captions/vision-model.js";
import { count, duration } from "./summary.js";

/** What an estimate rests on. */
export interface Basis {
  model: VisionModel | undefined;
  calibration: Calibration | null;
  /** Figures that were asked about for it. */
  asked: number;
  /** Figures whose questions were predicted, of all that were missing. */
  looked: number;
  missing: number;
}

export function basisOf({ model, calibration, asked, looked, missing }: Basis): string {
  const parts =
    calibration && calibration.answered.length > 0 ? measured(calibration, asked, model) : guessed(asked);
  if (looked < missing) parts.push(`questions of ${looked.toLocaleString("en")} figures were looked at`);
  if ((model?.name ?? null) === null)
    parts.push("captions that are there are not left out, as no model is named");
  return parts.join("; ");
}

function measured(
  { answered, used, in_flight }: Calibration,
  asked: number,
  model: VisionModel | undefined,
): string[] {
  const where = model?.servers === undefined ? "" : ` on ${count(model.servers, "server")}`;
  const failed = asked > answered.length ? `, ${asked - answered.length} failed` : "";
  const rate = (answered.length / used.seconds).toPrecision(2);
  return [
    `${count(answered.length, "figure")} answered by ${model?.name ?? "the model"}${where}${failed}`,
    `hours are for ${in_flight} in flight, as then (${rate} captions/s by the clock); with more in flight it is faster`,
  ];
}

function guessed(asked: number): string[] {
  const why =
    asked > 0
      ? `none of ${count(asked, "figure")} was answered, and the quarantine says why`
      : "nothing was asked";
  return [
    why,
    "questions are predicted, answers are the longest that the prompt allows, hours are not known",
  ];
}

/** A line for each amount, in columns, and what they rest on. */
export function estimateText(estimate: Outlook & { basis: string }): string {
  const { figures, prompt_tokens, image_tokens, completion_tokens, hours, gpu_hours, cost } = estimate;
  if (figures === 0) return "No figure is left to ask about.";
  const most = estimate.calibrated === 0 ? "at most " : "";
  const lines = [
    `${count(figures, "figure")} to ask about`,
    `  questions  ${amountText(prompt_tokens, compact, " tokens")}, ${compact(image_tokens.value)} of them pictures`,
    `  answers    ${most}${amountText(completion_tokens, compact, " tokens")}`,
  ];
  if (hours) lines.push(`  time       ${amountText(hours, (value) => duration(value * 3600))}`);
  if (gpu_hours) lines.push(`  GPU-hours  ${amountText(gpu_hours, small)}`);
  if (cost) lines.push(`  cost       ${most}${amountText(cost, money)}`);
  const ranged = [prompt_tokens, completion_tokens, hours, cost].some((amount) => amount?.range);
  return [
    ...lines,
    `${ranged ? "In brackets: where it lies with 95 % confidence. " : ""}Basis: ${estimate.basis}.`,
  ].join("\n");
}

const compact = (value: number): string =>
  value.toLocaleString("en", { notation: "compact", maximumSignificantDigits: 3 });

const small = (value: number): string =>
  value < 0.1 ? String(Number(value.toPrecision(2))) : compact(value);

const money = (value: number): string =>
  value === 0 || value >= 0.1 ? value.toFixed(2) : String(Number(value.toPrecision(2)));

/** `3.2K tokens (2.9K to 3.5K)` */
function amountText({ value, range }: Amount, text: (value: number) => string, unit = ""): string {
  const [low, high] = (range ?? [value, value]).map(text);
  return `${text(value)}${unit}${low === high ? "" : ` (${low} to ${high})`}`;
}
