import { ConfigurationError } from "../errors.js";
import { kernelState, type SharedSelection } from "../kernel/state.js";
import type { Rows } from "../views/dataset-service.js";
import type { Clause, SelectionPart } from "../views/query.js";

/** Views that may take part in a selection at a time. */
const PARTS_LIMIT = 50;

/**
 * The selection that all views of a dataset share in this process, whichever bundle asks for it.
 * @param folder absolute
 */
export function selectionOf(folder: string): SharedSelection {
  let selection = kernelState.selections.get(folder);
  if (!selection) kernelState.selections.set(folder, (selection = { parts: [], listeners: new Set() }));
  return selection;
}

/**
 * Replaces what a view has in the selection, `null` takes it away; everybody who listens hears of it.
 * @throws {ConfigurationError} when too many views take part
 */
export function select(
  selection: SharedSelection,
  { source, label, clause }: { source: string; label: string; clause: Clause | null },
): readonly SelectionPart[] {
  const others = selection.parts.filter((part) => part.source !== source);
  if (clause === null && others.length === selection.parts.length) return selection.parts;
  if (clause !== null && others.length >= PARTS_LIMIT)
    throw new ConfigurationError(`The selection has ${PARTS_LIMIT} parts already; clear it first.`);
  return become(selection, clause === null ? others : [...others, { source, label, clause }]);
}

/** The clauses that narrow a view's rows: those of the others, where it is linked. */
export function clausesFor({ query, source }: Rows, parts: readonly SelectionPart[]): Clause[] {
  return query.linked ? parts.filter((part) => part.source !== source).map(({ clause }) => clause) : [];
}

/** Takes all away. */
export function clearSelection(selection: SharedSelection): readonly SelectionPart[] {
  return selection.parts.length === 0 ? selection.parts : become(selection, []);
}

function become(selection: SharedSelection, parts: SelectionPart[]): readonly SelectionPart[] {
  selection.parts = parts;
  for (const listener of selection.listeners) listener(parts);
  return parts;
}
