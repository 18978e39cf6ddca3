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
  return [why, "questions are predicted, answers are the longest that the prompt allows"];
}

type Tokens = Omit<Outlook, "hours" | "gpu_hours" | "cost"> & { basis: string };

const NOTHING_LEFT = "No figure is left to ask about.";

/** A line for each amount, in columns, and what they rest on. */
export function estimateText(estimate: Outlook & { basis: string }): string {
  if (estimate.figures === 0) return NOTHING_LEFT;
  const { prompt_tokens, completion_tokens, hours, gpu_hours, cost } = estimate;
  const lines = tokenLines(estimate);
  lines.push(
    `  time       ${hours ? amountText(hours, (value) => duration(value * 3600)) : "not known before some are asked about"}`,
  );
  if (gpu_hours) lines.push(`  GPU-hours  ${amountText(gpu_hours, small)}`);
  if (cost) lines.push(`  cost       ${mostOf(estimate)}${amountText(cost, money)}`);
  return [...lines, basisText([prompt_tokens, completion_tokens, hours, cost], estimate.basis)].join("\n");
}

/** The same of tokens alone, where hours are told otherwise. */
export const tokensText = (tokens: Tokens): string[] =>
  tokens.figures === 0
    ? [NOTHING_LEFT]
    : [...tokenLines(tokens), basisText([tokens.prompt_tokens, tokens.completion_tokens], tokens.basis)];

function tokenLines(tokens: Tokens): string[] {
  const { figures, prompt_tokens, image_tokens, completion_tokens } = tokens;
  return [
    `${count(figures, "figure")} to ask about`,
    `  questions  ${amountText(prompt_tokens, compact, " tokens")}, ${compact(image_tokens.value)} of them pictures`,
    `  answers    ${mostOf(tokens)}${amountText(completion_tokens, compact, " tokens")}`,
  ];
}

const mostOf = ({ calibrated }: Pick<Tokens, "calibrated">): string => (calibrated === 0 ? "at most " : "");

const basisText = (amounts: readonly (Amount | null)[], basis: string): string =>
  `${amounts.some((amount) => amount?.range) ? "In brackets: where it lies with 95 % confidence. " : ""}Basis: ${basis}.`;

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
