import {
  AutoTokenizer,
  CLIPTextModelWithProjection,
  CLIPVisionModelWithProjection,
  env,
  type PreTrainedModel,
  SiglipTextModel,
  SiglipVisionModel,
  Tensor,
} from "@huggingface/transformers";
import sharp from "sharp";
import { z } from "zod";
import { batchesByLength } from "./by-length.js";
import type { ClipReply, ClipRequest, EmbeddedText, Unreadable } from "./clip-messages.js";
import type { Loaded, LoadOrder } from "./messages.js";
import { pictureSettings, type PictureSettings } from "./picture-settings.js";
import { fill, seen } from "./pictures.js";
import { checkSize, readJson } from "./settings.js";
import { Tokenizer, type Tokens } from "./tokens.js";

/** A family's towers, and what it does with short texts. */
interface Family {
  text: typeof CLIPTextModelWithProjection;
  vision: typeof CLIPVisionModelWithProjection;
  /** Tokens that its text tower reads where its settings do not say. */
  limit: number;
  /** SigLIP reads the vector off the last place, so that every text has them all. */
  padded: boolean;
  /** SigLIP was trained on lower case, which the tokenizer's file of its second version leaves to the caller. */
  lowerCase: boolean;
}

const CLIP: Family = {
  text: CLIPTextModelWithProjection,
  vision: CLIPVisionModelWithProjection,
  limit: 77,
  padded: false,
  lowerCase: false,
};
const SIGLIP: Family = {
  text: SiglipTextModel,
  vision: SiglipVisionModel,
  limit: 64,
  padded: true,
  lowerCase: true,
};
const FAMILIES: Record<string, Family> = { clip: CLIP, siglip: SIGLIP, siglip2: SIGLIP };

const MOST_TOKENS = 4096;
const config = z.object({
  model_type: z.string(),
  text_config: z
    .object({ max_position_embeddings: z.number().int().min(2).max(MOST_TOKENS).optional() })
    .optional(),
});

/** Pictures decoded at the same time: each takes its pixels' memory, up to 300 MB. */
const DECODED_AT_ONCE = 4;
/** Tokens in a batch of texts. Texts of like length go together, so that little is filled up. */
const BATCH_TOKENS = 2048;

/** Loads a CLIP or SigLIP out of a folder in the layout of transformers.js: two towers, tokenizer and settings. */
export async function loadClip(order: LoadOrder<"clip">): Promise<Loaded<"clip">> {
  const { folder, device, threads } = order;
  env.allowRemoteModels = false;
  env.useFSCache = false;
  sharp.concurrency(1);
  sharp.cache(false);
  const read = config.safeParse(await readJson(folder, "config.json"));
  if (!read.success)
    throw new Error(`its config.json is not as it should be: ${z.prettifyError(read.error)}`);
  const { model_type, text_config } = read.data;
  const family = Object.hasOwn(FAMILIES, model_type) ? FAMILIES[model_type]! : null;
  if (!family)
    throw new Error(`it is of the type "${model_type.slice(0, 60)}", and neither a CLIP nor a SigLIP`);
  let settings: PictureSettings;
  try {
    settings = pictureSettings(await readJson(folder, "preprocessor_config.json"));
  } catch (error) {
    throw new Error(`its preprocessor_config.json is not as it should be: ${(error as Error).message}`);
  }
  for (const name of ["tokenizer.json", "tokenizer_config.json"]) await checkSize(`${folder}/${name}`);
  const options = {
    ...{ local_files_only: true, device, dtype: "fp32" as const },
    session_options: {
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      executionMode: "sequential" as const,
      // Threads that wait by spinning take the processors from those that make the next pictures ready.
      extra: { session: { intra_op: { allow_spinning: "0" } } },
    },
  };
  const limit = text_config?.max_position_embeddings ?? family.limit;
  const tokenizer = new Tokenizer(await AutoTokenizer.from_pretrained(folder, { local_files_only: true }), {
    limit,
    lowerCase: family.lowerCase,
  });
  const towers = {
    text: await family.text.from_pretrained(folder, options),
    vision: await family.vision.from_pretrained(folder, options),
  };
  const clip = new Clip(towers, tokenizer, settings, family.padded ? limit : null);
  return { about: { limit, dimensions: await clip.tryOut() }, answer: (request) => clip.answer(request) };
}

class Clip {
  constructor(
    private readonly towers: { text: PreTrainedModel; vision: PreTrainedModel },
    private readonly tokenizer: Tokenizer,
    private readonly settings: PictureSettings,
    /** Tokens that every text is filled up to; `null` where that of the batch is enough. */
    private readonly length: number | null,
  ) {}

