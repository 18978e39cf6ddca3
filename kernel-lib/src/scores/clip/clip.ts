import { modelHere } from "../../rate-units.js";
import { namedIn } from "../../captions/vllm/endpoints.js";
import { ItemError } from "../../errors.js";
import type { Embedding } from "../../model.js";
import { nameAnywhere } from "../../models/find.js";
import { renamed } from "../renamed.js";
import { mean } from "../../statistics/descriptive.js";
import type { Measured, ScoreInput, Scorer } from "../scorer.js";
import { embedCaption, type EmbeddedCaption } from "./chunks.js";
import type { Embedder } from "./embedder.js";
import { endpointEmbedder } from "./endpoint-embedder.js";
import { localEmbedder } from "./local.js";
import { PictureVectors } from "./picture-vectors.js";

/** Which model compares pictures with captions, and under which name. */
export interface ClipOptions {
  /**
   * A model of the CLIP or SigLIP families: a short name, a repository on the hub, or a folder; with `endpoints`, its name
   * on the servers. @default clip-b32; the only one that the servers have
   */
  model?: string | undefined;
  /**
   * Base URLs of vLLM servers that make the vectors (`vllm serve MODEL --runner pooling`), in place of this machine.
   * Their key is FIGLOOM_API_KEY. See docs/scores.md.
   * @default none: FIGLOOM_ENDPOINTS names servers that write captions, which make no vectors
   */
  endpoints?: string | readonly string[] | undefined;
  /** The metric's name in place of `clip`, to have two models side by side; the others get it as well. */
  as?: string | undefined;
}

/** What `detail` of the metric `clip` holds, as JSON. */
export interface ClipDetail {
  /** CLIPScore: 2.5 · max(cosine, 0). */
  clipscore: number | null;
  /** Tokens of the caption, and how many of them were cut off. */
  tokens: number;
  cut: number;
  /** What computed: `cpu`, `cuda`, or a server's address. */
  device: string;
}

/** What `detail` of `clip-sentences` and `clip-best` holds, as JSON. */
export interface ClipSentencesDetail {
  /** Each part's cosine with its UTF-16 range in the caption; of `clip-best` the best one alone. */
  sentences: { span: readonly [start: number, end: number]; cosine: number }[];
}

const DEFAULT_MODEL = "clip-b32";
const METRIC = "clip";
const VERSION = 1;

/** UTF-16 units of a caption that are read. */
const READ = 32_768;

/**
 * How well a caption fits its picture, by a model of the CLIP or SigLIP families: the cosine of their vectors, −1 … 1.
 *
 * - `clip`: of the whole caption. The text tower reads 77 or 64 tokens, marks of start and end among them; what it does
 *   not see of the caption is the row's `truncated`. CLIPScore, 2.5 · max(cosine, 0) (Hessel et al. 2021, eq. 1, here
 *   without the prefix "A photo depicts"), is in its `detail`.
 * - `clip-sentences`: the mean over the caption's sentences, so that long captions are judged whole. A sentence longer
 *   than the tower reads is cut between words into parts of like length.
 * - `clip-best`: the largest of them.
 *
 * All three are `null` for a caption without a token. A figure without a picture is an {@link ItemError}. Transparent
 * parts of a picture are white. Texts are given to the tokenizer as they are; SigLIP's are put in lower case and padded
 * to its length, as they were in its training.
 *
 * With `endpoints` vLLM servers make the vectors; the scorer's id says so (`MODEL@vllm`), and their values are not mixed
 * with this machine's: precision and pictures' preparation are theirs.
 *
 * Cosines of different models cannot be compared. The vectors are kept in the table `embeddings`: a
 * picture is embedded once by each model, for all captions and runs.
 */
export function clip({ model, endpoints, as }: ClipOptions = {}): Scorer {
  return renamed(endpoints === undefined ? onThisMachine(model) : onServers(endpoints, model), as);
}

function onThisMachine(model = DEFAULT_MODEL): Scorer {
  const name = nameAnywhere(model);
  const spec = { kind: METRIC, options: { model: name } };
  return clipScorer(localEmbedder(name), { spec, model: { name, kind: "clip" }, runsOn: modelHere() });
}

function onServers(addresses: string | readonly string[], model: string | undefined): Scorer {
  const endpoints = namedIn(addresses);
  const options = { endpoints, ...(model !== undefined && { model }) };
  const runsOn = { unit: "server", units: endpoints.length } as const;
  return clipScorer(endpointEmbedder(options), { spec: { kind: METRIC, options }, runsOn });
}

