import { Command } from "commander";
import { openLab } from "../lab/lab.js";
import type { ScoreOptions } from "../lab/score.js";
import { chosenScorers, type MetricChoice } from "../scores/choice.js";
import { answer, cancellable, JSON_OPTION, judge, listed, wholeNumber } from "./options.js";

interface Flags extends MetricChoice, Pick<ScoreOptions, "variant" | "where" | "limit" | "replace"> {
  maxFailed?: number;
  json?: boolean;
}

export function scoreCommand(): Command {
  return new Command("score")
    .description("Measure captions.")
    .argument("<dataset>", "folder of the dataset")
    .requiredOption("--metrics <list>", "separated by commas: support, form, clip, pppl, judge", listed)
    .option(
      "--clip <model>",
      "compares pictures with captions: a name, repository or folder (default: clip-b32)",
    )
    .option(
      "--clip-endpoint <url>",
      "a vLLM server that has it (repeatable; --clip is its name there; default: this machine)",
      (url, others: string[] = []) => [...others, url],
    )
    .option("--mlm <model>", "masked language model of pppl: a name, repository or folder (default: scibert)")
    .option("--as <name>", "name of the metric, where only one is measured (default: its own)")
    .option("--replace", "also measure anew what another model has measured under the same name")
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
  figloom score data/astronomy --metrics support,form --variant extractive
  figloom models get clip-b32 scibert && figloom score data/astronomy --metrics clip,pppl
  figloom score data/astronomy --metrics clip --clip clip-l14 --as clip-l14`,
    )
    .action(
      async (
        dataset: string,
        { metrics, clip, clipEndpoint, mlm, as, maxFailed, json, ...options }: Flags,
      ) => {
        const scorers = chosenScorers({ metrics, clip, clipEndpoint, mlm, as });
        const lab = await openLab(dataset, { create: false });
        const result = await cancellable((signal) => lab.score(scorers, { ...options, signal }));
        await judge(lab, "score", result.quarantined, maxFailed);
        answer(result, { json });
      },
    );
}
