import type { LiveQuery } from "figloom/views";
import type { DatasetLink } from "../common/context.js";
import { figureCode } from "./code.js";
import type { LightboxOptions } from "./lightbox.js";
import type { Marks } from "./marks.js";

/** What a lightbox offers on figures of a dataset, as far as there is a kernel: the same in all views. */
export function datasetOptions(
  live: LiveQuery | null | undefined,
  link: DatasetLink | null,
  marks: Marks,
): Omit<LightboxOptions, "onClose"> {
  const reference = live ? (id: string) => figureCode(live.dataset, id) : null;
  if (!link || link.state === "gone") return { reference };
  return {
    reference,
    review: marks.forLightbox(),
    duplicates: (figure_id) => link.ask("duplicates", { figure_id }),
    cards: (figure_ids) => link.ask("cards", { figure_ids }),
    picture: (figure_id) => link.ask("picture", { figure_id }),
  };
}
