import type { GalleryView } from "figloom/views";
import { countText, integer } from "figloom/views";
import { figureCount } from "../common/count.js";
import { __ } from "../common/words.js";
import type { GalleryModel } from "./model.js";

/** What a gallery says of itself in words. */
export interface Status {
  /** How many figures it shows, beside its title. */
  count: string;
  /** Why it does not show what it should; empty where it does. */
  said: string;
  /** In the place of figures where there are none. */
  nothing: string;
}

export function statusOf(model: GalleryModel, view: GalleryView): Status {
  const { figures, live, query, choices, problem, about } = model;
  const narrowed = query.search.trim() !== "" || choices.length > 0;
  // A document's gallery holds no figures of its own.
  const unknown = !live && view.live != null && view.total === 0;
  const held = unknown ? "" : countText(view.cards.length, view.total, "figure");
  const selected = query.linked && (model.selection?.others.length ?? 0) > 0;
  const all = query.floats === "figure" && model.where === null ? about?.figures : undefined;
  const outOf = all !== undefined && all > figures.total;
  return {
    count: live
      ? outOf
        ? __("%1 of %2 figures", integer(figures.total), integer(all))
        : figureCount(figures.total)
      : narrowed && !unknown
        ? __("%1 match · %2", integer(figures.total), held)
        : held,
    said: problem ?? absence(model, view),
    nothing: unknown
      ? ""
      : selected
        ? __("The selection of the views leaves no figure here.")
        : narrowed
          ? __("No figure here matches.")
          : __("No figure matches. Widen the query, or ingest papers first."),
  };
}

function absence({ live, reachable }: GalleryModel, { cards, total, live: from }: GalleryView): string {
  if (!reachable && live)
    return __("The kernel does not answer. Start it to see figures that are not here yet.");
  if (!live && from && total === 0)
    return reachable
      ? __("Asking the kernel for the figures…")
      : __("No kernel answers. Start one to see the figures.");
  if (cards.length >= total) return "";
  if (!live && reachable) return __("Asking the kernel for the other figures…");
  if (reachable || !from) return "";
  return __(
    "No kernel: the first %1 of %2 figures are shown. Start it to see all.",
    integer(cards.length),
    integer(total),
  );
}
