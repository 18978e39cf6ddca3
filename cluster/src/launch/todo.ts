import type { Prompt } from "figloom";
import { newPapersIn, reading, vllm } from "figloom/stages";
import type { RateBasis, Reader, Shard, SourceList, StageWork } from "figloom/stages";
import type { PhasePlan, RunPlan } from "../run/plan.js";
import { Materials } from "../worker/materials.js";
import type { Facts } from "./plan.js";

/** What a phase has before it, and what its rate goes by. */
export interface Todo {
  /** Items that are not done; `null` where they come from an earlier phase. */
  items: number | null;
  basis: RateBasis;
  /** Whether it has more to do where text on figures is new. */
  readsText: boolean;
}

/** Of more than so many parts of so many items, evenly spread ones are looked at. */
const PARTS = { items: 1000, most: 10 };

/**
 * Looks at what the dataset has by now. Of more than ten thousand items a part is looked at, and the rest taken to be
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
    const isThere = items[phase.spec.stage] != null;
    if (phase.spec.stage === "ingest") todos.push(await ofPapers(plan, phase, known.papers!));
    else if (phase.spec.stage === "recaption" && phase.spec.ask)
      todos.push(await asking(phase.spec.ask.model, known.prompt!, known.captions));
    else todos.push(await ofFigures(plan, phase, isThere));
  }
  return todos;
}

async function ofPapers({ dataset }: RunPlan, phase: PhasePlan, papers: SourceList): Promise<Todo> {
  const { basis } = await new Materials(dataset).planning(phase);
  const items = await reading(dataset, (reader) => newPapersIn(reader, papers));
  return { items, basis, readsText: false };
}

async function asking(model: string, prompt: Prompt, items: number | null): Promise<Todo> {
  const on = vllm({ model, endpoints: [] });
  try {
    const { variant, readsText = false } = on.captioner(prompt);
    return { items, basis: { stage: "recaption", by: variant, unit: "server", units: 1 }, readsText };
  } finally {
    await on.close();
  }
}

async function ofFigures({ dataset }: RunPlan, phase: PhasePlan, isThere: boolean): Promise<Todo> {
  const materials = new Materials(dataset);
  const work = await materials.planning(phase);
  try {
    const { basis, readsText = false } = work;
    if (!isThere) return { items: null, basis, readsText };
    const failedWith = await materials.failures(phase);
    const isOpen = (item: unknown) => work.isDone(item, failedWith(work.subject(item))) === null;
    const items = await reading(dataset, (reader) => openIn(work, reader, isOpen));
    return { items, basis, readsText };
  } finally {
    await work.close();
  }
}

/** Cut into parts as for workers, since those are read without all the others. */
async function openIn(work: StageWork, reader: Reader, isOpen: (item: unknown) => boolean): Promise<number> {
  const parts: Shard[] = [];
  for await (const part of work.shards(reader, PARTS.items)) parts.push(part);
  const looked = spread(parts, PARTS.most);
  let [seen, open] = [0, 0];
  for (const { range } of looked)
    for await (const item of work.items(reader, range)) {
      seen++;
      if (isOpen(item)) open++;
    }
  if (looked.length === parts.length || seen === 0) return open;
  const all = parts.reduce((sum, { items }) => sum + items, 0);
  return Math.round((open / seen) * all);
}

/** At most so many of them, from the first to the last. */
export function spread<T>(all: readonly T[], most: number): T[] {
  if (all.length <= most) return [...all];
  return Array.from({ length: most }, (_, i) => all[Math.round((i * (all.length - 1)) / (most - 1))]!);
}
