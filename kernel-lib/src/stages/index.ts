/** What a worker of a run needs of figloom: stages apart from who does them, and what it writes to a dataset. */
export type { RunStageName, Settled, Shard, ShardRange, StageSpec, StageWork } from "./work.js";
export { runStage, type RunStageOptions } from "./run-stage.js";
export type { Progress, Stage, StageContext } from "./stage.js";
export { Dataset } from "../dataset/store.js";
export { reading, Reader } from "../dataset/query.js";
export { EventLog } from "../work/event-log.js";
export { eventsFile, isRunName, newRunName, runNamesIn, workFolder } from "../work/places.js";
export type {
  RunEvent,
  RunFailure,
  RunHead,
  RunPart,
  RunServer,
  RunShards,
  RunState,
  RunTask,
  RunUsage,
  RunWorker,
} from "../views/run.js";
