import type { Budget, Tokens } from "../../captions/budget.js";
import type { CaptionInput, Captioner } from "../../captions/captioner.js";
import type { Prompt } from "../../captions/prompts/prompt.js";
import { keepPrompt } from "../../dataset/prompts.js";
import type { Dataset } from "../../dataset/store.js";
import { ItemError } from "../../errors.js";
import type { Score, TrialCaption } from "../../model.js";
import type { Scorer } from "../../scores/scorer.js";
import { runStage } from "../../stages/run-stage.js";
import type { Progress, Stage } from "../../stages/stage.js";
import type { Work } from "../work.js";
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
  prompt: Prompt;
  /** Identity of the answer. */
  key: string;
  /** The input file. */
  file: string;
  /** For messages: which figure, prompt and repetition. */
  name: string;
}

export interface AskOptions extends Work {
  budget: Budget;
  /** Tokens used so far, whoever asked. */
  used(): Tokens;
  scorers: readonly Scorer[];
  onReply(place: Place, reply: Reply): void;
}

/**
 * Asks what has no answer yet; each answer is in the dataset before it is shown. What fails is told in its reply alone:
 * it says something of a prompt that is being tried, nothing of the dataset.
 */
export async function askAll(
  dataset: Dataset,
  questions: readonly Question[],
  { scorers, budget, used, onReply, ...work }: AskOptions,
): Promise<Progress> {
  const predicted = new Map<Question, number | null>();
  const settle = (question: Question) => {
    budget.settle(predicted.get(question) ?? null, used());
    predicted.delete(question);
  };
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
  return dataset.write({ stage: "tune", stage_version: TUNE_VERSION }, async (writer) => {
    for (const prompt of new Set(questions.map(({ prompt }) => prompt)))
      await keepPrompt(dataset.folder, prompt);
    return runStage(stage, questions, {
      concurrency: Math.max(...questions.map(({ captioner }) => captioner.concurrency ?? CONCURRENCY)),
      ...work,
      total: questions.length,
      note: () => budget.note(),
      file: ({ file }) => file,
      admit(question) {
        const expected = budget.predicts ? (question.captioner.predict?.(question.input) ?? null) : null;
        predicted.set(question, expected);
        return budget.admit(expected);
      },
      async keep(question, caption) {
        const { key, place, input } = question;
        settle(question);
        await writer.append({ key, trial: caption });
        const scores = await scoresOf(input, caption.variant, caption.text, scorers, work.signal);
        onReply(place, { state: "answered", caption, scores });
        return true;
      },
      async refuse(question, line) {
        settle(question);
        onReply(question.place, { state: "failed", line });
      },
    });
  });
}

/** What scorers say of a caption; one that cannot judge it says nothing. */
export async function scoresOf(
  { figure, paper, image, figure_text = null }: CaptionInput,
  caption: string,
  text: string,
  scorers: readonly Scorer[],
  signal: AbortSignal,
): Promise<Score[]> {
  const scores: Score[] = [];
  for (const scorer of scorers) {
    try {
      const read = scorer.readsText ? figure_text : null;
      const input = { figure, paper, image, figure_text: read, caption, text };
      scores.push(...(await scorer.score(input, { signal })).scores);
    } catch (error) {
      if (!(error instanceof ItemError)) throw error;
    }
  }
  return scores;
}
