import { Command } from "commander";
import { openLab } from "../lab/lab.js";
import type { IngestOptions } from "../lab/ingest.js";
import { answer, cancellable, JSON_OPTION, judge, wholeNumber } from "./options.js";

interface Flags extends Pick<IngestOptions, "jobs" | "discipline" | "metadata" | "layout"> {
  out: string;
  maxFailed?: number;
  json?: boolean;
}

export function ingestCommand(): Command {
  return new Command("ingest")
    .description(
      "Read papers (arXiv e-prints, JATS packages, PDFs: .tar.gz, .gz, .zip, .meca, .xml, .pdf, folders of them) into a dataset.",
    )
    .argument("<path...>", "archives, folders of them, or patterns")
    .requiredOption("--out <dataset>", "folder of the dataset; made where there is none")
    .option("--jobs <n>", "papers read at the same time (default: number of processors)", wholeNumber(1))
    .option("--discipline <name>", "what the papers are about, e.g. Astronomy")
    .option(
      "--metadata <file>",
      "titles, categories, licences as JSON lines (default: metadata.jsonl beside the papers)",
    )
    .option(
      "--layout <reader=address>",
      "who says where figures stand on the pages of PDFs: mineru=http://host:8000 or docling=http://host:5001 (default: FIGLOOM_LAYOUT, else figloom itself)",
    )
    .option("--max-failed <n>", "exit with 1 when more papers fail", wholeNumber(0))
    .option(...JSON_OPTION)
    .addHelpText(
      "after",
      `
Papers that are in the dataset already are not read again: after an interruption, start the same command.
A PDF of the same name beside a paper's source (1703.09824.pdf by 1703.09824.tar.gz) fills in the pictures that the source lacks.
A paper whose layout the reader named with --layout cannot give is read with figloom's own, which its warnings say;
docling-serve's key is taken from FIGLOOM_LAYOUT_KEY.
Papers that cannot be read are listed with the reason in <dataset>/quarantine/ingest.jsonl.

Examples:
  figloom ingest papers/ --out data/astronomy --discipline Astronomy
  figloom ingest 'eprints/*.tar.gz' --out data/all --jobs 8 --max-failed 100`,
    )
    .action(async (paths: string[], flags: Flags) => {
      const { out, maxFailed, json, ...options } = flags;
      const lab = await openLab(out);
      const result = await cancellable((signal) => lab.ingest(paths, { ...options, signal }));
      await judge(lab, "ingest", result.quarantined, maxFailed);
      answer(result, { json });
    });
}
