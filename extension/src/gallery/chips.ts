import { drawChip } from "../common/chip.js";
import { choiceText } from "./facets.js";
import type { GalleryModel } from "./model.js";

/** What narrows the figures in this gallery alone, each with a way out: the condition and the choices. */
export function drawChips(model: GalleryModel, onEdit: () => void): HTMLElement[] {
  const { where, choices } = model;
  const condition =
    where === null
      ? []
      : [
          drawChip(where, {
            onRemove: () => void model.change({ where: null }),
            onEdit,
            className: "figloom-sql",
          }),
        ];
  const chosen = choices.map((choice) =>
    drawChip(choiceText(choice), {
      onRemove: () => void model.change({ choices: model.choices.filter((other) => other !== choice) }),
    }),
  );
  return [...condition, ...chosen];
}
