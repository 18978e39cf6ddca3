/** Engines that run many tasks on many processes or machines. */
export type {
  Engine,
  Job,
  JobHandle,
  LogPart,
  LogRange,
  Resources,
  Task,
  TaskState,
  TaskStatus,
} from "./engine.js";
export { local, type LocalOptions } from "./local/local.js";