  /** Asks about a picture and a text that nobody has. @returns numbers in a vector */
  async tryOut(): Promise<number> {
    const { input } = this.settings;
    const [picture] = await this.#pictures(new Float32Array(3 * input.width * input.height), 1);
    const [text] = await this.#texts([this.tokenizer.cut("a figure")]);
    if (picture!.length !== text!.length)
      throw new Error(
        `its towers do not belong together: vectors of ${picture!.length} numbers for pictures, of ${text!.length} for texts`,
      );
    return picture!.length;
  }

  async answer(request: ClipRequest): Promise<ClipReply> {
    return "images" in request
      ? { images: await this.images(request.images) }
      : { texts: await this.texts(request.texts) };
  }

  async images(files: readonly string[]): Promise<(Float32Array | Unreadable)[]> {
    const { width, height } = this.settings.input;
    const size = 3 * width * height;
    const tensor = new Float32Array(size * files.length);
    const made: (Float32Array | Unreadable)[] = [];
    const read: number[] = [];
    let next = 0;
    const work = async () => {
      while (next < files.length) {
        const i = next++;
        try {
          const pixels = await seen(files[i]!, this.settings);
          const place = read.push(i) - 1;
          fill(tensor.subarray(place * size, (place + 1) * size), pixels, this.settings);
        } catch (error) {
          made[i] = { unreadable: (error as Error).message };
        }
      }
    };
    await Promise.all(Array.from({ length: DECODED_AT_ONCE }, work));
    const vectors =
      read.length === 0 ? [] : await this.#pictures(tensor.subarray(0, read.length * size), read.length);
    for (const [place, i] of read.entries()) made[i] = vectors[place]!;
    return made;
  }

  async texts(texts: readonly string[]): Promise<EmbeddedText[]> {
    const cut = texts.map((text) => this.tokenizer.cut(text));
    const made: EmbeddedText[] = [];
    const lengths = cut.map(({ ids }) => this.length ?? ids.length);
    for (const batch of batchesByLength(lengths, BATCH_TOKENS)) {
      const vectors = await this.#texts(batch.map((i) => cut[i]!));
      for (const [place, i] of batch.entries())
        made[i] = { vector: vectors[place]!, tokens: cut[i]!.tokens, cut: cut[i]!.cut };
    }
    return made;
  }

  async #pictures(pixels: Float32Array, count: number): Promise<Float32Array[]> {
    const { width, height } = this.settings.input;
    const pixel_values = new Tensor("float32", pixels, [count, 3, height, width]);
    return vectorsOf((await this.towers.vision({ pixel_values })) as Outputs, count);
  }

  async #texts(texts: readonly Tokens[]): Promise<Float32Array[]> {
    const length = this.length ?? Math.max(...texts.map(({ ids }) => ids.length));
    const ids = new BigInt64Array(texts.length * length).fill(BigInt(this.tokenizer.padding));
    const mask = new BigInt64Array(texts.length * length);
    for (const [row, text] of texts.entries()) {
      ids.set(text.ids.map(BigInt), row * length);
      mask.fill(1n, row * length, row * length + text.ids.length);
    }
    const shape = [texts.length, length];
    const input_ids = new Tensor("int64", ids, shape);
    const attention_mask = new Tensor("int64", mask, shape);
    return vectorsOf((await this.towers.text({ input_ids, attention_mask })) as Outputs, texts.length);
  }
}

type Outputs = Readonly<Record<string, Tensor | undefined>>;

/** The vectors of a tower, made as long as 1. */
function vectorsOf(outputs: Outputs, count: number): Float32Array[] {
  const made = outputs["image_embeds"] ?? outputs["text_embeds"] ?? outputs["pooler_output"];
  if (!made)
    throw new Error(`its tower gives ${Object.keys(outputs).join(", ")}, and no vectors of one space`);
  const [rows, length] = made.dims;
  if (rows !== count || made.dims.length !== 2 || made.type !== "float32")
    throw new Error(`its tower gives ${made.type}[${made.dims.join(" × ")}] for ${count} vectors`);
  const all = made.data as Float32Array;
  return Array.from({ length: count }, (_, row) => unit(all.subarray(row * length!, (row + 1) * length!)));
}

function unit(vector: Float32Array): Float32Array {
  let squares = 0;
  for (const value of vector) squares += value * value;
  const length = Math.sqrt(squares);
  if (!Number.isFinite(length) || length === 0)
    throw new Error("its tower gives a vector without a direction");
  return vector.map((value) => value / length);
}
