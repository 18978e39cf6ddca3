import { allOf, gainOf, havingCaptions, type DiffView, type LiveQuery, type Query } from "figloom/views";
import { labCell, optionsLiteral } from "../common/code.js";

type Wanted = Pick<Query, "where" | "sort">;

/** A cell that shows the same captions compared again: of these figures, in this order. */
export function diffCode({ captions }: DiffView, { dataset }: LiveQuery, { where, sort }: Wanted): string {
  // Only figures that have the captions can be compared: a diff sees to that itself.
  const given = where === allOf(havingCaptions(captions)) ? null : where;
  const options = { captions, where: given ?? undefined, ...orderOf(sort) };
  return labCell(dataset, `diff(${optionsLiteral(options)})`);
}

/** A cell that shows one figure's captions compared again. */
export function figureDiffCode(view: DiffView, live: LiveQuery, figureId: string): string {
  return diffCode(view, live, { where: `figure_id = '${figureId.replaceAll("'", "''")}'`, sort: null });
}

/** Of the orders in a view a cell can ask for gains and losses. */
function orderOf(sort: Query["sort"]): { sort?: "gain" | "loss"; metric?: string } {
  const gain = sort && gainOf(sort.column);
  return gain ? { sort: sort.descending ? "gain" : "loss", metric: gain[0] } : {};
}
