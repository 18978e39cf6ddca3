import { isAbsolute } from "node:path";
import { ConfigurationError, errorText } from "figloom/errors";
import { isRunName, readerSpec, type ReaderSpec, type ScorerSpec, type StageSpec } from "figloom/stages";
import type { EngineChoice, Resources } from "../engine.js";
import {
  aCount,
  aNumber,
  anObject,
  aText,
  aTextLike,
  aTruth,
  kinds,
  listOf,
  Mismatch,
  oneOf,
  orNull,
  record,
  type Check,
} from "./checks.js";
import { makeFolder, parsed, placeFirst, readShort } from "./files.js";
import type { RunFolder } from "./places.js";
import type { PhasePlan, RunLimits, RunPlan, Serving } from "./plan.js";

/** Bytes of a plan that is read. */
const LARGEST = 4 * 2 ** 20;

/**
 * Writes down what a run is: once, whole, before anything is submitted.
 * @throws {ConfigurationError} where there is one already, the plan is not right, or the disk is full
 */
export async function writeRunPlan(run: RunFolder, plan: RunPlan): Promise<void> {
  check(plan, run.plan);
  await makeFolder(run.path);
  if (!(await placeFirst(run.plan, planText(plan))))
    throw new ConfigurationError(`${run.path} is the folder of another run; launch under a new name.`);
}

/** A plan as it is written down. */
export const planText = (plan: RunPlan): string => `${JSON.stringify(plan, null, 2)}\n`;

/**
 * What a run is. Its folder may come from a stranger: what is read has the right types, and its phases are
 * names of folders; whether to run its programs is for the reader to decide.
 * @throws {ConfigurationError} where there is none, or it is not right
 */
export async function readRunPlan(run: RunFolder): Promise<RunPlan> {
  const text = await readShort(run.plan);
  if (text === null) throw new ConfigurationError(`There is no run in ${run.path}: ${run.plan} is missing.`);
  return check(text.length <= LARGEST ? parsed(text) : undefined, run.plan);
}

function check(raw: unknown, file: string): RunPlan {
  try {
    return aPlan(raw, "");
  } catch (error) {
    if (!(error instanceof Mismatch)) throw error;
    throw new ConfigurationError(
      `${file} cannot be used: ${error.message}. Restore it from a copy, or launch the run anew; what was done is kept.`,
    );
  }
}

const aPath: Check<string> = (value, place) => {
  if (!isAbsolute(aText(value, place))) throw new Mismatch(`${place} is no absolute path`);
  return value as string;
};
const aName = aTextLike(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/, "name of a folder");

const aReader: Check<ReaderSpec> = (value, place) => {
  try {
    return readerSpec(value);
  } catch (error) {
    throw new Mismatch(`${place} is no reader: ${errorText(error)}`);
  }
};

const aSpec = kinds<StageSpec>("stage", {
  ingest: record<Extract<StageSpec, { stage: "ingest" }>>({
    stage: oneOf("ingest"),
    sources: aPath,
    discipline: orNull(aText),
    metadata: orNull(aPath),
    layout: orNull(aText),
  }),
  ocr: record<Extract<StageSpec, { stage: "ocr" }>>(
    {
      stage: oneOf("ocr"),
      reader: aReader,
      id: aText,
      where: orNull(aText),
      limit: orNull(aCount(0)),
      retryFailed: aTruth,
    },
    ["id"],
  ),
  recaption: record<Extract<StageSpec, { stage: "recaption" }>>({
    stage: oneOf("recaption"),
    ask: orNull(record<{ prompt: string; model: string }>({ prompt: aPath, model: aText })),
    where: orNull(aText),
    limit: orNull(aCount(0)),
    retryFailed: aTruth,
  }),
  score: record<Extract<StageSpec, { stage: "score" }>>(
    {
      stage: oneOf("score"),
      metric: aText,
      scorer: record<ScorerSpec>({ kind: aText, options: anObject as Check<ScorerSpec["options"]> }),
      id: aText,
      variant: orNull(aText),
      where: orNull(aText),
      limit: orNull(aCount(0)),
    },
    ["id"],
  ),
});

const aServing: Check<Serving> = (value, place) =>
  "endpoints" in anObject(value, place)
    ? record<Extract<Serving, { endpoints: string[] }>>({ endpoints: listOf(aText, { from: 1 }) })(
        value,
        place,
      )
    : record<Extract<Serving, { script: string }>>({
        model: aText,
        script: aPath,
        gpusEach: aCount(1),
        patience: aNumber,
      })(value, place);

const RESOURCES = ["cpus", "gpus", "memory", "minutes", "noticeSeconds", "partition"] as const;

const aPhase: Check<PhasePlan> = record<PhasePlan>({
  id: aName,
  spec: aSpec,
  shardSize: orNull(aCount(1)),
  workers: aCount(1),
  resources: record<Resources>(
    {
      cpus: aNumber,
      gpus: aNumber,
      memory: aNumber,
      minutes: aNumber,
      noticeSeconds: aNumber,
      partition: aText,
    },
    RESOURCES,
  ),
  serving: orNull(aServing),
});

const aPlan: Check<RunPlan> = record<RunPlan>({
  run: (value, place) => {
    if (!isRunName(aText(value, place))) throw new Mismatch(`${place} is no name of a run`);
    return value as string;
  },
  dataset: aPath,
  title: aText,
  figloom_version: aText,
  created: aText,
  engine: kinds<EngineChoice>("name", {
    local: record<EngineChoice>({ name: oneOf("local"), options: anObject }),
    slurm: record<EngineChoice>({ name: oneOf("slurm"), options: anObject }),
  }),
  program: listOf(aText, { from: 1, most: 100 }),
  phases: listOf(aPhase, { from: 1, most: 50 }),
  budget: record<RunPlan["budget"]>({ tokens: aNumber, hours: aNumber, cost: aNumber }, [
    "tokens",
    "hours",
    "cost",
  ]),
  prices: record<RunPlan["prices"]>(
    { gpus: aNumber, gpuHour: aNumber, millionPromptTokens: aNumber, millionAnswerTokens: aNumber },
    ["gpus", "gpuHour", "millionPromptTokens", "millionAnswerTokens"],
  ),
  inherit: listOf(aTextLike(/^[A-Za-z_][A-Za-z0-9_]*$/, "name of a variable")),
  limits: record<RunLimits>({
    beatSeconds: aNumber,
    staleSeconds: aNumber,
    graceSeconds: aNumber,
    deaths: aCount(1),
    restarts: aCount(1),
  }),
});
