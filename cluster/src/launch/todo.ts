import { type Prompt } from "figloom";
import { newPapersIn, reading, vllm, type RateBasis, type SourceList } from "figloom/stages";
import type { PhasePlan, RunPlan } from "../run/plan.js";
import { Materials } from "../worker/materials.js";
import type { Facts } from "./plan.js";

/** What a phase has before it, and what its rate goes by. */
export interface Todo {
  /** Items that are not done; `null` where they come from an earlier phase. */
  items: number | null;
  basis: RateBasis;
}

/** Of more figures, a part is looked at. */
const SAMPLE = 20_000;

/**
 * Which part of a selection is looked at: one in `every` of its figures, drawn by a hash of their ids, so that for every
 * phase they are the same.
 */
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

/**
 * Looks at what the dataset has by now. Of more than twenty thousand figures a part is looked at, and the rest taken to be
 * alike. Nobody is asked.
 * @param known what is known already: of captions that a model is asked for, and of papers
 */
export async function todosOf(
  plan: RunPlan,
  { items }: Pick<Facts, "items">,
  known: { prompt: Prompt | null; captions: number | null; papers: SourceList | null },
): Promise<Todo[]> {
  const todos: Todo[] = [];
  for (const phase of plan.phases) {
    const figures = items[phase.spec.stage] ?? null;
    if (phase.spec.stage === "ingest") todos.push(await ofPapers(plan, phase, known.papers!));
    else if (phase.spec.stage === "recaption" && phase.spec.ask)
      todos.push({ items: known.captions, basis: await asking(phase.spec.ask.model, known.prompt!) });
    else todos.push(await ofFigures(plan, phase, figures));
  }
  return todos;
}

async function ofPapers({ dataset }: RunPlan, phase: PhasePlan, papers: SourceList): Promise<Todo> {
  const { basis } = await new Materials(dataset).planning(phase);
  return { items: await reading(dataset, (reader) => newPapersIn(reader, papers)), basis };
}

async function asking(model: string, prompt: Prompt): Promise<RateBasis> {
  const on = vllm({ model, endpoints: [] });
  try {
    return { stage: "recaption", by: on.captioner(prompt).variant, unit: "server", units: 1 };
  } finally {
    await on.close();
  }
}

async function ofFigures({ dataset }: RunPlan, phase: PhasePlan, figures: number | null): Promise<Todo> {
  const { every, where = null, limit = null } = sampled(phase.spec as Selected, figures ?? 0);
  const part = { ...phase, spec: { ...(phase.spec as Selected), where, limit } } as PhasePlan;
  const materials = new Materials(dataset);
  const work = await materials.planning(part);
  try {
    const { basis } = work;
    if (figures === null) return { items: null, basis };
    const failedWith = await materials.failures(part);
    const open = await reading(dataset, async (reader) => {
      let count = 0;
      for await (const item of work.items(reader))
        if (work.isDone(item, failedWith(work.subject(item))) === null) count++;
      return count;
    });
    return { items: open * every, basis };
  } finally {
    await work.close();
  }
}

type Selected = Extract<PhasePlan["spec"], { where: string | null }>;
