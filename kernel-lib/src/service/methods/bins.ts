import { z } from "zod";
import { ConfigurationError } from "../../errors.js";
import { gridEdges, position } from "../../views/bins.js";
import type { DistributionMethods } from "../../views/dataset-service.js";
import { countBins } from "../distribution/counts.js";
import { figuresOf } from "../distribution/figures.js";
import { within } from "../distribution/groups.js";
import { plannedGrids } from "../distribution/grids.js";
import { numbers } from "../distribution/sql.js";
import * as ask from "../arguments.js";
import type { MethodsOf } from "../service.js";

const ASKED = ask.columnOfRows.extend({
  edges: z.array(z.number()).min(2).max(2001).optional(),
  scale: z.enum(["linear", "log"]),
  group: z.object({ column: z.string().max(300), value: z.string().max(10_000).nullable() }).optional(),
});

/** Bins without a wish for some: as many as fit a small plot. */
const BINS = 60;

/** Answers questions of views that draw distributions. One scan each: 15.5 million rows take 0.3 s on two cores. */
export const binMethods: MethodsOf<DistributionMethods> = (service) => ({
  async bins(argument) {
    const { query, source, column, scale, ...asked } = ask.checked(ASKED, argument);
    const frame = await service.frame();
    const value = await numbers(frame, column);
    const rows = await frame.condition({ query, source }, { selection: false });
    const where = asked.group
      ? `${rows} AND ${within(`(${await frame.column(asked.group.column)})::VARCHAR`, [asked.group.value])}`
      : rows;
    const others = await frame.condition({ query, source });
    const everybody = await frame.condition({ query, source: "" });

    const [count] = await frame.all<{ all: number; selected: number; none: number; kept: number }>(
      `SELECT count(*)::INTEGER AS "all", (count(*) FILTER (WHERE everybody))::INTEGER AS selected,
              (count(*) FILTER (WHERE v IS NULL))::INTEGER AS none,
              (count(*) FILTER (WHERE v IS NULL AND others))::INTEGER AS kept
       FROM (SELECT ${value} AS v, ${others} AS others, ${everybody} AS everybody FROM frame WHERE ${where})`,
    );
    const total = { all: count!.all, selected: count!.selected };
    const missing = { all: count!.none, selected: count!.kept };

    const edges = asked.edges ? even(asked.edges, scale) : await planned();
    if (edges.length === 0) return { edges, all: [], selected: [], missing, total };
    const counts = await countBins(frame, { value, where, selected: others, edges, scale: scale });
    const none = new Array<number>(edges.length - 1).fill(0);
    return { edges, all: none, selected: none, ...counts.get(null), missing, total };

    async function planned(): Promise<number[]> {
      const { grids } = plannedGrids(await figuresOf(frame, { value, where, group: "NULL" }), null, BINS);
      const grid = grids?.[scale];
      if (grids && !grid)
        throw new ConfigurationError("A logarithmic axis takes values above zero, of which some differ.");
      return grid ? gridEdges(grid, scale) : [];
    }
  },
});

/** @throws {ConfigurationError} for bins that are not equally wide: they are found by a division */
function even(edges: number[], scale: "linear" | "log"): number[] {
  const places = edges.map((edge) => position(edge, scale));
  const width = (places.at(-1)! - places[0]!) / (places.length - 1);
  const off = (place: number, i: number) =>
    Math.abs(place - places[0]! - i * width) > 1e-6 * width * places.length;
  if (!(width > 0) || !Number.isFinite(width) || places.some(off))
    throw new ConfigurationError("Bins are ascending and equally wide on their axis.");
  return edges;
}
