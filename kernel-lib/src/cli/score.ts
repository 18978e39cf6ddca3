import { Command } from "commander";
import { openLab } from "../lab/lab.js";
import type { ScoreOptions } from "../lab/score.js";
import { answer, cancellable, JSON_OPTION, judge, wholeNumber } from "./options.js";

interface Flags extends Pick<ScoreOptions, "variant" | "where" | "limit"> {
  metrics: string[];
  maxFailed?: number;
  json?: boolean;
}

export function scoreCommand(): Command {
  return new Command("score")
    .description("Measure captions.")
    .argument("<dataset>", "folder of the dataset")
    .requiredOption("--metrics <list>", "separated by commas: support", (text) =>
      text.split(",").map((name) => name.trim()),
    )
    .option("--variant <id>", "only this caption: raw, or a variant's name (default: all)")
    .option("--where <sql>", "only figures that this condition picks")
    .option("--limit <n>", "at most so many figures", wholeNumber(0))
    .option("--max-failed <n>", "exit with 1 when more captions fail", wholeNumber(0))
    .option(...JSON_OPTION)
    .addHelpText(
      "after",
      `
Examples:
  figloom score data/astronomy --metrics support
  figloom score data/astronomy --metrics support --variant extractive`,
    )
    .action(async (dataset: string, { metrics, maxFailed, json, ...options }: Flags) => {
      const lab = await openLab(dataset, { create: false });
      const result = await cancellable((signal) => lab.score(metrics, { ...options, signal }));
      await judge(lab, "score", result.quarantined, maxFailed);
      answer(result, { json });
    });
}
