import { ItemError } from "../../errors.js";
import type { Score } from "../../model.js";
import { modelHere } from "../../rate-units.js";
import { nameAnywhere } from "../../models/find.js";
import { ProcessEnded, type ModelProcessOptions } from "../../models/onnx/process.js";
import { renamed } from "../renamed.js";
import type { ScoreInput, Scorer } from "../scorer.js";
import { resultsOf } from "./captions.js";
import { MaskedModel } from "./model.js";
import type { PpplDetail } from "./result.js";

export type { PpplDetail } from "./result.js";

/** Which masked language model measures, and under which name. */
export interface PpplOptions {
  /** A masked language model: a short name, a repository on the hub, or a folder. @default scibert */
  model?: string | undefined;
  /** The metric's name in place of `pppl`, to have two models side by side; the others get it as well. */
  as?: string | undefined;
}

const DEFAULT_MODEL = "scibert";
const METRIC = "pppl";
const VERSION = 1;

/** UTF-16 units of a caption that are read, some 2,000 tokens. */
const READ = 8192;

/** So that batches fill, also of short captions. */
const CONCURRENCY = 16;

/**
 * Pseudo-perplexity: how well a masked language model foretells a caption's tokens from those around them. With p the
 * tokens' probabilities it is exp(−mean ln p), from 1 upwards; lower is better.
 *
 * - `pppl`: each token masked alone (scheme `original`; Salazar et al., ACL 2020, arXiv 1910.14659).
 * - `pppl-l2r`: each token masked with all later pieces of its word (scheme `within_word_l2r`; Kauf and Ivanova, ACL
 *   2023, arXiv 2305.10588), so that a word of many pieces does not give itself away.
 * - `pppl-matched`: `original` over the caption's longest beginning of whole words that has no more tokens than the raw
 *   caption, read as a text of its own, since a longer text is more predictable by its mere length; for the raw caption
 *   the same as `pppl`. `null` where the caption has fewer tokens than the raw one.
 *
 * All three are `null` for a caption without a token; `detail` is a {@link PpplDetail}. A caption that the model cannot
 * read at once is read through windows, see {@link windowOf}, so that nothing is cut off below 8,192 characters; the share
 * beyond is the row's `truncated`.
 *
 * Cost: the model reads the caption once for every token, once more for every piece of a word that is not its last, and a
 * beginning as long as the raw caption once for each of its tokens: so its square goes into a caption's time.
 *
 * Values of different models cannot be compared: each counts tokens of its own. The model must cut words into WordPieces,
 * as BERT and SciBERT do; it works in a process of its own.
 */
export function pppl({ model = DEFAULT_MODEL, as }: PpplOptions = {}): Scorer {
  return renamed(ppplScorer(model), as);
}

/** @param process how the model's process is run */
export function ppplScorer(asked: string, process: ModelProcessOptions = {}): Scorer {
  const name = nameAnywhere(asked);
  const model = new MaskedModel(name, process);
  return {
    metric: METRIC,
    also: [`${METRIC}-l2r`, `${METRIC}-matched`],
    get id() {
      return model.id;
    },
    version: VERSION,
    concurrency: CONCURRENCY,
    spec: { kind: METRIC, options: { model: name } },
    model: { name, kind: "masked-lm" },
    runsOn: modelHere(process.device),
    identify: (options) => model.identify(options),
    async ready({ signal }) {
      await model.ready(signal);
    },
    async score(input, { signal }) {
      try {
        return { scores: await score(input, model, signal) };
      } catch (error) {
        throw error instanceof ProcessEnded ? deadly(input, error) : error;
      }
    },
    close() {
      model.close();
      return Promise.resolve();
    },
  };
}

async function score(
  { figure, caption, text }: ScoreInput,
  model: MaskedModel,
  signal: AbortSignal,
): Promise<Score[]> {
  const about = await model.ready(signal);
  const read = [text, figure.caption].map((whole) => whole.slice(0, READ));
  const [own, raw] = await model.tokenize(read, signal);
  const results = await resultsOf(own!, raw!, model.reader(about, signal), about.unknown);
  return Object.entries(results).map(([metric, { value, detail }]) => ({
    ...{ figure_id: figure.figure_id, metric, caption, value },
    ...{ scorer: model.id, scorer_version: VERSION },
    truncated: text.length > READ ? 1 - READ / text.length : 0,
    detail: JSON.stringify({ ...detail, device: model.device } satisfies PpplDetail),
  }));
}

const deadly = ({ figure, caption }: ScoreInput, ended: ProcessEnded): ItemError =>
  new ItemError({
    reason: "model-process-ended",
    message: `The caption ${caption} of ${figure.figure_id} could not be read: the model's process ended over it (${ended.message}).`,
    wayOut: "Look whether memory is short, then start again; a caption that does it again is to be left out.",
    transient: true,
    cause: ended,
  });
