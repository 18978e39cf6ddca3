import { randomUUID } from "node:crypto";
import { Budget, type BudgetLimits, type Tokens } from "../../captions/budget.js";
import { loadPrompt } from "../../captions/prompts/load.js";
import type { Prompt, Sampling } from "../../captions/prompts/prompt.js";
import { TokenMeter } from "../../captions/token-meter.js";
import type { VisionModel } from "../../captions/vision-model.js";
import { within } from "../../disk/files.js";
import { recaptionKey } from "../../dataset/keys.js";
import { reading, type FigureRow } from "../../dataset/query.js";
import type { Dataset } from "../../dataset/store.js";
import { answersTo } from "../../dataset/trials.js";
import { ConfigurationError } from "../../errors.js";
import type { Scorer } from "../../scores/scorer.js";
import { cardsOf } from "../../service/figure-cards.js";
import { scorerOf, type AskedScorer } from "../../scores/named.js";
import type { Work } from "../work.js";
import { readyArms, type Arm } from "./arms.js";
import { askAll, scoresOf, type Question } from "./ask.js";
import { openTrial, type OpenTrial } from "./open-trials.js";
import { sampleFigures, type SampleOptions } from "./sample.js";
import { TrialTable, type TrialFigure } from "./table.js";
import { Trial } from "./trial.js";

/** What is tried, and how. */
export interface TrialOptions extends SampleOptions {
  /** How often each question is asked, each time drawn with another seed; up to 20. @default 1 */
  repeats?: number;
  /** In place of the prompts' own: 0 takes the likeliest word every time. */
  temperature?: number;
  /** What else is to be other than the prompts say. */
  sampling?: Partial<Sampling>;
  /** What this call may use; then it stops, and what is done is kept. @default no limit */
  budget?: BudgetLimits;
  /** What captions are measured by: names or scorers. @default ["support"] */
  scorers?: readonly AskedScorer[];
}

/** Captions of one trial: all of them are held, and shown. */
const MOST_CAPTIONS = 5000;
const MOST_REPEATS = 20;

export interface Tried {
  trial: Trial;
  /** Captions that were there before. */
  reused: number;
  /** Why not everything was asked. */
  stopped: string | undefined;
}

/**
 * Asks models the prompts about a sample of figures, but nothing that was answered before.
 * @param work.onOpen is given the trial as soon as it is known what is asked: it fills while the work goes on
 * @throws {ConfigurationError} when there is no figure with a picture, or the servers cannot be used like this
 */
export async function tryPrompts(
  dataset: Dataset,
  given: readonly (string | Prompt)[],
  models: readonly VisionModel[],
  options: TrialOptions,
  { onOpen, ...work }: Work & { onOpen(open: OpenTrial): void },
): Promise<Tried> {
  const { signal, onProgress } = work;
  const { repeats = 1, temperature, seed = 1, where = null } = options;
  const { folder } = dataset;
  const scorers = (options.scorers ?? ["support"]).map(scorerOf);
  const sampling = { ...options.sampling, ...(temperature !== undefined && { temperature }) };
  const budget = new Budget(options.budget);
  check(given, models, repeats);
  for (const scorer of scorers) await scorer.ready?.({ signal, folder });
  const prompts = await Promise.all(
    given.map((prompt) => (typeof prompt === "string" ? loadPrompt(prompt) : prompt)),
  );
  const arms = await readyArms(prompts, models, { repeats, sampling, folder, signal });
  const figures = await figuresOf(folder, options, scorers, signal);
  checkSize(figures.length, arms.length, repeats);
  const table = new TrialTable(figures, arms, repeats);
  const all = questionsOf(table);
  const missing = await answered(folder, table, all, scorers, signal);
  const reused = all.length - missing.length;

  const remarks = remarksOf(arms, sampling, repeats);
  const about = { id: randomUUID(), folder, seed, where, sampling, remarks };
  const used = meter(models);
  const open = openTrial(table, about);
  try {
    onOpen(open);
    const end =
      missing.length === 0
        ? null
        : await askAll(dataset, missing, {
            ...{ ...work, scorers, budget, used },
            onProgress: (progress) => onProgress({ ...progress, reused, total: all.length }),
            onReply: (place, reply) => table.set(place, reply),
          });
    return { trial: new Trial(table, about), reused, stopped: end?.stopped };
  } finally {
    open.end();
  }
}

