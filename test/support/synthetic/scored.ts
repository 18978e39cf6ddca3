/** Datasets of figures whose two captions were measured, with differences that are known beforehand. */
import { generator } from "../../../kernel-lib/src/statistics/random.js";
import { Dataset } from "../../../kernel-lib/src/dataset/store.js";
import type { Score } from "../../../kernel-lib/src/model.js";
import {
  sampleFigure,
  samplePaper,
  sampleRecaption,
  sampleScore,
} from "../../unit/kernel-lib/dataset/samples.js";

export interface Truth {
  discipline: "Physics" | "Astronomy" | "Biology";
  /** Of old values. */
  mean: number;
  sd: number;
  /** Mean of new values over that of old ones − 1. */
  gain: number;
  /** Variance of new values over that of old ones − 1. */
  varianceChange: number;
}

/** A figure's values of one metric. */
export interface ScoredPair {
  figure_id: string;
  paper_id: string;
  discipline: string;
  from: number;
  to: number;
}

/** Half of each variance is the papers'. */
const WITHIN = Math.SQRT1_2;

export function normals(seed: number): () => number {
  const random = generator(seed);
  return () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Pairs of normal values, one to `most` figures a paper; figures of a paper resemble each other. */
export function plantedPairs(truth: Truth, papers: number, seed: number, most = 8): ScoredPair[] {
  const { discipline, mean, sd, gain, varianceChange } = truth;
  const [normal, random] = [normals(seed), generator(seed + 1)];
  const sdTo = sd * Math.sqrt(1 + varianceChange);
  return Array.from({ length: papers }, (_, at) => {
    const paper_id = `${discipline.toLowerCase().replace(" ", "-")}-${String(at).padStart(4, "0")}`;
    const [own, ownTo] = [normal(), normal()];
    return Array.from({ length: 1 + Math.floor(most * random()) }, (_, figure) => ({
      figure_id: `${paper_id}#fig${figure + 1}`,
      paper_id,
      discipline,
      from: mean + sd * WITHIN * (own + normal()),
      to: mean * (1 + gain) + sdTo * WITHIN * (ownTo + normal()),
    }));
  }).flat();
}

export interface ScoredDataset {
  pairs: readonly ScoredPair[];
  /** @default "new" */
  variant?: string;
  /** Scores of a pair's caption, `raw` or the variant. @default the metric `clip` */
  scores?: (pair: ScoredPair, caption: string) => Partial<Score>[];
  /** Title of all papers. */
  title?: string;
}

/** Writes a dataset in which each pair is a figure with a raw and a new caption. */
export async function scoredDataset(
  folder: string,
  { pairs, variant = "new", title, scores = clipOf }: ScoredDataset,
): Promise<Dataset> {
  const dataset = await Dataset.openOrCreate(folder);
  const papers = new Map<string, ScoredPair[]>();
  for (const pair of pairs) papers.set(pair.paper_id, [...(papers.get(pair.paper_id) ?? []), pair]);
  await dataset.write({ stage: "ingest", stage_version: 1 }, ({ append }) =>
    every([...papers], async ([paper_id, ofPaper]) => {
      const discipline = ofPaper[0]!.discipline as "Physics";
      const paper = samplePaper(paper_id, { discipline, ...(title !== undefined && { title }) });
      const figures = ofPaper.map((_, ordinal) => sampleFigure(paper_id, ordinal));
      await append({ key: paper_id, paper, figures });
    }),
  );
  await dataset.write({ stage: "recaption", stage_version: 1, shelf: variant }, ({ append }) =>
    every(pairs, ({ figure_id }) =>
      append({
        key: figure_id,
        recaption: sampleRecaption(figure_id, {
          ...{ variant, captioner: "vllm", captioner_version: 3, prompt_id: "context" },
          ...{ prompt_hash: "abc123", model: "a/model", sampling: '{"temperature":0}' },
        }),
      }),
    ),
  );
  await dataset.write({ stage: "score", stage_version: 1, shelf: "clip" }, ({ append }) =>
    every(pairs, async (pair) => {
      for (const caption of ["raw", variant])
        await append({
          key: `${pair.figure_id} ${caption}`,
          scores: scores(pair, caption).map((score) =>
            sampleScore(pair.figure_id, { metric: "clip", scorer: "clip", ...score, caption }),
          ),
          embeddings: [],
        });
    }),
  );
  return dataset;
}

/** The metric `clip` with the pair's values. */
export const clipOf = ({ from, to }: ScoredPair, caption: string): Partial<Score>[] => [
  { value: caption === "raw" ? from : to },
];

/** All at the same time: what is written together is flushed together. */
const every = async <T>(items: readonly T[], work: (item: T) => Promise<unknown>): Promise<void> => {
  await Promise.all(items.map(work));
};
