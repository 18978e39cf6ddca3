import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { loadPrompt, VERSION, type LaunchOptions, type Prompt } from "figloom";
import { ConfigurationError } from "figloom/errors";
import {
  askedDevice,
  checkSameScorer,
  FIGURES_ONLY,
  listSources,
  newRunName,
  PICTURED,
  reading,
  scorerOf,
  workFolder,
  writeSources,
  type RunStageName,
  type Scorer,
  type SourceList,
} from "figloom/stages";
import type { Engine } from "../engine.js";
import { replaceWhole } from "../run/files.js";
import { RunFolder } from "../run/places.js";
import { chosenEngine } from "./engines.js";
import { STAGES, stagesOf, type Facts, type Measuring } from "./plan.js";
import { readingOf } from "./reading.js";
import { modelOf, servingOf } from "./serving.js";

/** What there is to be known before a run is planned, and what it needs beside its plan. */
export interface Gathered {
  facts: Facts;
  folder: RunFolder;
  engine: Engine;
  prompt: Prompt | null;
  /** What is to be ingested, if anything is. */
  papers: SourceList | null;
  /** Writes down what the run needs beside its plan. */
  write(): Promise<void>;
}

/** Tasks on this machine: where one dies, the other goes on. */
const LOCAL_WORKERS = 2;

/**
 * Finds out what a launch needs to know: reads the prompt, counts the figures, lists the papers, asks servers for their
 * model's name where it was not given. Writes nothing.
 * @throws {ConfigurationError} for options that say nothing that could be planned
 */
export async function gather(dataset: string, options: LaunchOptions): Promise<Gathered> {
  const stages = stagesOf(options);
  checkStages(options, stages);
  const created = new Date();
  const run = newRunName(stages.join("-"), created);
  const folder = new RunFolder(workFolder(dataset, run));
  const engine = chosenEngine(options.on, folder.path);
  const reads = stages.includes("ocr") ? await readingOf(dataset, options) : null;
  const prompt = stages.includes("recaption") ? await promptOf(options, reads?.serving != null) : null;
  const serving = prompt && servingOf(options);
  const sources = join(folder.path, "sources.jsonl");
  const papers = stages.includes("ingest") ? await papersOf(options) : null;
  const promptFile = prompt && join(folder.prompts, `${prompt.id}.md`);
  const measured = stages.includes("score") ? await measuring(dataset, options) : [];
  const facts: Facts = {
    ...{ run, folder: folder.path, dataset, created, version: VERSION },
    ...{ engine: engine.choice, sources, reads, serving },
    program: [options.node ?? process.execPath, workerProgram()],
    ask: prompt && { prompt: prompt.id, file: promptFile!, model: await modelOf(options, serving!) },
    items: await itemsOf(
      dataset,
      stages,
      options,
      papers ? papers.sources.length + papers.skipped.length : undefined,
    ),
    ...{ nodes: nodesOf(engine), measured, device: askedDevice() },
  };
  return {
    ...{ facts, folder, engine, prompt, papers },
    async write() {
      if (prompt) await replaceWhole(promptFile!, prompt.source, { flush: true });
      if (papers) await writeSources(sources, papers, options.metadata ?? null);
    },
  };
}

function checkStages({ stages = [], papers }: LaunchOptions, known: readonly RunStageName[]): void {
  const wrong = (stages as readonly string[]).find((stage) => !STAGES.some((each) => each === stage));
  if (wrong !== undefined || known.length === 0)
    throw new ConfigurationError(
      `${wrong === undefined ? "No stage is given" : `${JSON.stringify(wrong)} is no stage of a run`}; take some of ${STAGES.join(", ")}.`,
    );
  if (known.includes("ingest") && papers === undefined)
    throw new ConfigurationError(
      "To ingest, say which papers: archives, folders of them, or patterns (papers).",
    );
}

/** @param others whether another stage asks a model, too, which one that is named may be for */
async function promptOf(
  { prompt, model, endpoints, serve }: LaunchOptions,
  others: boolean,
): Promise<Prompt | null> {
  if (prompt !== undefined) return typeof prompt === "string" ? loadPrompt(prompt) : prompt;
  if (others || (model === undefined && endpoints === undefined && !serve)) return null;
  throw new ConfigurationError("A model needs a prompt to be asked: give one (prompt).");
}

/**
 * What is measured, and by whom: looked for here, so that nobody waits in a queue for a model that is not there, and
 * all workers measure with the same.
 * @throws {ConfigurationError} for a metric or a model that there is not, a scorer that lives in its notebook only, or
 *   values that would mix with another scorer's
 */
async function measuring(
  dataset: string,
  { metrics = ["support"], replace = false }: LaunchOptions,
): Promise<Measuring[]> {
  const measured: Measuring[] = [];
  for (const scorer of metrics.map(scorerOf)) {
    const { metric, spec, model } = scorer;
    if (!spec) throw notTravelling(scorer);
    await scorer.identify?.({ signal: AbortSignal.timeout(IDENTIFY_MS) });
    if (!replace) await reading(dataset, (reader) => checkSameScorer(reader, scorer));
    measured.push({ ...{ metric, scorer: spec, id: scorer.id }, ...(model && { model }) });
    await scorer.close?.();
  }
  return measured;
}

/** All of a model's bytes are read where they are new, on a slow disk at times. */
const IDENTIFY_MS = 15 * 60_000;

const notTravelling = ({ metric }: Scorer): ConfigurationError =>
  new ConfigurationError(
    `What measures "${metric}" was written in a notebook, and workers on other machines do not have it; measure it there with lab.score.`,
  );

const papersOf = ({ papers }: LaunchOptions): Promise<SourceList> =>
  listSources(typeof papers === "string" ? [papers] : papers!);

/** How many items each stage has by now; what comes from an earlier stage of the run is not known. */
async function itemsOf(
  dataset: string,
  stages: readonly RunStageName[],
  { where, limit = Infinity }: LaunchOptions,
  papers: number | undefined,
): Promise<Facts["items"]> {
  if (papers !== undefined)
    return Object.fromEntries(stages.map((stage) => [stage, stage === "ingest" ? papers : null]));
  return reading(dataset, async (reader) => {
    const items: Facts["items"] = {};
    for (const stage of stages) {
      const only = stage === "ocr" ? PICTURED : FIGURES_ONLY;
      const figures = await reader.count("figures", { ...(where !== undefined && { where }), only });
      items[stage] = Math.min(figures, limit);
    }
    return items;
  });
}

const nodesOf = ({ choice }: Engine): number =>
  (choice.options as { nodes?: number }).nodes ?? (choice.name === "local" ? LOCAL_WORKERS : 1);

/** The package's own folder, wherever in it this code lies. */
function packageFolder(): string {
  for (let folder = import.meta.dirname; ; folder = dirname(folder)) {
    if (existsSync(join(folder, "package.json"))) return folder;
    if (folder === dirname(folder))
      throw new ConfigurationError("@figloom/cluster is not whole: install the package again.");
  }
}

const workerProgram = (): string => join(packageFolder(), "dist", "guarded-worker.cjs");
