import type { Measured, ScoreInput, Scorer } from "../scores/scorer.js";
import type { Stage } from "./stage.js";

/** Raised when the stage itself, not a scorer, would give other results. */
export const SCORE_VERSION = 1;

/** Measures captions. */
export function scoreStage<In extends ScoreInput>(scorer: Scorer): Stage<In, Measured> {
  return {
    name: "score",
    version: SCORE_VERSION,
    key: ({ figure, caption }) => `${figure.figure_id} ${scorer.metric} ${caption}`,
    run: (item, { signal }) => scorer.score(item, { signal }),
  };
}
