/** What a model is used for, and which files of it are read. The layout is that of transformers.js. */
export type ModelKind = "clip" | "masked-lm";

interface KindNeeds {
  /** What messages call a model of this kind. */
  called: string;
  /** `model_type`s of config.json that fit. */
  types: ReadonlySet<string>;
  /** Files that are read, below the model's folder. */
  files: readonly string[];
}

const TEXT_FILES = ["config.json", "tokenizer.json", "tokenizer_config.json"] as const;

export const KINDS: Readonly<Record<ModelKind, KindNeeds>> = {
  clip: {
    called: "a CLIP or SigLIP",
    types: new Set(["clip", "siglip", "siglip2"]),
    files: [...TEXT_FILES, "preprocessor_config.json", "onnx/text_model.onnx", "onnx/vision_model.onnx"],
  },
  "masked-lm": {
    called: "a masked language model",
    types: new Set([
      "albert",
      "bert",
      "camembert",
      "convbert",
      "deberta",
      "deberta-v2",
      "distilbert",
      "electra",
      "mobilebert",
      "modernbert",
      "mpnet",
      "roberta",
      "roformer",
      "squeezebert",
      "xlm-roberta",
    ]),
    files: [...TEXT_FILES, "onnx/model.onnx"],
  },
};

/** Weights that do not fit into the graph's own file (2 GB, protobuf's limit) stand beside it under such names. */
const EXTERNAL_DATA = /\.onnx_data(_\d{1,3})?$/;

/** The files of a model, out of all that its folder or repository has, that are read; sorted. */
export function filesOf(kind: ModelKind, paths: readonly string[]): string[] {
  const { files } = KINDS[kind];
  return paths
    .filter((path) => files.includes(path) || files.includes(path.replace(EXTERNAL_DATA, ".onnx")))
    .sort();
}

/** The kind that a `model_type` of config.json is of. */
export function kindOfType(type: string | null): ModelKind | null {
  const kinds = Object.keys(KINDS) as ModelKind[];
  return kinds.find((kind) => type !== null && KINDS[kind].types.has(type)) ?? null;
}

/** The files that must be there and are not. */
export function missingFiles(kind: ModelKind, paths: readonly string[]): string[] {
  return KINDS[kind].files.filter((file) => !paths.includes(file));
}

const SETTINGS =
  /^((added_tokens|config|preprocessor_config|special_tokens_map|tokenizer|tokenizer_config|vocab)\.json|(merges|vocab)\.txt|(sentencepiece\.bpe|spiece)\.model)$/;
const SAFE_WEIGHTS = /^model(-\d{5}-of-\d{5})?\.safetensors(\.index\.json)?$/;
const PICKLED_WEIGHTS = /^pytorch_model(-\d{5}-of-\d{5})?\.bin(\.index\.json)?$/;

/**
 * The files that a model is exported from, out of all that its repository has; none where it has no weights of PyTorch.
 * Of two formats the one is taken that can hold nothing but numbers.
 */
export function sourceFilesOf(paths: readonly string[]): string[] {
  const safe = paths.some((path) => SAFE_WEIGHTS.test(path));
  const weights = paths.filter((path) => (safe ? SAFE_WEIGHTS : PICKLED_WEIGHTS).test(path));
  return weights.length === 0 ? [] : [...paths.filter((path) => SETTINGS.test(path)), ...weights].sort();
}
