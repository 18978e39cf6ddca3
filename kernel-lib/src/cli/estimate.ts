import { Command } from "commander";
import { openLab } from "../lab/lab.js";
import {
  modelOf,
  pricesOf,
  withModel,
  withPrices,
  type ModelFlags,
  type PriceFlags,
} from "./model-options.js";
import { answer, cancellable, JSON_OPTION, wholeNumber } from "./options.js";

interface Flags extends ModelFlags, PriceFlags {
  prompt: string;
  where?: string;
  limit?: number;
  calibrate: number;
  seed: number;
  json?: boolean;
}

export function estimateCommand(): Command {
  const command = new Command("estimate")
    .description("Say what recaptioning with a model would take: tokens, hours, GPU-hours, cost.")
    .argument("<dataset>", "folder of the dataset")
    .requiredOption("--prompt <file>", "a prompt's file, or the name of a shipped one");
  return withPrices(withModel(command))
    .option(
      "--calibrate <n>",
      "figures that are asked about, and their captions kept; 0 asks nothing",
      wholeNumber(0),
      24,
    )
    .option("--seed <n>", "draws other figures", wholeNumber(0), 1)
    .option("--where <sql>", "only figures that this condition picks")
    .option("--limit <n>", "at most so many figures", wholeNumber(0))
    .option(...JSON_OPTION)
    .addHelpText(
      "after",
      `
Examples:
  figloom estimate data/astronomy --prompt context --endpoint http://gpu1:8000 --gpus 8 --gpu-hour 2.50
  figloom estimate data/astronomy --prompt prompts/mine.md --calibrate 0`,
    )
    .action(async (dataset: string, flags: Flags) => {
      const { prompt, where, limit, calibrate, seed, json } = flags;
      const lab = await openLab(dataset, { create: false });
      // What asks nothing needs no servers; a name tells which captions are there.
      const on = calibrate > 0 || flags.model !== undefined ? modelOf(flags) : undefined;
      try {
        const result = await cancellable((signal) =>
          lab.estimate({
            ...{ prompt, calibrate, seed, signal, prices: pricesOf(flags) },
            ...(on && { on }),
            ...(where !== undefined && { where }),
            ...(limit !== undefined && { limit }),
          }),
        );
        answer(result, { json });
      } finally {
        await on?.close();
      }
    });
}
