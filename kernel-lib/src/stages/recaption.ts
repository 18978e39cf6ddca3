import type { CaptionInput, Captioner } from "../captions/captioner.js";
import type { Recaption } from "../model.js";
import type { Stage } from "./stage.js";

/** Raised when the stage itself, not a captioner, would give other results. */
export const RECAPTION_VERSION = 1;

/** Gives figures a new caption. */
export function recaptionStage<In extends CaptionInput>(captioner: Captioner): Stage<In, Recaption> {
  return {
    name: "recaption",
    version: RECAPTION_VERSION,
    key: ({ figure }) => figure.figure_id,
    run: (item, { signal }) => captioner.caption(item, { signal }),
  };
}
