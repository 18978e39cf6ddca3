import { KINDS, type ModelKind } from "../models/kinds.js";
import { listModels } from "../models/list.js";
import { commandFor } from "../models/missing.js";
import type { Finding } from "./finding.js";

/** What models of a kind are for, and the one that is got where there is none. */
const USES: Record<ModelKind, Pick<Finding, "name" | "adds"> & { usual: string }> = {
  clip: {
    name: "CLIP model",
    adds: "measures how well picture and caption fit (metric clip)",
    usual: "clip-b32",
  },
  "masked-lm": {
    name: "masked language model",
    adds: "measures how fluent captions are (metric pppl)",
    usual: "scibert",
  },
  ppocr: {
    name: "PP-OCR models",
    adds: "reads text on figures, slanted too (figloom ocr --reader ppocr); Tesseract reads without",
    usual: "ppocr-v4",
  },
};

/** Which models there are to score and read with; those of no use are told with what is wrong. */
export async function examineModels(env: NodeJS.ProcessEnv): Promise<Finding[]> {
  const models = await listModels(env);
  return (Object.keys(KINDS) as ModelKind[]).map((kind) => {
    const { name, adds, usual } = USES[kind];
    const there = models.filter((model) => model.kind === kind && model.state === "there");
    if (there.length > 0)
      return {
        name,
        state: "found",
        detail: there.map((model) => model.name).join(", "),
        adds,
        remedy: null,
      };
    const broken = models.find((model) => model.kind === kind && model.state === "broken");
    return {
      name,
      state: "missing",
      detail: broken?.problem ?? "not found",
      adds,
      remedy: commandFor(usual),
    };
  });
}
