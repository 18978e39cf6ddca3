import { availableParallelism } from "node:os";
import type { RateUnit } from "figloom/stages";
import type { LocalOptions } from "../local/local.js";
import type { SlurmOptions } from "../slurm/options.js";
import type { PhasePlan, RunPlan } from "./plan.js";

/** How much a phase has of what its rate goes by, see `RunRate`. */
export interface PhaseUnits {
  /** Tasks at the same time. */
  tasks: number;
  /** Units of all of them. */
  units: number;
  /** Whether they are there however many tasks are, such as servers that run already. */
  shared: boolean;
}

/** Tasks that the engine lets work at the same time. */
export function tasksAtOnce(
  { workers }: Pick<PhasePlan, "workers">,
  { engine }: Pick<RunPlan, "engine">,
): number {
  if (engine.name === "local") {
    const { slots = availableParallelism() } = engine.options as LocalOptions;
    return Math.min(workers, slots);
  }
  const { throttle, nodes } = engine.options as SlurmOptions;
  return Math.min(workers, throttle ?? nodes ?? workers);
}

/** To be asked on the machine whose processes they are, where they are processes of one machine. */
export function unitsOf(phase: PhasePlan, plan: Pick<RunPlan, "engine">, unit: RateUnit): PhaseUnits {
  const tasks = tasksAtOnce(phase, plan);
  const { serving, resources } = phase;
  switch (unit) {
    case "server": {
      if (serving && "script" in serving) {
        const each = Math.max(1, Math.floor((resources.gpus ?? 0) / serving.gpusEach));
        return { tasks, units: tasks * each, shared: false };
      }
      return { tasks, units: Math.max(1, endpointsOf(phase).length), shared: true };
    }
    case "processor": {
      const { cpus = plan.engine.name === "local" ? availableParallelism() : 1 } = resources;
      const all = tasks * cpus;
      // Processes of one machine that ask for more than it has share it.
      if (plan.engine.name !== "local" || all <= availableParallelism())
        return { tasks, units: all, shared: false };
      return { tasks, units: availableParallelism(), shared: true };
    }
    default:
      return { tasks, units: tasks, shared: false };
  }
}

/** Addresses of servers that run already. */
export function endpointsOf({ serving, spec }: Pick<PhasePlan, "serving" | "spec">): string[] {
  if (serving) return "endpoints" in serving ? serving.endpoints : [];
  return spec.stage === "score" ? [spec.scorer.options["endpoints"] ?? []].flat().map(String) : [];
}
