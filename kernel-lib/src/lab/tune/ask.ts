import type { CaptionInput, Captioner } from "../../captions/captioner.js";
import type { Dataset } from "../../dataset/store.js";
import { ItemError } from "../../errors.js";
import type { Score, TrialCaption } from "../../model.js";
import type { Scorer } from "../../scores/scorer.js";
import { runStage } from "../../stages/run-stage.js";
import type { Progress, Stage } from "../../stages/stage.js";
import type { Place, Reply } from "./table.js";

/** Raised when a trial, not a captioner, would give other results. */
const TUNE_VERSION = 1;
/** Questions asked at the same time of captioners that do not say. */
const CONCURRENCY = 8;

/** One figure, one prompt, one repetition. */
export interface Question {
  place: Place;
  input: CaptionInput;
  captioner: Captioner;
  /** Identity of the answer. */
  key: string;
  /** The input file. */
  file: string;
  /** For messages: which figure, prompt and repetition. */
  name: string;
}

export interface AskOptions {
  scorers: readonly Scorer[];
  signal: AbortSignal;
  onProgress(progress: Progress): void;
  onReply(place: Place, reply: Reply): void;
}

/**
 * Asks what has no answer yet; each answer is in the dataset before it is shown. What fails is told in its reply alone:
 * it says something of a prompt that is being tried, nothing of the dataset.
 */
export async function askAll(
  dataset: Dataset,
  questions: readonly Question[],
  { scorers, signal, onProgress, onReply }: AskOptions,
): Promise<void> {
  const stage: Stage<Question, TrialCaption> = {
    name: "tune",
    version: TUNE_VERSION,
    key: ({ name }) => name,
    async run({ input, captioner, place }, { signal }) {
      onReply(place, { state: "asking", text: "" });
      const onText = (text: string) => onReply(place, { state: "asking", text });
      return { ...(await captioner.caption(input, { signal, onText })), repeat: place.repeat };
    },
  };
  await dataset.write({ stage: "tune", stage_version: TUNE_VERSION }, (writer) =>
    runStage(stage, questions, {
      concurrency: Math.max(...questions.map(({ captioner }) => captioner.concurrency ?? CONCURRENCY)),
      signal,
      onProgress,
      total: questions.length,
      file: ({ file }) => file,
      async keep({ key, place, input }, caption) {
        await writer.append({ key, trial: caption });
        const scores = await scoresOf(input, caption.variant, caption.text, scorers, signal);
        onReply(place, { state: "answered", caption, scores });
        return true;
      },
      async refuse({ place }, line) {
        onReply(place, { state: "failed", line });
      },
    }),
  );
}

/** What scorers say of a caption; one that cannot judge it says nothing. */
export async function scoresOf(
  { figure, paper }: Pick<CaptionInput, "figure" | "paper">,
  caption: string,
  text: string,
  scorers: readonly Scorer[],
  signal: AbortSignal,
): Promise<Score[]> {
  const scores: Score[] = [];
  for (const scorer of scorers) {
    try {
      scores.push(await scorer.score({ figure, paper, caption, text }, { signal }));
    } catch (error) {
      if (!(error instanceof ItemError)) throw error;
    }
  }
  return scores;
}
