import type { Captioner } from "../captions/captioner.js";
import { checkPrices, type Prices } from "../captions/cost.js";
import { Draw } from "../captions/draw.js";
import {
  isPictured,
  predictQuestion,
  reckon,
  type Answered,
  type Calibration,
  type Outlook,
  type PredictedTokens,
} from "../captions/estimate.js";
import { loadPrompt } from "../captions/prompts/load.js";
import type { Prompt } from "../captions/prompts/prompt.js";
import { TokenMeter } from "../captions/token-meter.js";
import type { VisionModel } from "../captions/vision-model.js";
import { vllm } from "../captions/vllm/vllm.js";
import { readFailures } from "../dataset/quarantine.js";
import { FIGURES_ONLY } from "../dataset/figures-only.js";
import { reading } from "../dataset/query.js";
import { list } from "../dataset/sql.js";
import type { Dataset } from "../dataset/store.js";
import { triedCaptions } from "../dataset/trials.js";
import { ConfigurationError } from "../errors.js";
import type { Recaption } from "../model.js";
import { kernelSignal } from "../kernel/interrupt.js";
import type { Progress } from "../stages/stage.js";
import { captionItems, quarantineName } from "../stages/works/caption-items.js";
import { countFigures } from "../stages/works/loads.js";
import { captioning } from "../captions/captioning.js";
import { basisOf, estimateText } from "./estimate-text.js";
import { recaption } from "./recaption.js";
import { CAPTIONS_AT_ONCE } from "../stages/works/recaption-work.js";
import { count, saying } from "./summary.js";
import { doWork, type Work, type WorkOptions } from "./work.js";

export interface EstimateOptions extends WorkOptions {
  /** What the model is to be asked: from `loadPrompt`, or what it takes (a path, a shipped prompt's name). */
  prompt: Prompt | string;
  /**
   * The model. Without a calibration it need not run, and its name tells only which captions are there.
   * @default `vllm()`: that of the servers in FIGLOOM_ENDPOINTS; none without a calibration
   */
  on?: VisionModel;
  /** An SQL condition over the figures' columns, as for `recaption`. */
  where?: string;
  /** At most so many figures, as for `recaption`. */
  limit?: number;
  /**
   * Figures that are asked about to see what answers take; their captions are kept. 0 asks nothing.
   * @default 24
   */
  calibrate?: number;
  /** Other figures are drawn for another seed. @default 1 */
  seed?: number;
  /** What hours and tokens cost. */
  prices?: Prices;
}

/** What recaptioning a dataset will take, beyond what is done. */
export interface Estimate extends Outlook {
  /** Captions that are there, those of trials and those made for this estimate included; `null` where the model's name is not known. */
  made: number | null;
  /** What the numbers rest on. */
  basis: string;
}

/** Figures whose questions are predicted; of more, so many are drawn. */
const SAMPLE = 2000;

interface Drawn {
  figure_id: string;
  /** Of the caption that a run would make. */
  key: string;
  predicted: PredictedTokens;
}

/** What a kept caption says of the request that it came from. */
interface CountedCaption extends Pick<Recaption, "prompt_tokens" | "completion_tokens" | "seconds"> {
  result_key: string;
}

interface Scan {
  /** Figures that a run would ask about. */
  missing: number;
  made: number;
  /** In the order in which they were drawn. */
  drawn: Drawn[];
}

/** Says what a run will take, see `Lab.estimate`. */
export async function estimate(dataset: Dataset, options: EstimateOptions): Promise<Estimate> {
  const { calibrate = 24, seed = 1, prices = {}, signal = kernelSignal() } = options;
  checkPrices(prices);
  if (!(Number.isInteger(calibrate) && calibrate >= 0))
    throw new ConfigurationError(`calibrate is ${calibrate}: give a number of figures, or 0 to ask nothing.`);
  if (!Number.isSafeInteger(seed)) throw new ConfigurationError(`A seed is a whole number, not ${seed}.`);
  const prompt = typeof options.prompt === "string" ? await loadPrompt(options.prompt) : options.prompt;
  const on = options.on ?? (calibrate > 0 ? vllm() : undefined);
  try {
    return await estimateWith(dataset, { ...options, calibrate, seed, prices, signal, prompt, on });
  } finally {
    if (on !== options.on) await on?.close();
  }
}

/** {@link EstimateOptions} with all that was left out. */
interface Task extends Omit<EstimateOptions, "on"> {
  prompt: Prompt;
  on: VisionModel | undefined;
  calibrate: number;
  seed: number;
  prices: Prices;
  signal: AbortSignal;
}

