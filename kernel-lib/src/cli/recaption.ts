import { Command, Option } from "commander";
import { extractive } from "../captions/extractive.js";
import { openLab } from "../lab/lab.js";
import { answer, cancellable, JSON_OPTION, judge, wholeNumber } from "./options.js";

interface Flags {
  captioner: "extractive";
  where?: string;
  limit?: number;
  maxFailed?: number;
  json?: boolean;
}

export function recaptionCommand(): Command {
  return new Command("recaption")
    .description("Make new captions, beside the raw ones.")
    .argument("<dataset>", "folder of the dataset")
    .addOption(
      new Option("--captioner <name>", "what makes them").choices(["extractive"]).default("extractive"),
    )
    .option("--where <sql>", "only figures that this condition picks")
    .option("--limit <n>", "at most so many figures", wholeNumber(0))
    .option("--max-failed <n>", "exit with 1 when more figures fail", wholeNumber(0))
    .option(...JSON_OPTION)
    .addHelpText(
      "after",
      `
Examples:
  figloom recaption data/astronomy
  figloom recaption data/astronomy --where "len(contexts) > 0" --limit 100`,
    )
    .action(async (dataset: string, { where, limit, maxFailed, json }: Flags) => {
      const lab = await openLab(dataset, { create: false });
      const result = await cancellable((signal) =>
        lab.recaption({
          captioner: extractive(),
          signal,
          ...(where !== undefined && { where }),
          ...(limit !== undefined && { limit }),
        }),
      );
      await judge(lab, "recaption", result.quarantined, maxFailed);
      answer(result, { json });
    });
}
