import type { LiveQuery, MapView } from "figloom/views";
import { labCell, optionsLiteral } from "../common/code.js";

/** What a map lies by that is asked for without saying so. */
const LOOK = "map.look.x";

/** A cell that shows the map again, in the colours that it has now. */
export function mapCode(
  { x, y, how }: MapView,
  { dataset, query }: LiveQuery,
  colour: string | null,
): string {
  const places = how !== null && x.column === LOOK ? {} : { x: x.column, y: y.column };
  const options = optionsLiteral({ ...places, colour, where: query.where ?? undefined });
  return labCell(dataset, `map(${options})`);
}
