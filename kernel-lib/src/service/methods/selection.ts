import type { SelectionMethods } from "../../views/dataset-service.js";
import * as ask from "../arguments.js";
import { clearSelection, select, selectionOf } from "../selection.js";
import type { MethodsOf } from "../service.js";

/** The selection that the dataset's views share. */
export const selectionMethods: MethodsOf<SelectionMethods> = (service) => {
  const selection = selectionOf(service.folder);
  return {
    async select(argument) {
      const part = ask.checked(ask.selecting, argument);
      const frame = await service.frame();
      if (part.clause?.kind === "polygon")
        await Promise.all([frame.column(part.clause.x), frame.column(part.clause.y)]);
      else if (part.clause && part.clause.kind !== "figures") await frame.column(part.clause.column);
      return [...select(selection, part)];
    },
    selection: () => [...selection.parts],
    clearSelection: () => [...clearSelection(selection)],
  };
};
