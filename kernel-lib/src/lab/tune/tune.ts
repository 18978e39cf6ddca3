import { Budget, type BudgetLimits, type Tokens } from "../../captions/budget.js";
import { loadPrompt } from "../../captions/prompts/load.js";
import type { Prompt, Sampling } from "../../captions/prompts/prompt.js";
import { TokenMeter } from "../../captions/token-meter.js";
import type { VisionModel } from "../../captions/vision-model.js";
import { vllm } from "../../captions/vllm/vllm.js";
import { within } from "../../dataset/files.js";
import { recaptionKey } from "../../dataset/keys.js";
import { reading, type FigureRow } from "../../dataset/query.js";
import type { Dataset } from "../../dataset/store.js";
import { answersTo } from "../../dataset/trials.js";
import { ConfigurationError } from "../../errors.js";
import { inNotebook, markShown, show } from "../../kernel/display.js";
import { currentCell } from "../../kernel/state.js";
import type { Scorer } from "../../scores/scorer.js";
import { matrixBundle } from "../../views/show.js";
import { cardsOf } from "../cards.js";
import { scorerOf } from "../score.js";
import { count, duration, saying } from "../summary.js";
import { doWork, type WorkOptions } from "../work.js";
import { readyArms, type Arm } from "./arms.js";
import { askAll, scoresOf, type Question } from "./ask.js";
import { liveView } from "./live.js";
import { sampleFigures, type SampleOptions } from "./sample.js";
import { TrialTable, type TrialFigure } from "./table.js";
import { Trial, trialView } from "./trial.js";

export interface TuneOptions extends WorkOptions, SampleOptions {
  /** The model, or models, to ask. @default `vllm()`: that of the servers in FIGLOOM_ENDPOINTS */
  on?: VisionModel | readonly VisionModel[];
  /** How often each question is asked, each time drawn with another seed; up to 20. @default 1 */
  repeats?: number;
  /** In place of the prompts' own: 0 takes the likeliest word every time. */
  temperature?: number;
  /** What else is to be other than the prompts say. */
  sampling?: Partial<Sampling>;
  /** What this call may use; then it stops, and what is done is kept. @default no limit */
  budget?: BudgetLimits;
  /** What captions are measured by: names or scorers. @default ["support"] */
  scorers?: readonly (string | Scorer)[];
}

/** Captions of one trial: all of them are held, and shown. */
const MOST_CAPTIONS = 5000;
const MOST_REPEATS = 20;

/** Tries prompts on a sample of figures, see `Lab.tune`. */
export async function tune(
  dataset: Dataset,
  prompts: readonly (string | Prompt)[],
  options: TuneOptions = {},
): Promise<Trial> {
  if (options.on !== undefined)
    return tuneOn([options.on].flat() as readonly VisionModel[], dataset, prompts, options);
  const own = vllm();
  try {
    return await tuneOn([own], dataset, prompts, options);
  } finally {
    await own.close();
  }
}

async function tuneOn(
  models: readonly VisionModel[],
  dataset: Dataset,
  given: readonly (string | Prompt)[],
  options: TuneOptions,
): Promise<Trial> {
  const { repeats = 1, temperature, seed = 1, where = null } = options;
  const scorers = (options.scorers ?? ["support"]).map(scorerOf);
  const sampling = { ...options.sampling, ...(temperature !== undefined && { temperature }) };
  const budget = new Budget(options.budget);
  check(given, models, repeats);
  const prompts = await Promise.all(
    given.map((prompt) => (typeof prompt === "string" ? loadPrompt(prompt) : prompt)),
  );

  const { trial } = await doWork(
    options,
    async ({ signal, onProgress }) => {
      const started = performance.now();
      const arms = await readyArms(prompts, models, { repeats, sampling, folder: dataset.folder, signal });
      const figures = await figuresOf(dataset.folder, options, scorers, signal);
      checkSize(figures.length, arms.length, repeats);
      const table = new TrialTable(figures, arms, repeats);
      const all = questionsOf(table);
      const missing = await answered(dataset.folder, table, all, scorers, signal);

      const about = { seed, where, sampling, remarks: remarksOf(arms, sampling, repeats) };
      const used = meter(models);
      let running = true;
      let stopped: string | undefined;
      const cell = currentCell();
      const live = inNotebook()
        ? liveView(show, () => matrixBundle(trialView(table, about, { running })))
        : null;
      try {
        if (missing.length > 0) {
          const end = await askAll(dataset, missing, {
            scorers,
            budget,
            used,
            signal,
            onProgress: (progress) =>
              onProgress({ ...progress, reused: all.length - missing.length, total: all.length }),
            onReply(place, reply) {
              table.set(place, reply);
              live?.changed();
            },
          });
          stopped = end.stopped;
        }
      } finally {
        running = false;
        live?.end();
      }
      const trial = new Trial(table, about);
      if (live && cell) trial.shownUnder(cell, live.shown);
      return saying(
        { trial, quarantined: trial.failures.length },
        headline(trial, all.length - missing.length, stopped, started),
      );
    },
    { why: "trial.failures", models },
  );
  if (inNotebook()) markShown(trial);
  return trial;
}

function headline(trial: Trial, before: number, stopped: string | undefined, started: number): string {
  const [captions, failed] = [trial.captions.length, trial.failures.length];
  const seconds = (performance.now() - started) / 1000;
  return [
    `${count(captions, "caption")}${before > 0 ? ` (${before} made before)` : ""}`,
    `${failed} failed in ${duration(seconds)}${stopped === undefined ? "" : `; stopped: ${stopped}`}`,
  ].join(", ");
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
