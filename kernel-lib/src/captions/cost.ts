import { ConfigurationError } from "../errors.js";

/** What using a model costs: by the hour of the GPUs that serve it, by the token, or both. No price, no cost. */
export interface Prices {
  /** GPUs that serve the model, for GPU-hours. @default 1 for each endpoint */
  gpus?: number;
  /** Money for one GPU for one hour, in whatever currency. */
  gpuHour?: number;
  /** Money for a million prompt tokens, the picture's among them. */
  millionPromptTokens?: number;
  /** Money for a million tokens of answers. */
  millionAnswerTokens?: number;
}

/** What was, or would be, used. */
export interface Consumption {
  prompt_tokens: number;
  completion_tokens: number;
  seconds: number;
}

/** @throws {ConfigurationError} for a price or a number of GPUs that is none */
export function checkPrices(prices: Prices): void {
  for (const [name, value] of Object.entries(prices) as [string, number | undefined][])
    if (value !== undefined && !(Number.isFinite(value) && value >= 0))
      throw new ConfigurationError(`The price ${name} is ${value}: give a number from 0.`);
}

/** GPU-hours: all GPUs count from start to end, idle or not. */
export const gpuHours = ({ seconds }: Consumption, { gpus = 1 }: Prices): number => (gpus * seconds) / 3600;

/** Money, `null` where no price is given. */
export function costOf(used: Consumption, prices: Prices): number | null {
  const { gpuHour, millionPromptTokens, millionAnswerTokens } = prices;
  if (gpuHour === undefined && millionPromptTokens === undefined && millionAnswerTokens === undefined)
    return null;
  return (
    gpuHours(used, prices) * (gpuHour ?? 0) +
    (used.prompt_tokens / 1e6) * (millionPromptTokens ?? 0) +
    (used.completion_tokens / 1e6) * (millionAnswerTokens ?? 0)
  );
}
