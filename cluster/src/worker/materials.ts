import { availableParallelism } from "node:os";
import {
  Dataset,
  readFailures,
  vllm,
  workOf,
  type Reader,
  type StageSpec,
  type StageWork,
  type VisionModel,
} from "figloom/stages";
import type { PhasePlan } from "../run/plan.js";
import { modelOf } from "./serving.js";

/** Makes a stage's work; tests give one of their own. */
export type MakeWork = (
  dataset: Dataset,
  spec: StageSpec,
  options: { on?: VisionModel; jobs?: number; signal: AbortSignal },
) => Promise<StageWork>;

/** The dataset, and what is to be done with it; opened when it is needed, once. */
export class Materials {
  #dataset: Promise<Dataset> | null = null;
  #reader: Promise<Reader> | null = null;
  readonly #planning = new Map<PhasePlan, Promise<StageWork>>();

  constructor(
    private readonly folder: string,
    private readonly makeWork: MakeWork = workOf,
  ) {}

  dataset(): Promise<Dataset> {
    return (this.#dataset ??= Dataset.openOrCreate(this.folder));
  }

  /** Sees what was there when it was opened: all of the phases before, and what nobody else works on. */
  reader(): Promise<Reader> {
    return (this.#reader ??= this.dataset().then((dataset) => dataset.read()));
  }

  /** Work that is done: by whom is asked, where anybody is. */
  async work(
    { spec, resources: { cpus } }: PhasePlan,
    on: VisionModel | undefined,
    signal: AbortSignal,
  ): Promise<StageWork> {
    // Where an engine does not confine its tasks, a process sees all of the machine's processors.
    const jobs = cpus === undefined ? {} : { jobs: Math.min(cpus, availableParallelism()) };
    return this.makeWork(await this.dataset(), spec, { ...(on && { on }), ...jobs, signal });
  }

  /** A phase's work as far as it is counted and filed: nobody is asked, so no server need be there. */
  planning(phase: PhasePlan): Promise<StageWork> {
    let work = this.#planning.get(phase);
    if (!work) {
      const model = modelOf(phase);
      const on = model === null ? undefined : vllm({ model, endpoints: [] });
      // Results are filed also by who has to leave at once.
      const { signal } = new AbortController();
      this.#planning.set(phase, (work = this.work(phase, on, signal)));
    }
    return work;
  }

  /** What is known of failures before the run: {@link StageWork.isDone} asks. */
  async failures({ spec }: PhasePlan): Promise<(subject: string) => string | null> {
    const failures = await readFailures(this.folder, spec.stage);
    return (subject) => failures.get(subject) ?? null;
  }
}
