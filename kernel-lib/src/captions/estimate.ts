/** What asking a model about many figures will take, from predictions and from some figures that were answered. */
import { student } from "../statistics/bootstrap.js";
import { mean, sd } from "../statistics/descriptive.js";
import type { CaptionInput } from "./captioner.js";
import { costOf, gpuHours, type Consumption, type Prices } from "./cost.js";
import type { Prompt } from "./prompts/prompt.js";
import { VISION_MARKS } from "./vllm/media/image-tokens.js";
import { predictPicture } from "./vllm/media/plan.js";

/** A number that is not known exactly. */
export interface Amount {
  value: number;
  /** Where it lies with 95 % confidence, as far as what was measured can say; `null` where it says nothing. */
  range: readonly [low: number, high: number] | null;
}

/** What a run will take. */
export interface Outlook {
  /** Figures that are to be asked about. */
  figures: number;
  /** Tokens of questions, those of pictures among them. */
  prompt_tokens: Amount;
  /** Tokens of pictures. */
  image_tokens: Amount;
  /** Tokens of answers; without a calibration the most that there can be. */
  completion_tokens: Amount;
  /** By the clock; `null` without a calibration. */
  hours: Amount | null;
  gpu_hours: Amount | null;
  /** Money, in the currency of the prices; `null` without prices, or where hours cost and are not known. */
  cost: Amount | null;
  /** Answered figures that it rests on. */
  calibrated: number;
}

/** What one figure's question will probably count. */
export interface PredictedTokens {
  text: number;
  image: number;
}

/** A figure that was answered. */
export interface Answered {
  predicted: PredictedTokens;
  prompt_tokens: number;
  completion_tokens: number;
  /** From the first request to the answer that was kept. */
  seconds: number;
}

export interface Calibration {
  answered: readonly Answered[];
  /** All that it took, by the clock and in tokens; answers that were thrown away included. */
  used: Consumption;
  /** How many figures were being asked about at once. */
  in_flight: number;
}

/** Tokens of Qwen's chat template around system, user and answer. */
export const TEMPLATE_TOKENS = 13;
/** Fewer answers give no range. */
const FEWEST = 5;

/** Whether a model can be asked about the figure: there is a picture of some size. */
export function isPictured({ figure, image }: CaptionInput): boolean {
  return (
    image !== null && figure.width !== null && figure.height !== null && figure.width > 0 && figure.height > 0
  );
}

/** What asking this prompt about a {@link isPictured pictured} figure counts: words with the chat template, picture. */
export function predictQuestion(prompt: Prompt, input: CaptionInput): PredictedTokens {
  const { width, height } = input.figure;
  const picture = predictPicture({ width: width!, height: height! }, prompt.max_pixels);
  return { text: prompt.compose(input).tokens + TEMPLATE_TOKENS, image: picture.tokens + VISION_MARKS };
}

/**
 * Reckons what `figures` figures will take.
 *
 * Tokens of questions: the sample's mean prediction times the ratio of counted to predicted tokens (a ratio estimator,
 * Cochran, Sampling Techniques, 1977, ch. 6), times what thrown away answers took beside the kept ones. Tokens of
 * answers: the mean of those that were kept, times the same. Hours: the mean time of an answer over the figures in
 * flight (Little's law), which holds while as many are in flight; the range goes up to what the calibration took by the
 * clock, its slow last answers included.
 * @param sample predictions for figures drawn at random from all of them
 */
