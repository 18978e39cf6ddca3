import type { StageSpec } from "figloom/stages";

/** Work that needs no model: the text on all figures by Tesseract, all captions of the extractive captioner, and their support. */
export const EXTRACTIVE = {
  ...{ stage: "recaption", ask: null, where: null, limit: null, retryFailed: false },
} as const satisfies StageSpec;
export const TEXTS = {
  ...{ stage: "ocr", reader: { kind: "tesseract" }, where: null, limit: null, retryFailed: false },
} as const satisfies StageSpec;
export const SUPPORT = {
  ...{ stage: "score", metric: "support", scorer: { kind: "support", options: {} } },
  ...{ variant: null, where: null, limit: null },
} as const satisfies StageSpec;
