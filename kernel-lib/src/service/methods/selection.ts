import type { SelectionMethods } from "../../views/dataset-service.js";
import type { Clause, ColumnRef } from "../../views/query.js";
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
      for (const ref of part.clause ? columnsOf(part.clause) : []) frame.info(ref);
      return [...select(selection, part)];
    },
    selection: () => [...selection.parts],
    clearSelection: () => [...clearSelection(selection)],
  };
};

function columnsOf(clause: Clause): ColumnRef[] {
  switch (clause.kind) {
    case "range":
    case "values":
      return [clause.column];
    case "polygon":
      return [clause.x, clause.y];
    case "figures":
      return [];
  }
}
