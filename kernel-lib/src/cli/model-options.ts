/** What the commands that ask a model share: whom to ask, and what it costs. */
import { InvalidArgumentError, Option, type Command } from "commander";
import type { Prices } from "../captions/cost.js";
import { vllm, type VllmOptions } from "../captions/vllm/vllm.js";
import type { VisionModel } from "../captions/vision-model.js";

export interface ModelFlags {
  endpoint?: string[];
  model?: string;
}

export interface PriceFlags {
  gpus?: number;
  gpuHour?: number;
  promptPrice?: number;
  answerPrice?: number;
}

/** Adds `--endpoint` and `--model`. A key is never a flag: other users of the machine would see it. */
export function withModel(command: Command): Command {
  return command
    .addOption(
      new Option(
        "--endpoint <url>",
        "a server's base URL; repeat for several (default: FIGLOOM_ENDPOINTS; a key: FIGLOOM_API_KEY)",
      ).argParser((url: string, before: string[] = []) => [...before, url]),
    )
    .option("--model <name>", "the model's name on the servers (default: the one they serve)");
}

/** Adds what hours and tokens cost. */
export function withPrices(command: Command): Command {
  return command
    .option("--gpus <n>", "GPUs that serve the model (default: one a server)", amount)
    .option("--gpu-hour <price>", "money for a GPU for an hour", amount)
    .option("--prompt-price <price>", "money for a million tokens of questions and pictures", amount)
    .option("--answer-price <price>", "money for a million tokens of answers", amount);
}

/** @throws {ConfigurationError} where no server is named */
export const modelOf = ({ endpoint, model }: ModelFlags, more: VllmOptions = {}): VisionModel =>
  vllm({ ...more, ...(endpoint && { endpoints: endpoint }), ...(model !== undefined && { model }) });

export const pricesOf = ({ gpus, gpuHour, promptPrice, answerPrice }: PriceFlags): Prices => ({
  ...(gpus !== undefined && { gpus }),
  ...(gpuHour !== undefined && { gpuHour }),
  ...(promptPrice !== undefined && { millionPromptTokens: promptPrice }),
  ...(answerPrice !== undefined && { millionAnswerTokens: answerPrice }),
});

/** Reads a number from 0. */
export function amount(text: string): number {
  const number = Number(text);
  if (/^\d*\.?\d+$/.test(text) && Number.isFinite(number)) return number;
  throw new InvalidArgumentError("It is a number from 0.");
}
