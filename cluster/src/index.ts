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
export { slurm, type SlurmEngine, type SlurmOptions } from "./slurm/slurm.js";
export { fleet, type FleetNode, type FleetNow, type FleetOptions, type FleetStatus } from "./fleet/index.js";
