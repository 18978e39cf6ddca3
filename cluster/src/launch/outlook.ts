import {
  openLab,
  vllm,
  type Amount,
  type Estimate,
  type LaunchOptions,
  type LaunchPhase,
  type LaunchPlan,
  type Prompt,
} from "figloom";
import { costOf, type Prices } from "figloom/stages";
import type { PhasePlan, RunPlan } from "../run/plan.js";
import { stageText } from "../run/stage-text.js";
import type { Findings } from "./check.js";
import { gpusOf, type Facts } from "./plan.js";

/** Of more figures, so many are looked at. */
const SAMPLE = 20_000;

/**
 * Says what captions will take, without asking anybody. On a large dataset a part of the figures is looked at, and the
 * rest taken to be alike.
 */
export async function estimateRun(
  { dataset, phases, prices }: RunPlan,
  { items }: Facts,
  prompt: Prompt | null,
  { where, limit }: LaunchOptions,
): Promise<Estimate | null> {
  const phase = phases.find(({ spec }) => spec.stage === "recaption");
  const figures = items.recaption ?? null;
  if (!phase || phase.spec.stage !== "recaption" || !phase.spec.ask || !prompt || !figures) return null;
  const lab = await openLab(dataset, { create: false });
  const on = vllm({ model: phase.spec.ask.model, endpoints: ["http://localhost"] });
  const every = Math.ceil(figures / SAMPLE);
  const part = every === 1 ? undefined : `hash(figure_id) % ${every} = 0`;
  const condition = [where, part].filter((one) => one !== undefined).map((one) => `(${one}\n)`);
  try {
    const estimate = await lab.estimate({
      ...{ prompt, on, calibrate: 0, prices },
      ...(condition.length > 0 && { where: condition.join(" AND ") }),
      ...(limit !== undefined && every === 1 && { limit }),
    });
    return every === 1 ? estimate : scaled(estimate, every, figures);
  } finally {
    await on.close();
  }
}

/** What a part of the figures says of all. */
function scaled(estimate: Estimate, every: number, figures: number): Estimate {
  const times = (amount: Amount): Amount => ({
    value: amount.value * every,
    range: amount.range && [amount.range[0] * every, amount.range[1] * every],
  });
  return {
    ...estimate,
    figures: estimate.figures * every,
    made: estimate.made && estimate.made * every,
    prompt_tokens: times(estimate.prompt_tokens),
    image_tokens: times(estimate.image_tokens),
    completion_tokens: times(estimate.completion_tokens),
    cost: estimate.cost && times(estimate.cost),
    basis: `${estimate.basis}; one in ${every} of ${figures.toLocaleString("en")} figures was looked at`,
  };
}

/** How far apart runs of the same kind are in their rate: nodes, pictures and servers differ. */
const SPREAD = 0.25;

/** The estimate with hours, and what they cost, at a rate that the user has measured. */
export function atRate(estimate: Estimate, perSecond: number, workers: number, prices: Prices): Estimate {
  const hours = estimate.figures / (perSecond * workers) / 3600;
  const amount = (of: (hours: number) => number): Amount => ({
    value: of(hours),
    range: [of(hours / (1 + SPREAD)), of(hours / (1 - SPREAD))],
  });
  const tokens = {
    prompt_tokens: estimate.prompt_tokens.value,
    completion_tokens: estimate.completion_tokens.value,
  };
  const costs = costOf({ ...tokens, seconds: 0 }, prices) !== null;
  const rate = `hours are for ${perSecond} captions/s of each worker, as given`;
  return {
    ...estimate,
    hours: amount((hours) => hours),
    gpu_hours: amount((hours) => hours * (prices.gpus ?? 1)),
    cost: costs ? amount((hours) => costOf({ ...tokens, seconds: hours * 3600 }, prices)!) : null,
    basis: estimate.basis.replace(/(?:, |^)hours are not known/, `, ${rate}`),
  };
}

/** What is shown before anything is submitted. */
export function launchPlan(
  plan: RunPlan,
  facts: Facts,
  { estimate, findings, perSecond }: { estimate: Estimate | null; findings: Findings; perSecond?: number },
): LaunchPlan {
  const asking = plan.phases.find(({ spec, serving }) => spec.stage === "recaption" && serving !== null);
  const hasRate = estimate && asking && perSecond !== undefined && perSecond > 0;
  return {
    ...{ run: plan.run, title: plan.title, engine: plan.engine.name, ...findings },
    estimate: hasRate ? atRate(estimate, perSecond, asking.workers, plan.prices) : estimate,
    phases: plan.phases.map((phase) => phaseOf(phase, facts)),
    gpus: Math.max(0, ...plan.phases.map(gpusOf)),
  };
}

function phaseOf({ id, spec, shardSize, workers, resources }: PhasePlan, { items }: Facts): LaunchPhase {
  const known = items[spec.stage] ?? null;
  return {
    ...{ id, shardSize, workers, gpus: resources.gpus ?? 0, items: known },
    title: stageText(spec),
    shards: known === null || shardSize === null ? null : Math.ceil(known / shardSize),
  };
}
