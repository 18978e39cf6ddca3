import { Command, Option } from "commander";
import { reading } from "../dataset/query.js";
import { openLab } from "../lab/lab.js";
import { findOutliers, OUTLIER_ORDERS, type OutlierOptions } from "../lab/outliers.js";
import { answer, captionPair, JSON_OPTION, wholeNumber } from "./options.js";

interface Flags extends OutlierOptions {
  metric: string;
  json?: boolean;
}

export function outliersCommand(): Command {
  return new Command("outliers")
    .description("Show the figures that stand out by a metric, with their captions.")
    .argument("<dataset>", "folder of the dataset")
    .requiredOption("--metric <name>", "by which: a metric that was measured")
    .addOption(new Option("--order <which>", "which first").choices(OUTLIER_ORDERS).default("worst"))
    .option("--compare <from,to>", "by the change from one caption to another", captionPair)
    .option(
      "--caption <id>",
      "whose value counts: raw, or a variant's name (default: the only variant, or raw)",
    )
    .option("--count <n>", "at most so many figures (default: 12)", wholeNumber(1))
    .option("--where <sql>", "only figures that this condition picks")
    .option(...JSON_OPTION)
    .addHelpText(
      "after",
      `
Worst and best go by what is better for the metric, and with --compare by how much better or worse the value became.

Examples:
  figloom outliers data/astronomy --metric clip
  figloom outliers data/astronomy --metric pppl --compare raw,extractive --order most-changed --count 20
  figloom outliers data/astronomy --metric clip --json`,
    )
    .action(async (dataset: string, { metric, json, ...options }: Flags) => {
      const lab = await openLab(dataset, { create: false });
      const found = json
        ? await reading(lab.path, (reader) => findOutliers(reader, metric, options))
        : await lab.outliers(metric, options);
      answer(found, { json });
    });
}
