import { Command } from "commander";
import { ConfigurationError, errorText } from "../errors.js";
import { liveProgress, type LiveProgress } from "../lab/progress.js";
import { count, saying } from "../lab/summary.js";
import { addModel, exportModel } from "../models/bring.js";
import { CATALOGUE } from "../models/catalogue.js";
import { checkModel, removeModel } from "../models/check.js";
import type { ModelFolder } from "../models/find.js";
import { getModel } from "../models/get.js";
import { listModels, type ListedModel } from "../models/list.js";
import { modelFolders } from "../models/places.js";
import { printable } from "../text/printable.js";
import { answer, cancellable, JSON_OPTION } from "./options.js";

interface Flags {
  json?: boolean;
}

interface BringFlags extends Flags {
  as?: string;
  python?: string;
}

interface GetFlags extends Flags {
  revision?: string;
  again?: boolean;
  python?: string;
}

const PYTHON = [
  "--python <path>",
  "Python with torch, transformers and onnx, where a model is exported (default: FIGLOOM_PYTHON, else python3)",
] as const;

export function modelsCommand(): Command {
  const models = new Command("models")
    .description("Get, check and list the models that scores are made and figures are read with.")
    .addHelpText(
      "after",
      `
Models by name:
${CATALOGUE.map(({ name, about }) => `  ${name.padEnd(16)} ${about}`).join("\n")}

Also any CLIP, SigLIP or BERT-like repository of the hub, as owner/name. PP-OCR's models come as an npm package, or as a
folder of yours.

Examples:
  figloom models get clip-b32 scibert
  figloom models list
  figloom models add /media/disk/clip-vit-base-patch32 --as clip-b32

FIGLOOM_MODELS names the folders of models, as PATH names those of programs; new ones go to the first. Without it they
stand in ~/.local/share/figloom/models. The hub's own cache (HF_HOME, HF_HUB_CACHE) is read, too. HF_ENDPOINT names a
mirror of the hub, HF_TOKEN is shown to it, HF_HUB_OFFLINE=1 keeps figloom from asking it.`,
    );
  for (const command of [get(), list(), check(), add(), exporting(), remove()]) models.addCommand(command);
  return models;
}

function get(): Command {
  return new Command("get")
    .description("Get models from the hub, resumed after any stop, every byte checked.")
    .argument("<name...>", "names, or repositories of the hub (owner/name)")
    .option("--revision <commit>", "branch, tag or commit (default: main)")
    .option("--again", "also where the model is there")
    .option(...PYTHON)
    .option(...JSON_OPTION)
    .addHelpText(
      "after",
      `
What a repository has only as weights for PyTorch, such as SciBERT, is exported to ONNX here, in a Python that has torch,
transformers and onnx; code in a repository is never run.`,
    )
    .action(async (names: string[], { json, ...options }: GetFlags) => {
      const got: Awaited<ReturnType<typeof getModel>>[] = [];
      const failed: { name: string; message: string }[] = [];
      let misused = false;
      await withProgress(async (signal, progress) => {
        const hear = { signal, onProgress: progress.report, onNews: progress.say };
        for (const name of names) {
          try {
            const model = await getModel(name, { ...options, ...hear });
            got.push(model);
            progress.say(`${wording(model)}${model.reused ? ", was there" : ""}`);
          } catch (error) {
            signal.throwIfAborted();
            failed.push({ name, message: errorText(error) });
            misused ||= error instanceof ConfigurationError;
            progress.say(`${name}: ${errorText(error)}`);
          }
        }
      });
      if (failed.length > 0) process.exitCode = misused ? 2 : 1;
      const text = `${count(got.length, "model")} there${failed.length > 0 ? `, ${failed.length} could not be had` : ""}`;
      answer(saying({ models: got, failed }, text), { json });
    });
}

function list(): Command {
  return new Command("list")
    .description("List the models that are known by name and those that are here.")
    .option(...JSON_OPTION)
    .action(async ({ json }: Flags) => {
      const models = await listModels();
      const width = Math.max(...models.map(({ name }) => name.length));
      if (!json) for (const model of models) console.log(printable(listed(model, width)));
      const there = models.filter(({ state }) => state === "there").length;
      answer(saying({ models }, `${count(there, "model")} there; folders: ${modelFolders().join(", ")}`), {
        json,
      });
    });
}

