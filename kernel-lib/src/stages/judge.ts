import type { Judgement } from "../model.js";
import { judge, type Facts, type Wanted } from "../quality/judge.js";
import type { Stage } from "./stage.js";

/** Judges figures by what is known of them. */
export function judgeStage<In extends Facts>(wanted: Wanted): Stage<In, Judgement> {
  return {
    name: "judge",
    version: 1,
    key: ({ figure_id }) => figure_id,
    run: async (facts) => judge(facts, wanted),
  };
}
