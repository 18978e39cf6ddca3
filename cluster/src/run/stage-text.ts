import { scorerName, type StageSpec } from "figloom/stages";

/** A phase's stage in words, such that two phases of a run are told apart: `score clip`. */
export function stageText(spec: StageSpec): string {
  switch (spec.stage) {
    case "ocr":
      return "text on figures";
    case "score":
      return `score ${scorerName({ metric: spec.metric, spec: spec.scorer })}`;
    default:
      return spec.stage;
  }
}
