/** What a model is used for, and which files of it are read. But for PP-OCR, the layout is that of transformers.js. */
export type ModelKind = "clip" | "masked-lm" | "ppocr";

interface KindNeeds {
  /** What messages call a model of this kind. */
  called: string;
  /** `model_type`s of config.json that fit; none where the files tell. */
  types: ReadonlySet<string>;
  /** Files that are read, below the model's folder. */
  files: readonly (string | NamedAlike)[];
}

/** A file whose name is its maker's. */
interface NamedAlike {
  called: string;
  pattern: RegExp;
  /** Whether a model may do without. */
  optional?: true;
}

const TEXT_FILES = ["config.json", "tokenizer.json", "tokenizer_config.json"] as const;

/** `ch_PP-OCRv4_det_infer.onnx`, or `det/inference.onnx` as PaddlePaddle's own repositories have it; and so on. */
const PPOCR_FILES = {
  detector: {
    called: "a detector (…det….onnx)",
    pattern: /^(det\/[^/]+|([^/]*[_.-])?det(ection)?([_.-][^/]*)?)\.onnx$/i,
  },
  recogniser: {
    called: "a recogniser (…rec….onnx)",
    pattern: /^(rec\/[^/]+|([^/]*[_.-])?rec(ognition)?([_.-][^/]*)?)\.onnx$/i,
  },
  characters: {
    called: "a list of characters",
    pattern:
      /^((rec\/)?[^/]*(dict|keys)[^/]*\.txt|(rec\/[^/]+|([^/]*[_.-])?rec(ognition)?([_.-][^/]*)?)\.ya?ml)$/i,
    optional: true,
  },
} as const satisfies Record<string, NamedAlike>;

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
  ppocr: {
    called: "a pair of PP-OCR's models",
    types: new Set(),
    files: [PPOCR_FILES.detector, PPOCR_FILES.recogniser, PPOCR_FILES.characters],
  },
};

/** Weights that do not fit into the graph's own file (2 GB, protobuf's limit) stand beside it under such names. */
const EXTERNAL_DATA = /\.onnx_data(_\d{1,3})?$/;

/** The files of a model, out of all that its folder or repository has, that are read; sorted. */
export function filesOf(kind: ModelKind, paths: readonly string[]): string[] {
  const { files } = KINDS[kind];
  const isRead = (path: string) => files.some((file) => isNamed(path, file));
  return paths.filter((path) => isRead(path) || isRead(path.replace(EXTERNAL_DATA, ".onnx"))).sort();
}

const isNamed = (path: string, file: string | NamedAlike): boolean =>
  typeof file === "string" ? path === file : file.pattern.test(path);

/** The kind that a `model_type` of config.json is of. */
export function kindOfType(type: string | null): ModelKind | null {
  const kinds = Object.keys(KINDS) as ModelKind[];
  return kinds.find((kind) => type !== null && KINDS[kind].types.has(type)) ?? null;
}

/** The kind that a folder with these files is of, whose config.json names this `model_type`, or none. */
export function kindOfModel(type: string | null, paths: readonly string[]): ModelKind | null {
  return kindOfType(type) ?? (missingFiles("ppocr", paths).length === 0 ? "ppocr" : null);
}

/** The files that must be there and are not. */
export function missingFiles(kind: ModelKind, paths: readonly string[]): string[] {
  return KINDS[kind].files.flatMap((file) => {
    if (paths.some((path) => isNamed(path, file))) return [];
    if (typeof file === "string") return [file];
    return file.optional ? [] : [file.called];
  });
}

/** PP-OCR's files, by what they are for. */
export interface PpocrFiles {
  detector: string;
  recogniser: string;
  /** `null` where the recogniser's graph has to tell its characters. */
  characters: string | null;
}

/** @throws {Error} in words, where one is missing, or there are several of one */
export function ppocrFiles(paths: readonly string[]): PpocrFiles {
  const only = ({ called, pattern }: NamedAlike): string | null => {
    const [first = null, ...others] = paths.filter((path) => pattern.test(path));
    if (others.length === 0) return first;
    throw new Error(`it has several of ${called}: ${[first, ...others].join(", ")}. Leave one of them`);
  };
  const { detector, recogniser, characters } = PPOCR_FILES;
  const missing = missingFiles("ppocr", paths);
  if (missing.length > 0) throw new Error(`it lacks ${missing.join(" and ")}`);
  return { detector: only(detector)!, recogniser: only(recogniser)!, characters: only(characters) };
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
