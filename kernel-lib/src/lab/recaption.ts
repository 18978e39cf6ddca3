import { Budget, type BudgetLimits } from "../captions/budget.js";
import { captioning, modelFor, type Captioning, type CaptioningOptions } from "../captions/captioning.js";
import { TokenMeter } from "../captions/token-meter.js";
import type { Dataset, Writer } from "../dataset/store.js";
import { RECAPTION_VERSION } from "../stages/recaption.js";
import { runStage } from "../stages/run-stage.js";
import type { CaptionItem } from "../stages/works/caption-items.js";
import { recaptionWork } from "../stages/works/recaption-work.js";
import { inCell } from "./in-cell.js";
import { count, duration, saying } from "./summary.js";
import { doWork, type Work, type WorkOptions } from "./work.js";

/** What makes captions, of which figures, and what it may take. */
export interface RecaptionOptions extends WorkOptions, CaptioningOptions {
  /** An SQL condition over the figures' columns, e.g. `discipline = 'Astronomy'`. */
  where?: string;
  /** At most so many figures. */
  limit?: number;
  /** What this call may use; then it stops, and what is done is kept. @default no limit */
  budget?: BudgetLimits;
  /** Whether figures that failed at an earlier start, and would fail alike, are tried again. @default false */
  retryFailed?: boolean;
}

/** What `Lab.recaption` did. */
export interface RecaptionResult {
  /** Name that the captions are kept under. */
  variant: string;
  /** Captions made now. */
  made: number;
  /** Captions that were there before, those of trials among them. */
  reused: number;
  /** Figures that no caption could be made for, now or before; `lab.quarantine()` says why. */
  quarantined: number;
  /** Why it ended before the last figure: `the token budget of 1,000,000 is spent; 12,345 figures are left`. */
  stopped: string | null;
  /** Tokens used now, those of thrown away answers included; 0 where none are counted. */
  tokens: number;
  seconds: number;
  /** Captions made per second. */
  captions_per_second: number;
}

/** Gives figures new captions, see `Lab.recaption`. */
export async function recaption(dataset: Dataset, options: RecaptionOptions = {}): Promise<RecaptionResult> {
  const on = modelFor(options);
  const { prices, ...limits } = options.budget ?? {};
  const budget = new Budget({ ...limits, prices: { gpus: on?.servers ?? 1, ...prices } });
  try {
    const captionAll = async (work: Work) => {
      const choice = { ...options, ...(on && { on }) };
      const chosen = await captioning(choice, { signal: work.signal, folder: dataset.folder });
      const shelf = chosen.captioner.variant;
      return dataset.write(
        { stage: "recaption", stage_version: RECAPTION_VERSION, shelf },
        (writer) => recaptionAll(dataset, writer, { ...options, ...chosen, budget, work }),
        work.signal,
      );
    };
    return await doWork(options, captionAll, {
      ...{ verb: "recaption", title: titleOf(options), dataset: dataset.folder },
      ...(on && { models: [on], prices: { gpus: on.servers ?? 1, ...prices } }),
    });
  } finally {
    if (on !== options.on) await on?.close();
  }
}

/** `recaption with context@org/model`, as far as that is known before work starts. */
function titleOf({ captioner, prompt, on }: RecaptionOptions): string {
  const asked = typeof prompt === "string" ? prompt : prompt?.id;
  const model = on?.name ? `@${on.name}` : "";
  return `recaption with ${captioner?.variant ?? (asked === undefined ? "extractive" : asked + model)}`;
}

interface Task extends Captioning, Pick<RecaptionOptions, "where" | "limit" | "retryFailed"> {
  budget: Budget;
  work: Work;
}

async function recaptionAll(
  dataset: Dataset,
  writer: Writer<"recaption">,
  { where, limit, retryFailed, budget, work: how, ...chosen }: Task,
): Promise<RecaptionResult> {
  const reader = await dataset.read(how.signal);
  const meter = new TokenMeter(chosen.model);
  /** What was reserved for those at work. */
  const reserved = new Map<CaptionItem, number | null>();
  const settle = (item: CaptionItem) => {
    budget.settle(reserved.get(item) ?? null, meter.used);
    reserved.delete(item);
  };
  try {
    const work = await recaptionWork(dataset.folder, reader, chosen, { where, limit, retryFailed });
    const notes = () => [work.note?.(), budget.note()].filter((note) => note !== undefined).join(", ");
    const total = (await work.count(reader))!;
    const { keep, refuse, ...storing } = inCell(work, writer);
    const end = await runStage(work.stage, work.items(reader), {
      ...storing,
      ...how,
      total,
      note: () => notes() || undefined,
      admit(item) {
        const predicted = budget.predicts ? (work.predict?.(item) ?? null) : null;
        reserved.set(item, predicted);
        return budget.admit(predicted);
      },
      async keep(item, made) {
        if (!work.outcome(item, made).reused) meter.count(made);
        settle(item);
        return keep(item, made);
      },
      refuse(item, line, error) {
        settle(item);
        return refuse(item, line, error);
      },
    });
    const left = total - end.done - end.failed - end.reused;
    const tokens = meter.used.prompt_tokens + meter.used.completion_tokens;
    const result: RecaptionResult = {
      variant: chosen.captioner.variant,
      made: end.done,
      reused: end.reused,
      quarantined: end.failed,
      stopped:
        end.stopped === undefined ? null : `${end.stopped}; ${count(left, "figure is", "figures are")} left`,
      tokens,
      seconds: end.seconds,
      captions_per_second: Number((end.done / end.seconds).toFixed(3)),
    };
    return saying(result, recaptionText(result));
  } finally {
    reader.close();
  }
}

function recaptionText({
  variant,
  made,
  reused,
  quarantined,
  stopped,
  tokens,
  seconds,
}: RecaptionResult): string {
  const before = reused > 0 ? ` (and ${reused.toLocaleString("en")} made before)` : "";
  const used = tokens > 0 ? `, ${count(tokens, "token")}` : "";
  const why = stopped === null ? "" : `; stopped: ${stopped}`;
  return `${count(made, "caption")} "${variant}"${before}, ${quarantined.toLocaleString("en")} quarantined${used} in ${duration(seconds)}${why}`;
}
