import { Command } from "commander";
import type { AuditOptions } from "../lab/audit.js";
import { openLab } from "../lab/lab.js";
import { cancellable, captionPair, JSON_OPTION, listed, wholeNumber } from "./options.js";
import { printable } from "../text/printable.js";

interface Flags extends Pick<AuditOptions, "compare" | "where" | "seed" | "resamples"> {
  metrics?: string[];
  by: string;
  out: string;
  json?: boolean;
}

export function auditCommand(): Command {
  return new Command("audit")
    .description("Compare two captions by what was measured of them, and write a report.")
    .argument("<dataset>", "folder of the dataset")
    .requiredOption(
      "--compare <from,to>",
      "the old and the new caption: raw, or a variant's name",
      captionPair,
    )
    .requiredOption("--out <folder>", "where report.md, report.html, report.json and figures go")
    .option("--metrics <list>", "separated by commas (default: all that was measured)", listed)
    .option("--by <category>", "what results are also given by; none for nothing", "discipline")
    .option("--where <sql>", "only figures that this condition picks")
    .option("--seed <n>", "of the resamples (default: 1)", wholeNumber(0))
    .option("--resamples <n>", "how often papers are drawn (default: 2000)", wholeNumber(100))
    .option(...JSON_OPTION)
    .addHelpText(
      "after",
      `
Intervals are of 95 %, by a bootstrap that draws whole papers. docs/audit.md says what each statistic is.

Examples:
  figloom audit data/astronomy --compare raw,extractive --out audit
  figloom audit data/astronomy --compare raw,context@Qwen3-VL --metrics clip,pppl --by kind --out audit`,
    )
    .action(async (dataset: string, { compare, by, out, json, ...options }: Flags) => {
      const lab = await openLab(dataset, { create: false });
      const audit = await cancellable((signal) =>
        lab.audit({ ...options, compare, by: by === "none" ? null : by, signal }),
      );
      const files = await audit.write(out);
      console.log(
        json
          ? JSON.stringify({ ...audit.report, files })
          : printable(`${String(audit)}\n\nThe report: ${files.slice(0, 3).join(", ")}`),
      );
    });
}
