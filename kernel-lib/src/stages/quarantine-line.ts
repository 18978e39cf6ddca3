import { errorText, ItemError } from "../errors.js";
import type { QuarantineLine } from "../model.js";

/** What the quarantine says about an error that an item's work ended with. */
export function quarantineLine(stage: string, item: string, file: string, error: unknown): QuarantineLine {
  if (error instanceof ItemError)
    return {
      stage,
      item,
      file,
      reason: error.reason,
      message: error.message,
      way_out: error.wayOut,
      raw: error.cause === undefined || error.cause === null ? null : errorText(error.cause),
    };
  return {
    stage,
    item,
    file,
    reason: "unexpected-error",
    message: `${item} of ${file} could not be worked on: ${errorText(error)}`,
    way_out: "This is a fault in figloom, not in the paper; please report it with this line.",
    raw: error instanceof Error ? (error.stack ?? null) : null,
  };
}
