import { EVERYTHING } from "figloom/views";
import type { DrawContext } from "../common/context.js";
import { __ } from "../common/words.js";
import { drawGallery } from "../gallery/gallery.js";

/** A view that a dataset's document can show. */
export interface DatasetView {
  /** Also the CSS class, as `figloom-<id>`. */
  id: string;
  label(): string;
  draw(
    dataset: { folder: string; name: string },
    node: HTMLElement,
    context: DrawContext,
  ): void | Promise<void>;
}

/** In the order of the toolbar; the first is shown first. */
export const DATASET_VIEWS: readonly DatasetView[] = [
  {
    id: "gallery",
    label: () => __("Gallery"),
    draw: ({ folder, name }, node, context) => {
      const live = { dataset: folder, query: EVERYTHING };
      drawGallery({ title: name, total: 0, cards: [], live }, node, context);
    },
  },
];
