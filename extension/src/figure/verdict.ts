import type { Verdict } from "figloom/views";
import { el } from "../common/dom.js";
import { __ } from "../common/words.js";

/** What a person decided, as a sign with its word. */
export function drawVerdict(verdict: Verdict): HTMLElement {
  const accepted = verdict === "accepted";
  return el(
    "span",
    { class: `figloom-chip figloom-verdict figloom-${accepted ? "accepted" : "rejected"}` },
    accepted ? `✓ ${__("accepted")}` : `✕ ${__("rejected")}`,
  );
}
