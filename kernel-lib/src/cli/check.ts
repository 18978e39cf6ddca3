import { Command, InvalidArgumentError } from "commander";
import { errorText } from "../errors.js";
import { openLab } from "../lab/lab.js";
import { qualityText } from "../lab/quality.js";
import { FLAGS } from "../quality/flags.js";
import { dashed, LIMITS, limitName, type Limits } from "../quality/limits.js";
import { printable } from "../text/printable.js";
import { answer, cancellable, JSON_OPTION, judge, wholeNumber } from "./options.js";

interface Flags {
  limit: Partial<Limits>;
  language?: string[];
  maxFailed?: number;
  json?: boolean;
}

export function checkCommand(): Command {
  return new Command("check")
    .description("Mark what may be wrong with figures: pictures, captions, duplicates. Nothing is removed.")
    .argument("<dataset>", "folder of the dataset")
    .option("--limit <name=value>", "a limit other than the usual (repeatable)", oneLimit, {})
    .option("--language <code>", "a language that is wanted, ISO 639-1 (repeatable; default: en)", oneMore)
    .option("--max-failed <n>", "exit with 1 when more figures cannot be checked", wholeNumber(0))
    .option(...JSON_OPTION)
    .addHelpText("after", helpText())
    .action(async (dataset: string, { limit, language, maxFailed, json }: Flags) => {
      const lab = await openLab(dataset, { create: false });
      const result = await cancellable((signal) =>
        lab.check({ limits: limit, signal, ...(language !== undefined && { languages: language }) }),
      );
      for (const stage of ["measure", "compare"]) await judge(lab, stage, result.quarantined, undefined);
      await judge(lab, "judge", result.quarantined, maxFailed);
      if (!json) console.log(qualityText(result).split("\n").slice(1).map(printable).join("\n"));
      answer(result, { json });
    });
}

function oneLimit(text: string, before: Partial<Limits>): Partial<Limits> {
  const [name, value] = text.split("=");
  if (value === undefined || value.trim() === "" || !Number.isFinite(Number(value)) || Number(value) < 0)
    throw new InvalidArgumentError("It is given as name=value with a number from 0, e.g. image-bytes=5120.");
  try {
    return { ...before, [limitName(name!)]: Number(value) };
  } catch (error) {
    throw new InvalidArgumentError(errorText(error));
  }
}

const oneMore = (text: string, before: string[] = []): string[] => [...before, text];

function helpText(): string {
  const flags = Object.entries(FLAGS);
  const limits = Object.entries(LIMITS) as [keyof Limits, { value: number; from: string }][];
  const list = (rows: [string, string][]) => {
    const width = Math.max(...rows.map(([name]) => name.length));
    return rows.map(([name, text]) => `  ${name.padEnd(width)}  ${text}`).join("\n");
  };
  return `
Flags:
${list(flags)}

Limits:
${list(limits.map(([name, { value, from }]) => [`${dashed(name)}=${value}`, from]))}

Other limits mark anew without measuring again. Use the flags in any --where: "NOT flagged",
"list_contains(flags, 'near-duplicate')".

Examples:
  figloom check data/astronomy
  figloom check data/astronomy --limit image-bytes=2048 --limit likeness=0.95 --language en --language fr
  figloom export data/astronomy --out clean.jsonl --where "NOT flagged"`;
}