/** The scorer with any embedder. */
export function clipScorer(
  embedder: Embedder,
  about: Pick<Scorer, "spec" | "model" | "runsOn"> = {},
): Scorer {
  const pictures = new PictureVectors();
  return {
    metric: METRIC,
    also: [`${METRIC}-sentences`, `${METRIC}-best`],
    get id() {
      return embedder.id;
    },
    version: VERSION,
    readsVectors: true,
    concurrency: embedder.concurrency,
    ...about,
    identify: (options) => embedder.identify(options),
    ready: (options) => embedder.ready(options),
    score: (input, options) => score(input, embedder, pictures, options),
    async close() {
      pictures.clear();
      await embedder.close();
    },
  };
}

async function score(
  input: ScoreInput,
  embedder: Embedder,
  pictures: PictureVectors,
  options: { signal: AbortSignal },
): Promise<Measured> {
  const { figure, caption, image, picture_vector: kept = null } = input;
  if (image === null) throw withoutPicture(input);
  const text = input.text.slice(0, READ);
  const [picture, embedded] = await Promise.all([
    kept
      ? Float32Array.from(kept)
      : pictures.of(figure.sha256 ?? image, () => embedder.image(image, options)),
    text.trim() === "" ? null : embedCaption(text, embedder, options),
  ]);
  if (embedded && embedded.whole.vector.length !== picture.length) throw anotherSpace(input, embedder.id);
  const vector = (of: string | null, numbers: Float32Array): Embedding => ({
    ...{ figure_id: figure.figure_id, caption: of, model: embedder.id },
    sha256: of === null ? figure.sha256 : null,
    vector: Array.from(numbers, (number) => Number(number.toPrecision(9))),
  });
  const measured = measure(
    picture,
    embedded,
    input.text === "" ? 1 : text.length / input.text.length,
    embedder.device,
  );
  return {
    scores: measured.map((row) => ({
      ...{ figure_id: figure.figure_id, caption, scorer: embedder.id, scorer_version: VERSION },
      ...row,
      detail: JSON.stringify(row.detail),
    })),
    embeddings: [
      ...(!kept && pictures.isFirstFor(figure.figure_id) ? [vector(null, picture)] : []),
      ...(embedded && embedded.whole.tokens > 0 ? [vector(caption, embedded.whole.vector)] : []),
    ],
  };
}

interface Row {
  metric: string;
  value: number | null;
  truncated: number | null;
  detail: ClipDetail | ClipSentencesDetail;
}

/** @param read share of the caption that was read at all */
function measure(
  picture: Float32Array,
  caption: EmbeddedCaption | null,
  read: number,
  device: string,
): Row[] {
  const { tokens = 0, cut = 0 } = caption?.whole ?? {};
  const whole = caption && tokens > 0 ? cosine(picture, caption.whole.vector) : null;
  const sentences = caption?.chunks?.map(({ span, vector }) => ({ span, cosine: cosine(picture, vector) }));
  const cosines = sentences?.map((sentence) => sentence.cosine) ?? [];
  const best = cosines.length > 0 ? Math.max(...cosines) : null;
  const unread = sentences || !caption ? 1 - read : null;
  return [
    {
      metric: METRIC,
      value: whole,
      truncated: 1 - (tokens > 0 ? (tokens - cut) / tokens : 1) * read,
      detail: { clipscore: whole === null ? null : 2.5 * Math.max(whole, 0), tokens, cut, device },
    },
    {
      metric: `${METRIC}-sentences`,
      value: cosines.length > 0 ? mean(cosines) : null,
      truncated: unread,
      detail: { sentences: sentences ?? [] },
    },
    {
      metric: `${METRIC}-best`,
      value: best,
      truncated: unread,
      detail: { sentences: sentences?.filter((sentence) => sentence.cosine === best).slice(0, 1) ?? [] },
    },
  ];
}

/** Of vectors of length 1. */
function cosine(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return Math.min(1, Math.max(-1, sum));
}

/** The model of servers has no digest by which it would be seen. */
const anotherSpace = ({ figure }: ScoreInput, model: string): ItemError =>
  new ItemError({
    reason: "vector-of-another-model",
    message: `${figure.figure_id}'s picture has a vector in the dataset that is not of the model which now goes by ${model}.`,
    wayOut:
      'Serve the model under a name of its own (--served-model-name), and measure with it under another name (as: "clip-2").',
  });

function withoutPicture({ figure }: ScoreInput): ItemError {
  return new ItemError({
    reason: "image-missing",
    message: `${figure.figure_id} has no picture to compare its caption with: ${figure.image_missing ?? "none was made"}.`,
    wayOut:
      "Take the figure's picture from the paper's PDF, or leave the figure out (where: image_path IS NOT NULL).",
  });
}