/** Tokens that the models are asked for from now on. */
function meter(models: readonly VisionModel[]): () => Tokens {
  const meters = models.map((model) => new TokenMeter(model));
  return () => {
    const used = meters.map((one) => one.used);
    return {
      prompt_tokens: used.reduce((sum, { prompt_tokens }) => sum + prompt_tokens, 0),
      completion_tokens: used.reduce((sum, { completion_tokens }) => sum + completion_tokens, 0),
    };
  };
}

function check(prompts: readonly unknown[], models: readonly VisionModel[], repeats: number): void {
  if (prompts.length === 0) throw new ConfigurationError("Give at least one prompt to try.");
  if (models.length === 0) throw new ConfigurationError("Give at least one model to ask, as `on`.");
  if (!(Number.isInteger(repeats) && repeats >= 1 && repeats <= MOST_REPEATS))
    throw new ConfigurationError(`Each question is asked 1 to ${MOST_REPEATS} times, not ${repeats}.`);
}

function checkSize(figures: number, arms: number, repeats: number): void {
  const captions = figures * arms * repeats;
  if (captions > MOST_CAPTIONS)
    throw new ConfigurationError(
      `${figures} figures × ${arms} prompts and models × ${repeats} repeats are ${captions} captions; a trial has at most ${MOST_CAPTIONS}. Take a smaller sample, or lab.recaption.`,
    );
}

function remarksOf(arms: readonly Arm[], sampling: Partial<Sampling>, repeats: number): string[] {
  const greedy = arms.some(({ prompt }) => (sampling.temperature ?? prompt.sampling.temperature) === 0);
  return repeats > 1 && greedy ? ["at temperature 0 repeats say nearly the same"] : [];
}

async function figuresOf(
  folder: string,
  options: SampleOptions,
  scorers: readonly Scorer[],
  signal: AbortSignal,
): Promise<TrialFigure[]> {
  return reading(
    folder,
    async (reader) => {
      const rows = await sampleFigures(reader, options);
      const cards = await cardsOf(reader, folder, rows);
      return Promise.all(
        rows.map(async (figure, i) => {
          const input = inputOf(folder, figure);
          const scores = await scoresOf(input, "raw", figure.caption, scorers, signal);
          return { figure, input, picture: cards[i]!.picture, scores };
        }),
      );
    },
    signal,
  );
}

function inputOf(folder: string, figure: FigureRow) {
  const { paper_id, title, abstract, discipline, image_path } = figure;
  const image = image_path && within(folder, image_path);
  return { figure, paper: { paper_id, title, abstract, discipline }, image };
}

function questionsOf(table: TrialTable): Question[] {
  return [...table.places()].map(({ figure, arm, repeat }) => {
    const { input, figure: row } = table.figures[figure]!;
    const { name, prompt, captioners } = table.arms[arm]!;
    const captioner = captioners[repeat]!;
    return {
      place: { figure, arm, repeat },
      input,
      captioner,
      prompt,
      key: recaptionKey(row, input.paper, captioner),
      file: row.source,
      name: `${row.figure_id} ${name}${repeat > 0 ? `~${repeat}` : ""}`,
    };
  });
}

/** Fills in what was answered before; returns what is left to ask. */
async function answered(
  folder: string,
  table: TrialTable,
  questions: readonly Question[],
  scorers: readonly Scorer[],
  signal: AbortSignal,
): Promise<Question[]> {
  const keys = questions.map(({ key }) => key);
  const answers = await reading(folder, (reader) => answersTo(reader, keys), signal);
  const missing: Question[] = [];
  for (const question of questions) {
    const { place, key, input } = question;
    const caption = answers.get(key);
    if (!caption) {
      missing.push(question);
      continue;
    }
    const scores = await scoresOf(input, caption.variant, caption.text, scorers, signal);
    table.set(place, { state: "answered", caption, scores });
  }
  return missing;
}
