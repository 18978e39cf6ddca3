import { Command } from "commander";
import { openLab } from "../lab/lab.js";
import { answer, cancellable, JSON_OPTION } from "./options.js";

interface Flags {
  out: string;
  where?: string;
  variant?: string;
  json?: boolean;
}

export function exportCommand(): Command {
  return new Command("export")
    .description("Write a JSON line for every figure and table, sorted by paper.")
    .argument("<dataset>", "folder of the dataset")
    .requiredOption("--out <file>", "the file to write, .jsonl")
    .option("--where <sql>", "only figures that this condition picks")
    .option("--variant <id>", "which new caption to give; raw for none (needed where there are several)")
    .option(...JSON_OPTION)
    .addHelpText(
      "after",
      `
Examples:
  figloom export data/astronomy --out astronomy.jsonl
  figloom export data/astronomy --out big.jsonl --where "width > 1000 AND float = 'figure'"`,
    )
    .action(async (dataset: string, { out, json, ...options }: Flags) => {
      const result = await cancellable(async (signal) =>
        (await openLab(dataset, { create: false })).export(out, { ...options, signal }),
      );
      answer(result, { json });
    });
}
