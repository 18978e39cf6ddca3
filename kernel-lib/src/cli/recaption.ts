import { Command, Option } from "commander";
import type { BudgetLimits } from "../captions/budget.js";
import { shippedPrompts } from "../captions/prompts/load.js";
import { ConfigurationError } from "../errors.js";
import { openLab } from "../lab/lab.js";
import type { CaptioningOptions } from "../captions/captioning.js";
import {
  amount,
  modelOf,
  pricesOf,
  withModel,
  withPrices,
  type ModelFlags,
  type PriceFlags,
} from "./model-options.js";
import { answer, cancellable, JSON_OPTION, judge, wholeNumber } from "./options.js";

interface Flags extends ModelFlags, PriceFlags {
  captioner?: "extractive" | "vllm";
  prompt?: string;
  where?: string;
  limit?: number;
  inFlight?: number;
  budgetTokens?: number;
  budgetHours?: number;
  budgetCost?: number;
  retryFailed?: boolean;
  maxFailed?: number;
  json?: boolean;
}

export function recaptionCommand(): Command {
  const command = new Command("recaption")
    .description("Make new captions, beside the raw ones.")
    .argument("<dataset>", "folder of the dataset")
    .addOption(
      new Option(
        "--captioner <name>",
        "what makes them (default: vllm with --prompt or --endpoint, else extractive)",
      ).choices(["extractive", "vllm"]),
    )
    .option("--prompt <file>", "what a model is asked: a prompt's file, or the name of a shipped one");
  withModel(command)
    .option("--in-flight <n>", "figures at work at the same time (default: 512 a server)", wholeNumber(1))
    .option("--where <sql>", "only figures that this condition picks")
    .option("--limit <n>", "at most so many figures", wholeNumber(0))
    .option("--budget-tokens <n>", "stop before more tokens are used", wholeNumber(1))
    .option("--budget-hours <h>", "begin no figure after so many hours", amount)
    .option("--budget-cost <money>", "stop before it costs more, at the prices below", amount);
  return withPrices(command)
    .option("--retry-failed", "try figures again that failed before")
    .option("--max-failed <n>", "exit with 1 when more figures fail", wholeNumber(0))
    .option(...JSON_OPTION)
    .addHelpText(
      "after",
      `
Captions that are in the dataset already are not made again, nor are figures asked about again that failed before: after
an interruption, start the same command. A budget counts from the start of the command; when it is spent, what is at
work is finished, the rest is left, and the exit code is 1.

Examples:
  figloom recaption data/astronomy
  figloom recaption data/astronomy --where "len(contexts) > 0" --limit 100
  figloom recaption data/astronomy --prompt context --endpoint http://gpu1:8000 --endpoint http://gpu2:8000
  figloom recaption data/all --prompt prompts/mine.md --budget-cost 200 --gpus 8 --gpu-hour 2.50`,
    )
    .action(async (dataset: string, flags: Flags) => {
      const { where, limit, retryFailed, maxFailed, json } = flags;
      const choice = await choiceOf(flags);
      try {
        const lab = await openLab(dataset, { create: false });
        const result = await cancellable((signal) =>
          lab.recaption({
            ...choice,
            signal,
            budget: budgetOf(flags),
            ...(where !== undefined && { where }),
            ...(limit !== undefined && { limit }),
            ...(retryFailed && { retryFailed }),
          }),
        );
        await judge(lab, "recaption", result.quarantined, maxFailed);
        if (result.stopped !== null) {
          console.error(`figloom: ${result.stopped}. Start the same again to go on: the budget counts anew.`);
          process.exitCode = 1;
        }
        answer(result, { json });
      } finally {
        await choice.on?.close();
      }
    });
}

/** @throws {ConfigurationError} for flags that do not go together */
async function choiceOf(flags: Flags): Promise<Pick<CaptioningOptions, "prompt" | "on">> {
  const { prompt, endpoint, model, inFlight } = flags;
  const { captioner = (prompt ?? endpoint) ? "vllm" : "extractive" } = flags;
  if (captioner === "extractive") {
    for (const [flag, value] of Object.entries({ prompt, endpoint, model, "in-flight": inFlight }))
      if (value !== undefined)
        throw new ConfigurationError(
          `--${flag} is for --captioner vllm; the extractive captioner asks nobody.`,
        );
    return {};
  }
  if (prompt === undefined)
    throw new ConfigurationError(
      `A model needs to be asked something: give --prompt, a file or one of ${(await shippedPrompts()).join(", ")}.`,
    );
  return { prompt, on: modelOf(flags, { ...(inFlight !== undefined && { inFlight }) }) };
}

function budgetOf({ budgetTokens, budgetHours, budgetCost, ...flags }: Flags): BudgetLimits {
  return {
    ...(budgetTokens !== undefined && { tokens: budgetTokens }),
    ...(budgetHours !== undefined && { hours: budgetHours }),
    ...(budgetCost !== undefined && { cost: budgetCost }),
    prices: pricesOf(flags),
  };
}