function listed(
  { name, state, about, folder, bytes, revision, problem, command }: ListedModel,
  width: number,
) {
  const first = `${state.padEnd("missing".length)}  ${name.padEnd(width)}  ${about}`;
  if (state === "there")
    return `${first}\n         ${megabytes(bytes ?? 0)}, ${revision === "local" ? "put there by hand" : revision!.slice(0, 12)}, ${folder!}`;
  return [first, problem, command && `get it: ${command}`].filter(Boolean).join("\n         ");
}

function check(): Command {
  return new Command("check")
    .description(
      "Read models' bytes anew and compare them with what was fetched; all that are there by default.",
    )
    .argument("[name...]", "names, repositories or folders")
    .option(...JSON_OPTION)
    .action(async (names: string[], { json }: Flags) => {
      const there = (await listModels()).filter(({ state }) => state !== "missing").map(({ name }) => name);
      const checked = await cancellable(async (signal) => {
        const results = [];
        for (const name of names.length > 0 ? names : there) results.push(await checkModel(name, signal));
        return results;
      });
      if (!json)
        for (const { name, sha256, bytes, compared, damaged } of checked)
          console.log(
            printable(
              `${name}: ${damaged === null ? (compared ? "whole" : "no record to compare with") : `${damaged} is not what was fetched`}, ${megabytes(bytes)}, sha256 ${sha256}`,
            ),
          );
      const damaged = checked.filter((model) => model.damaged !== null);
      if (damaged.length > 0) process.exitCode = 1;
      const text = `${count(checked.length, "model")} checked, ${damaged.length} damaged`;
      answer(saying({ models: checked }, text), { json });
    });
}

function add(): Command {
  return new Command("add")
    .description("Copy a model's folder to the models, checked: for machines without a network.")
    .argument("<folder>", "with config.json, tokenizer.json, onnx/… as transformers.js reads them")
    .option("--as <name>", "what it is to be called (default: the folder's name)")
    .option(...JSON_OPTION)
    .action((folder: string, { json, ...options }: BringFlags) => bring(addModel, folder, options, json));
}

function exporting(): Command {
  return new Command("export")
    .description("Make a model of a folder of PyTorch weights, as transformers saves it.")
    .argument("<folder>", "with config.json, a tokenizer, and model.safetensors or pytorch_model.bin")
    .option("--as <name>", "what it is to be called (default: the folder's name)")
    .option(...PYTHON)
    .option(...JSON_OPTION)
    .action((folder: string, { json, ...options }: BringFlags) => bring(exportModel, folder, options, json));
}

async function bring(
  work: typeof addModel,
  folder: string,
  options: Pick<BringFlags, "as" | "python">,
  json: boolean | undefined,
): Promise<void> {
  const model = await withProgress((signal, { say }) => work(folder, { ...options, signal, onNews: say }));
  answer(saying(model, wording(model)), { json });
}

function remove(): Command {
  return new Command("remove")
    .description("Remove models that figloom has fetched, and what was left of their fetching.")
    .argument("<name...>", "names, or repositories of the hub")
    .option(...JSON_OPTION)
    .action(async (names: string[], { json }: Flags) => {
      const removed: string[] = [];
      for (const name of names) removed.push(await removeModel(name));
      answer(saying({ removed }, `Removed ${removed.join(", ")}`), { json });
    });
}

/** Work that shows how far it is and that Ctrl-C cancels. */
async function withProgress<T>(
  work: (signal: AbortSignal, progress: LiveProgress) => Promise<T>,
): Promise<T> {
  const progress = liveProgress();
  try {
    return await cancellable(async (signal) => {
      try {
        return await work(signal, progress);
      } catch (error) {
        if (!signal.aborted) throw error;
        const text = "Cancelled. What was fetched is kept; start the same again to go on.";
        throw new DOMException(text, "AbortError");
      }
    });
  } finally {
    progress.end();
  }
}

const wording = ({ name, revision, sha256, folder }: ModelFolder): string =>
  `${name}: ${revision === "local" ? "" : `commit ${revision.slice(0, 12)}, `}sha256 ${sha256.slice(0, 12)}, ${folder}`;

const megabytes = (bytes: number): string => `${Math.ceil(bytes / 1e6).toLocaleString("en")} MB`;