export function reckon(
  figures: number,
  sample: readonly PredictedTokens[],
  {
    calibration,
    max_tokens,
    prices,
  }: { calibration: Calibration | null; max_tokens: number; prices: Prices },
): Outlook {
  const questions = meanOf(
    sample.map(({ text, image }) => text + image),
    figures,
  );
  const pictures = meanOf(
    sample.map(({ image }) => image),
    figures,
  );
  const answered = calibration?.answered ?? [];
  if (!calibration || answered.length === 0) {
    const tokens = {
      prompt_tokens: guessed(questions.value * figures),
      image_tokens: guessed(pictures.value * figures),
      completion_tokens: guessed(figures * max_tokens),
    };
    const cost = prices.gpuHour ? null : moneyOf(tokens, null, prices);
    return { figures, ...tokens, hours: null, gpu_hours: null, cost, calibrated: 0 };
  }
  const { used } = calibration;
  const kept = {
    prompt_tokens: sum(answered.map((one) => one.prompt_tokens)),
    completion_tokens: sum(answered.map((one) => one.completion_tokens)),
  };
  const waste = {
    prompt: Math.max(1, used.prompt_tokens / kept.prompt_tokens),
    answer: Math.max(1, used.completion_tokens / kept.completion_tokens),
  };
  const asked = exactly(figures * waste.prompt);
  const tokens = {
    prompt_tokens: times(times(questions, ratioOf(answered)), asked),
    image_tokens: times(pictures, asked),
    completion_tokens: times(
      meanOf(answered.map((one) => one.completion_tokens)),
      exactly(figures * waste.answer),
    ),
  };
  const hours = hoursOf(figures, calibration);
  const gpu_hours = mapped(hours, (value) => gpuHours(consumption(0, 0, value), prices));
  return {
    ...{ figures, ...tokens, hours, gpu_hours },
    cost: moneyOf(tokens, hours, prices),
    calibrated: answered.length,
  };
}

/** With so many in flight all the time. */
function hoursOf(figures: number, { answered, in_flight, used }: Calibration): Amount {
  const lanes = Math.min(in_flight, answered.length);
  const steady = times(meanOf(answered.map((one) => one.seconds)), exactly(figures / lanes / 3600));
  const byTheClock = ((used.seconds / answered.length) * figures) / 3600;
  return {
    value: steady.value,
    range: steady.range && [steady.range[0], Math.max(steady.range[1], byTheClock)],
  };
}

/** Counted over predicted tokens. */
function ratioOf(answered: readonly Answered[]): Amount {
  const predicted = answered.map((one) => one.predicted.text + one.predicted.image);
  const ratio = sum(answered.map((one) => one.prompt_tokens)) / sum(predicted);
  const rests = answered.map((one, i) => one.prompt_tokens - ratio * predicted[i]!);
  const squares = sum(rests.map((rest) => rest ** 2));
  const n = answered.length;
  return within(ratio, Math.sqrt(squares / (n - 1) / n) / mean(predicted), n);
}

/** @param all how many there are that the values were drawn from */
function meanOf(values: readonly number[], all = Infinity): Amount {
  if (values.length === 0) return exactly(0);
  const n = values.length;
  if (n >= all) return exactly(mean(values));
  return within(mean(values), sd(values) * Math.sqrt((1 - n / all) / n), n);
}

function within(value: number, error: number, n: number): Amount {
  if (n < FEWEST) return { value, range: null };
  const half = student(n - 1) * error;
  return { value, range: [Math.max(0, value - half), value + half] };
}

const guessed = (value: number): Amount => ({ value, range: null });

const exactly = (value: number): Amount => ({ value, range: [value, value] });

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** The product of two independent amounts: relative errors add in squares. */
function times(a: Amount, b: Amount): Amount {
  const value = a.value * b.value;
  if (!a.range || !b.range) return { value, range: null };
  const relative = (side: 0 | 1) =>
    Math.hypot(...[a, b].map((one) => (one.value === 0 ? 0 : one.range![side] / one.value - 1)));
  return { value, range: [value * Math.max(0, 1 - relative(0)), value * (1 + relative(1))] };
}

function mapped(amount: Amount, map: (value: number) => number): Amount {
  return { value: map(amount.value), range: amount.range && [map(amount.range[0]), map(amount.range[1])] };
}

const consumption = (prompt_tokens: number, completion_tokens: number, hours: number): Consumption => ({
  prompt_tokens,
  completion_tokens,
  seconds: hours * 3600,
});

/** As if tokens and hours were all low, or all high, together. */
function moneyOf(
  { prompt_tokens, completion_tokens }: Pick<Outlook, "prompt_tokens" | "completion_tokens">,
  hours: Amount | null,
  prices: Prices,
): Amount | null {
  const parts = [prompt_tokens, completion_tokens, hours ?? exactly(0)];
  const at = (of: (amount: Amount) => number) => {
    const [prompt, answers, time] = parts.map(of) as [number, number, number];
    return costOf(consumption(prompt, answers, time), prices);
  };
  const value = at((amount) => amount.value);
  if (value === null) return null;
  if (parts.some((amount) => amount.range === null)) return { value, range: null };
  return { value, range: [at((amount) => amount.range![0])!, at((amount) => amount.range![1])!] };
}
