import { availableParallelism } from "node:os";
import { captioning } from "../../captions/captioning.js";
import type { VisionModel } from "../../captions/vision-model.js";
import { vllm } from "../../captions/vllm/vllm.js";
import { reading } from "../../dataset/query.js";
import type { Dataset } from "../../dataset/store.js";
import { ConfigurationError } from "../../errors.js";
import { DISCIPLINES, type Discipline } from "../../model.js";
import { scorerOf } from "../../scores/named.js";
import { pinned } from "../../scores/same-scorer.js";
import type { Scorer } from "../../scores/scorer.js";
import type { StageSpec, StageWork } from "../work.js";
import { ingestWork } from "./ingest-work.js";
import { recaptionWork } from "./recaption-work.js";
import { scoreWork } from "./score-work.js";
import { filedSources } from "./sources.js";

export interface WorkOfOptions {
  /**
   * The model that is asked where the spec names one. To count and to plan it need not answer.
   * @default `vllm()` with that name: on the servers in FIGLOOM_ENDPOINTS
   */
  on?: VisionModel;
  /** Papers read at the same time. @default the number of processors that this process may use */
  jobs?: number;
  signal: AbortSignal;
}

/**
 * What a spec says is to be done. Servers are asked nothing before the first item.
 * @throws {ConfigurationError} for a discipline, a prompt or a metric that is none
 */
export async function workOf(
  dataset: Dataset,
  spec: StageSpec,
  { on, jobs = availableParallelism(), signal }: WorkOfOptions,
): Promise<StageWork> {
  switch (spec.stage) {
    case "ingest":
      return ingestWork(dataset.folder, filedSources(spec.sources), {
        discipline: disciplineOf(spec.discipline),
        layout: spec.layout,
        jobs,
      });
    case "recaption": {
      const { ask, retryFailed, ...rest } = spec;
      const asked = ask && { prompt: ask.prompt, on: on ?? vllm({ model: ask.model }) };
      const chosen = await captioning({ ...asked }, { signal, folder: dataset.folder });
      return reading(
        dataset.folder,
        (reader) => recaptionWork(dataset.folder, reader, chosen, { ...selectionOf(rest), retryFailed }),
        signal,
      );
    }
    case "score":
      return scoreWork(dataset.folder, scorerFor(spec), {
        ...selectionOf(spec),
        variant: spec.variant ?? undefined,
      });
  }
}

const scorerFor = ({ scorer, id }: Extract<StageSpec, { stage: "score" }>): Scorer =>
  id === undefined ? scorerOf(scorer) : pinned(scorerOf(scorer), id);

const selectionOf = ({ where, limit }: { where: string | null; limit: number | null }) => ({
  where: where ?? undefined,
  limit: limit ?? undefined,
});

function disciplineOf(name: string | null): Discipline | null {
  const found = DISCIPLINES.find((each) => each === name);
  if (name === null || found) return found ?? null;
  throw new ConfigurationError(`"${name}" is no discipline; take one of ${DISCIPLINES.join(", ")}.`);
}
