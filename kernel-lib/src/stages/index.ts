/** What a worker of a run needs of figloom: stages apart from who does them, and what it writes to a dataset. */
export type { RunStageName, Shard, ShardRange, StageSpec, StageWork } from "./work.js";
export { runStage, type RunStageOptions } from "./run-stage.js";
export type { Progress, RateBasis, Stage, StageContext } from "./stage.js";
export { Gate } from "../work/gate.js";
export { Dataset } from "../dataset/store.js";
export { reading, Reader } from "../dataset/query.js";
export { EventLog } from "../work/event-log.js";
export { eventsFile, isRunName, newRunName, runNamesIn, workFolder } from "../work/places.js";
export type {
  RateUnit,
  RunEvent,
  RunFailure,
  RunHead,
  RunPart,
  RunRate,
  RunServer,
  RunShards,
  RunState,
  RunTask,
  RunUsage,
  RunWorker,
} from "../views/run.js";
export { failureOf, serverOf, usageOf } from "../views/run-events.js";
export { JsonlWriter, LINE_LIMIT } from "../disk/jsonl.js";
export { diskProblem, namesIn } from "../disk/files.js";
export { linesOf } from "../text/lines.js";
export { workOf, type WorkOfOptions } from "./works/work-of.js";
export { newPapersIn } from "./works/ingest-work.js";
export { filedSources, writeSources } from "./works/sources.js";
export { listSources, type SkippedSource, type Source, type SourceList } from "../papers/sources.js";
export type { LedgerEntries } from "../dataset/schema.js";
export { Quarantine, readFailures, readQuarantine, type Settled } from "../dataset/quarantine.js";
export { collectResults, type Part } from "../dataset/collect.js";
export { keepPrompt } from "../dataset/prompts.js";
export { foldRun, foldRuns, isEnded, RUN_LIMITS, type RunEnd, type RunStatus } from "../views/run.js";
export { EventsFile } from "../work/events-file.js";
export { costOf, type Consumption, type Prices } from "../captions/cost.js";
export { vllm, type VllmOptions } from "../captions/vllm/vllm.js";
export type { VisionModel } from "../captions/vision-model.js";
export type { QuarantineLine } from "../model.js";
export { duration } from "../text/duration.js";
export { VERSION } from "../version.js";
export { readerOf, readerSpec, type AskedReader, type ReaderSpec } from "../ocr/spec.js";
export { FIGURES_ONLY, PICTURED } from "../dataset/figures-only.js";
export { scorerOf, type AskedScorer } from "../scores/named.js";
export { chosenScorers, type MetricChoice } from "../scores/choice.js";
export { checkSameScorer } from "../scores/same-scorer.js";
export { locate as locateModel } from "../models/find.js";
export { askedDevice } from "../models/onnx/device.js";
export { scorerName, type Scorer, type ScorerSpec } from "../scores/scorer.js";
export { Budget } from "../captions/budget.js";
export { listRuns as datasetRuns, type RunInfo } from "../dataset/runs.js";
