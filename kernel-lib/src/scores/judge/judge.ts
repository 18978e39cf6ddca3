import { FixedPrompt, type FixedPromptOptions } from "../../captions/fixed-prompt.js";
import { renamed } from "../renamed.js";
import type { Units } from "../../rate-units.js";
import type { Measured, ScoreInput, Scorer } from "../scorer.js";
import { placed, shareSupported, type JudgeAnswer, type JudgeDetail } from "./verdicts.js";

/** Which model judges, by what prompt, and under which name. */
export interface JudgeOptions extends FixedPromptOptions {
  /** The metric's name in place of `judge`, to have two models side by side. */
  as?: string | undefined;
}

const METRIC = "judge";
const VERSION = 1;

/**
 * A vision-language model as the judge of what text cannot bear out: colours, shapes, trends, positions. The model is
 * given the picture and the caption, nothing of the paper, lists what the caption says that can be seen, in the caption's
 * own words, and calls each supported, contradicted, or that it cannot tell.
 *
 *     value = supported / (supported + contradicted + cannot tell)      0 … 1, null without any such claim
 *
 * What it says is a model's opinion: {@link agreement} says how far people share it, and a value means nothing without
 * that figure for the same model and prompt, both of which stand in the scorer's id. Servers are asked as `vllm()` asks
 * them for captions, see docs/vllm.md: one request a caption and more after answers that do not keep to the schema.
 * Claims whose words do not stand in the caption are left out and counted. A caption without a word is not asked about;
 * a figure without a picture is an ItemError.
 *
 * @throws {ConfigurationError} for an address that is none
 */
export function judge({ model, endpoints, as }: JudgeOptions = {}): Scorer {
  const options = { ...(model !== undefined && { model }), ...(endpoints !== undefined && { endpoints }) };
  return renamed(new Judge(options), as);
}

class Judge implements Scorer {
  readonly metric = METRIC;
  readonly version = VERSION;
  readonly spec: NonNullable<Scorer["spec"]>;
  readonly #asked: FixedPrompt;

  constructor(options: FixedPromptOptions) {
    this.spec = { kind: METRIC, options: { ...options } };
    this.#asked = new FixedPrompt("the judge", ["judge", "visual-claims.md"], options);
  }

  get id(): string {
    return this.#asked.id;
  }

  get runsOn(): Units {
    return this.#asked.runsOn;
  }

  get concurrency(): number {
    return this.#asked.concurrency;
  }

  identify({ signal = new AbortController().signal }: { signal?: AbortSignal | undefined }): Promise<void> {
    return this.#asked.identify(signal);
  }

  ready(where: { signal: AbortSignal; folder: string }): Promise<void> {
    return this.#asked.ready(where);
  }

  async score(input: ScoreInput, { signal }: { signal: AbortSignal }): Promise<Measured> {
    const { text } = input;
    if (!/[\p{L}\p{N}]/u.test(text)) return this.#measured(input, null, 0);
    const made = await this.#asked.ask(alone(input), signal);
    const answer = JSON.parse(made.detail ?? '{"claims":[]}') as JudgeAnswer;
    const detail = { ...placed(text, answer), sees: made.text, prompt_hash: made.prompt_hash };
    return this.#measured(input, detail, 1 - made.kept);
  }

  close(): Promise<void> {
    return this.#asked.close();
  }

  #measured({ figure, caption }: ScoreInput, detail: JudgeDetail | null, truncated: number): Measured {
    const value = detail && shareSupported(detail.counts);
    const score = {
      ...{ figure_id: figure.figure_id, metric: METRIC, caption, value },
      ...{ scorer: this.id, scorer_version: VERSION, truncated },
      detail: detail && JSON.stringify(detail),
    };
    return { scores: [score] };
  }
}

/** The caption in question beside its picture, and nothing else that the model could believe. */
function alone({ figure, text, image }: ScoreInput) {
  return {
    figure: { ...figure, caption: text, panels: [], contexts: [] },
    paper: { paper_id: figure.paper_id, title: null, abstract: null, discipline: null },
    image,
  };
}
