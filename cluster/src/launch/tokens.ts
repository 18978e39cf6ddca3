import { openLab, vllm, type Amount, type LaunchOptions, type LaunchPlan, type Prompt } from "figloom";
import type { RunPlan } from "../run/plan.js";
import type { Facts } from "./plan.js";

type Tokens = NonNullable<LaunchPlan["estimate"]>;

/**
 * Says which tokens captions will take, without asking anybody. On a large dataset a part of the figures is looked at, and
 * the rest taken to be alike.
 */
export async function estimateTokens(
  { dataset, phases, prices }: RunPlan,
  { items }: Facts,
  prompt: Prompt | null,
  options: LaunchOptions,
): Promise<Tokens | null> {
  const phase = phases.find(({ spec }) => spec.stage === "recaption");
  const figures = items.recaption ?? null;
  if (phase?.spec.stage !== "recaption" || !phase.spec.ask || !prompt || !figures) return null;
  const lab = await openLab(dataset, { create: false });
  const on = vllm({ model: phase.spec.ask.model, endpoints: ["http://localhost"] });
  const { every, ...selection } = sampled(options, figures);
  try {
    const asked = await lab.estimate({ prompt, on, calibrate: 0, prices, ...selection });
    const { figures: missing, made, calibrated, basis } = asked;
    const { prompt_tokens, image_tokens, completion_tokens } = asked;
    const tokens = {
      ...{ figures: missing, made, calibrated, basis },
      ...{ prompt_tokens, image_tokens, completion_tokens },
    };
    return every === 1 ? tokens : scaled(tokens, every, figures);
  } finally {
    await on.close();
  }
}

/** What a part of the figures says of all. */
function scaled(tokens: Tokens, every: number, figures: number): Tokens {
  const times = (amount: Amount): Amount => ({
    value: amount.value * every,
    range: amount.range && [amount.range[0] * every, amount.range[1] * every],
  });
  return {
    ...tokens,
    figures: tokens.figures * every,
    made: tokens.made && tokens.made * every,
    prompt_tokens: times(tokens.prompt_tokens),
    image_tokens: times(tokens.image_tokens),
    completion_tokens: times(tokens.completion_tokens),
    basis: `${tokens.basis}; one in ${every} of ${figures.toLocaleString("en")} figures was looked at`,
  };
}

/** Of more figures, a part is looked at. */
const SAMPLE = 20_000;

/** Which part of a selection is looked at: one in `every` of its figures, drawn by a hash of their ids. */
export function sampled<S extends { where?: string | null | undefined; limit?: number | null | undefined }>(
  { where, limit }: S,
  figures: number,
): { every: number; where?: string; limit?: number } {
  const every = Math.max(1, Math.ceil(figures / SAMPLE));
  const conditions = [where, every === 1 ? null : `hash(figure_id) % ${every} = 0`].filter(
    (one) => one != null,
  );
  return {
    every,
    ...(conditions.length > 0 && { where: conditions.map((one) => `(${one}\n)`).join(" AND ") }),
    ...(limit != null && { limit: Math.ceil(limit / every) }),
  };
}
