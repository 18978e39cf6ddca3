import { createHash } from "node:crypto";
import { reading, type FigureRow } from "../../dataset/query.js";
import { ConfigurationError } from "../../errors.js";
import { sampleFigures, type SampleOptions } from "../../lab/tune/sample.js";
import type { PickedFigure, Preview, PromptText, TrialPick } from "../../views/prompt-lab.js";
import { figureName, paperName } from "../../views/wording.js";
import { promptOf } from "./workspace.js";

/** Which figures a pick means, as `lab.tune` takes it. */
export function sampleOf({ sample, seed, where, among }: TrialPick): SampleOptions {
  if (among === null) return { sample, seed, ...(where !== null && { where }) };
  if (among.length === 0) throw new ConfigurationError("The selection has no figure with a picture.");
  const drawn = (id: string) => createHash("sha256").update(`${seed} ${id}`).digest("hex");
  const ranked = among.map((id) => ({ id, rank: drawn(id) })).sort((a, b) => (a.rank < b.rank ? -1 : 1));
  return { sample: ranked.slice(0, sample).map(({ id }) => id), seed };
}

/** The figures of a pick, in their order. */
export function pickedFigures(folder: string, pick: TrialPick, signal: AbortSignal): Promise<PickedFigure[]> {
  return reading(
    folder,
    async (reader) =>
      (await sampleFigures(reader, sampleOf(pick))).map((figure) => ({
        figure_id: figure.figure_id,
        name: `${figureName(figure)}, ${paperName({ paper_id: figure.paper_id, paper_title: figure.title })}`,
      })),
    signal,
  );
}

/** What would be asked about a figure. */
export async function previewOf(
  home: string,
  { dataset, figure_id, prompt }: { dataset: string; figure_id: string; prompt: PromptText },
  signal: AbortSignal,
): Promise<Preview> {
  const [figure] = await reading(dataset, (reader) => sampleFigures(reader, { sample: [figure_id] }), signal);
  const { compose, context_tokens: budget, sampling } = promptOf(home, prompt);
  return { ...compose(inputOf(figure!)), budget, answer: sampling.max_tokens };
}

function inputOf(figure: FigureRow) {
  const { paper_id, title, abstract, discipline } = figure;
  return { figure, paper: { paper_id, title, abstract, discipline }, image: null };
}
