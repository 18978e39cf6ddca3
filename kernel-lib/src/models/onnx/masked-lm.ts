import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { AutoTokenizer, env, type PreTrainedTokenizer } from "@huggingface/transformers";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { z } from "zod";
import { POSITIONS, withRows } from "./masked-lm-graph.js";
import type { MaskedCopy, MaskedLmAbout, MaskedLmReply, MaskedLmRequest } from "./masked-lm-messages.js";
import type { Loaded, LoadOrder } from "./messages.js";
import { checkSize, readJson } from "./settings.js";
import { WordPieces } from "./word-pieces.js";

const MOST_POSITIONS = 4096;
const config = z.object({ max_position_embeddings: z.number().int().min(3).max(MOST_POSITIONS) });
const tokenizerFile = z.object({
  model: z.object({ type: z.literal("WordPiece"), continuing_subword_prefix: z.string().min(1) }),
});

/** Files above are read from the disk piece by piece, by ONNX Runtime itself. */
const MOST_IN_MEMORY = 2 ** 31 - 1;

/** Loads a masked language model whose tokens are word pieces out of a folder in the layout of transformers.js. */
export async function loadMaskedLm({
  folder,
  device,
  threads,
}: LoadOrder<"masked-lm">): Promise<Loaded<"masked-lm">> {
  env.allowRemoteModels = false;
  env.useFSCache = false;
  const read = config.safeParse(await readJson(folder, "config.json"));
  if (!read.success)
    throw new Error(`its config.json is not as it should be: ${z.prettifyError(read.error)}`);
  const kind = tokenizerFile.safeParse(await readJson(folder, "tokenizer.json"));
  if (!kind.success)
    throw new Error(
      "its tokenizer does not cut words into WordPieces, as those of BERT and SciBERT do; which tokens are of the same word cannot be told from others",
    );
  await checkSize(join(folder, "tokenizer_config.json"));
  const tokenizer = await AutoTokenizer.from_pretrained(folder, { local_files_only: true });
  const pieces = new WordPieces(tokenizer, kind.data.model.continuing_subword_prefix);
  const { max_position_embeddings: positions } = read.data;
  const options: InferenceSession.SessionOptions = {
    executionProviders: [device],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
  };
  const model = await maskedLm(join(folder, "onnx", "model.onnx"), options, pieces.padding);
  const { special, unknown } = pieces;
  const about = { room: Math.min(positions, toldLimit(tokenizer)) - 2, special, unknown };
  await model.logProbabilities([tryOut(about)]);
  return {
    about,
    async answer(request: MaskedLmRequest): Promise<MaskedLmReply> {
      return "texts" in request
        ? { texts: request.texts.map((text) => pieces.of(text)) }
        : { logProbabilities: await model.logProbabilities(request.copies) };
    },
  };
}

/** Where a model counts positions from another number than 0, its tokenizer knows how many of them texts can have. */
function toldLimit({ model_max_length: told }: PreTrainedTokenizer): number {
  return typeof told === "number" && told > 2 ? told : Infinity;
}

/** As long as any that may come. */
function tryOut({ room, special: { start, end, mask } }: MaskedLmAbout): MaskedCopy {
  return { ids: Int32Array.from([start, ...Array<number>(room).fill(mask), end]), position: 1, token: mask };
}

async function maskedLm(
  file: string,
  options: InferenceSession.SessionOptions,
  padding: number,
): Promise<MaskedLm> {
  const { size } = await stat(file);
  const edited = size <= MOST_IN_MEMORY ? edit(await readFile(file)) : null;
  const session = await (edited
    ? InferenceSession.create(edited, options)
    : InferenceSession.create(file, options));
  if (!session.outputNames.includes("logits"))
    throw new Error(
      `it gives ${session.outputNames.join(", ")} and no logits: its head, which predicts masked tokens, is missing. Export it as a masked language model`,
    );
  const strange = session.inputNames.filter((name) => !INPUTS.has(name));
  if (strange.length > 0) throw new Error(`it asks for ${strange.join(", ")}, which is unknown`);
  return new MaskedLm(session, padding);
}

function edit(model: Buffer): Uint8Array | null {
  try {
    return withRows(model);
  } catch (error) {
    throw new Error("its onnx/model.onnx is damaged, or no ONNX file", { cause: error });
  }
}

const INPUTS = new Set(["input_ids", "attention_mask", "token_type_ids", POSITIONS]);

class MaskedLm {
  constructor(
    private readonly session: InferenceSession,
    private readonly padding: number,
  ) {}

  async logProbabilities(copies: readonly MaskedCopy[]): Promise<Float64Array> {
    const length = Math.max(...copies.map(({ ids }) => ids.length));
    const rows = copies.length;
    const ids = new BigInt64Array(rows * length).fill(BigInt(this.padding));
    const seen = new BigInt64Array(rows * length);
    const positions = new BigInt64Array(rows * 2);
    for (const [row, copy] of copies.entries()) {
      ids.set(BigInt64Array.from(copy.ids, BigInt), row * length);
      seen.fill(1n, row * length, row * length + copy.ids.length);
      positions.set([BigInt(row), BigInt(copy.position)], row * 2);
    }
    const feeds: Record<string, Tensor> = {
      input_ids: new Tensor("int64", ids, [rows, length]),
      attention_mask: new Tensor("int64", seen, [rows, length]),
      token_type_ids: new Tensor("int64", new BigInt64Array(rows * length), [rows, length]),
      [POSITIONS]: new Tensor("int64", positions, [rows, 2]),
    };
    const { inputNames } = this.session;
    const asked = Object.fromEntries(inputNames.map((name) => [name, feeds[name]!]));
    const { logits } = await this.session.run(asked, ["logits"]);
    return asksForRows(inputNames)
      ? logProbabilitiesOf(logits!, copies, (row) => row)
      : logProbabilitiesOf(logits!, copies, (row) => row * length + copies[row]!.position);
  }
}

const asksForRows = (inputNames: readonly string[]): boolean => inputNames.includes(POSITIONS);

/** @param place of a copy's logits among the vectors of the tensor */
function logProbabilitiesOf(
  logits: Tensor,
  copies: readonly MaskedCopy[],
  place: (row: number) => number,
): Float64Array {
  const size = logits.dims.at(-1)!;
  if (logits.type !== "float32") throw new Error(`it gives logits of type ${logits.type}, not float32`);
  const all = logits.data as Float32Array;
  return Float64Array.from(copies, ({ token }, row) => {
    const at = place(row) * size;
    const vector = all.subarray(at, at + size);
    if (vector.length !== size || token >= size)
      throw new Error(`it gives logits of the shape ${logits.dims.join(" × ")} for ${copies.length} copies`);
    return logSoftmaxAt(vector, token);
  });
}

/** In double precision: the sum goes over tens of thousands of tokens. */
function logSoftmaxAt(logits: Float32Array, token: number): number {
  let highest = -Infinity;
  for (const value of logits) if (value > highest) highest = value;
  let sum = 0;
  for (const value of logits) sum += Math.exp(value - highest);
  const result = logits[token]! - highest - Math.log(sum);
  if (!Number.isFinite(result)) throw new Error("it gives logits that are no numbers");
  return result;
}
