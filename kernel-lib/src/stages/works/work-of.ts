import { availableParallelism, hostname } from "node:os";
import { captioning } from "../../captions/captioning.js";
import type { VisionModel } from "../../captions/vision-model.js";
import { vllm } from "../../captions/vllm/vllm.js";
import { reading } from "../../dataset/query.js";
import type { Dataset } from "../../dataset/store.js";
import { ConfigurationError } from "../../errors.js";
import { DISCIPLINES, type Discipline } from "../../model.js";
import type { TextReader } from "../../ocr/reader.js";
import { readerOf, type ReaderMeans } from "../../ocr/spec.js";
import { scorerOf } from "../../scores/named.js";
import { pinned } from "../../scores/same-scorer.js";
import type { Scorer } from "../../scores/scorer.js";
import type { StageSpec, StageWork } from "../work.js";
import { ingestWork } from "./ingest-work.js";
import { ocrWork } from "./ocr-work.js";
import { recaptionWork } from "./recaption-work.js";
import { scoreWork } from "./score-work.js";
import { filedSources } from "./sources.js";

export interface WorkOfOptions {
  /**
   * The model that is asked where the spec names one. To count and to plan it need not answer.
   * @default `vllm()` with that name: on the servers in FIGLOOM_ENDPOINTS
   */
  on?: VisionModel;
  /** Papers, or pictures, read at the same time. @default the number of processors that this process may use */
  jobs?: number;
  signal: AbortSignal;
}

/**
 * What a spec says is to be done. Servers are asked nothing before the first item.
 * @throws {ConfigurationError} for a discipline, a reader, a prompt or a metric that is none
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
    case "ocr": {
      const reader = await readerFor(spec, { jobs, on }, signal);
      return ocrWork(dataset.folder, reader, { ...selectionOf(spec), retryFailed: spec.retryFailed });
    }
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

async function readerFor(
  { reader: asked, id }: Extract<StageSpec, { stage: "ocr" }>,
  means: ReaderMeans,
  signal: AbortSignal,
): Promise<TextReader> {
  const reader = readerOf(asked, means);
  await reader.identify?.({ signal });
  if (id === undefined || reader.id === id) return reader;
  throw new ConfigurationError(
    `The text on figures was to be read by ${id}, and what goes by this name on ${hostname()} is ${reader.id}: ` +
      "give all machines the same version and the same models.",
  );
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