async function estimateWith(dataset: Dataset, task: Task): Promise<Estimate> {
  const { prompt, on, calibrate, prices } = task;
  const { captioner, scan } = await look(dataset, task);
  const asked = scan.drawn.slice(0, calibrate);
  const calibration =
    captioner && on && asked.length > 0
      ? await calibrateWith(dataset, asked, captioner, { ...task, on })
      : null;
  const outlook = reckon(
    scan.missing - asked.length,
    scan.drawn.slice(asked.length).map(({ predicted }) => predicted),
    { calibration, max_tokens: prompt.sampling.max_tokens, prices: { gpus: on?.servers ?? 1, ...prices } },
  );
  const basis = basisOf({
    ...{ model: on, calibration, asked: asked.length },
    ...{ looked: scan.drawn.length, missing: scan.missing },
  });
  const result: Estimate = { ...outlook, made: captioner && scan.made + outlook.calibrated, basis };
  return saying(result, estimateText(result));
}

/** What a run would caption with, and which figures. */
async function look(dataset: Dataset, task: Task): Promise<{ captioner: Captioner | null; scan: Scan }> {
  const lookAtAll = async ({ signal, onProgress }: Work) => {
    const captioner = await chosenCaptioner({ ...task, signal }, dataset.folder);
    const scan = await scanFigures(dataset, captioner, { ...task, signal }, onProgress);
    const text = `${count(scan.missing, "figure")} to ask about, ${scan.made.toLocaleString("en")} captioned before`;
    return saying({ captioner, scan, quarantined: 0 }, text);
  };
  return doWork({ signal: task.signal }, lookAtAll, {
    ...{ verb: "estimate", cancelled: "Cancelled." },
    ...(task.on && { models: [task.on] }),
  });
}

/** What a run would caption with; `null` where nothing is to be asked and the model's name is not known. */
async function chosenCaptioner(
  { prompt, on, calibrate, signal }: Task,
  folder: string,
): Promise<Captioner | null> {
  if (on && calibrate > 0) {
    const { captioner, ready } = await captioning({ prompt, on }, { signal, folder });
    await ready();
    return captioner;
  }
  return on && on.name !== null ? on.captioner(prompt) : null;
}

async function scanFigures(
  dataset: Dataset,
  captioner: Captioner | null,
  { prompt, where, limit, seed, signal }: Task,
  onProgress: (progress: Progress) => void,
): Promise<Scan> {
  const failures = await readFailures(dataset.folder, "recaption");
  const draw = new Draw<Drawn>(SAMPLE, seed);
  const started = performance.now();
  let [seen, made] = [0, 0];
  await reading(
    dataset.folder,
    async (reader) => {
      const total = await countFigures(reader, { where, limit }, FIGURES_ONLY);
      const tried = captioner && (await triedCaptions(reader, captioner.variant));
      // Nothing is kept under an empty name.
      const known = captioner ?? { id: "", version: 0, variant: "" };
      for await (const item of captionItems(reader, dataset.folder, known, { where, limit })) {
        const { figure_id } = item.figure;
        if (item.key === item.known || tried?.has(item.key)) made++;
        else if (isPictured(item) && failures.get(quarantineName(item, known)) !== item.key)
          draw.offer(figure_id, () => ({
            figure_id,
            key: item.key,
            predicted: predictQuestion(prompt, item),
          }));
        const seconds = (performance.now() - started) / 1000;
        onProgress({ stage: "estimate", done: ++seen, failed: 0, reused: 0, total, seconds });
      }
    },
    signal,
  );
  return { missing: draw.offered, made, drawn: draw.items };
}

/** Asks about some figures as a run would, and keeps their captions. */
async function calibrateWith(
  dataset: Dataset,
  drawn: readonly Drawn[],
  captioner: Captioner,
  { prompt, on, signal, onProgress }: Task & { on: VisionModel },
): Promise<Calibration> {
  const ids = list(drawn.map(({ figure_id }) => figure_id));
  const meter = new TokenMeter(on);
  const { seconds } = await recaption(dataset, {
    ...{ prompt, on, signal, where: `figure_id IN ${ids}` },
    ...(onProgress && { onProgress }),
  });
  const used = { ...meter.used, seconds };
  const made = await reading(
    dataset.folder,
    (reader) =>
      reader.all<CountedCaption>(
        `SELECT result_key, prompt_tokens, completion_tokens, seconds FROM recaptions WHERE variant = $1 AND figure_id IN ${ids}`,
        [captioner.variant],
      ),
    signal,
  );
  const answered = drawn.flatMap(({ key, predicted }): Answered[] => {
    const caption = made.find(({ result_key }) => result_key === key);
    if (!caption) return [];
    const { prompt_tokens, completion_tokens, seconds } = caption;
    if (prompt_tokens === null || completion_tokens === null || seconds === null) return [];
    return [{ predicted, prompt_tokens, completion_tokens, seconds }];
  });
  return { answered, used, in_flight: Math.min(drawn.length, captioner.concurrency ?? CAPTIONS_AT_ONCE) };
}
