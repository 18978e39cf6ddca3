import { z } from "zod";
import { ConfigurationError } from "../../errors.js";
import { gridEdges, position, type AxisScale } from "../../views/bins.js";
import type { DistributionMethods } from "../../views/dataset-service.js";
import * as ask from "../arguments.js";
import { rowsWithValue } from "../categories.js";
import { countBins } from "../distribution/counts.js";
import { figuresOf, type Figures } from "../distribution/figures.js";
import { plannedGrids } from "../distribution/grids.js";
import { commonRows, countRows } from "../mask.js";
import type { MethodsOf } from "../service.js";

const ASKED = ask.columnOfRows.extend({
  edges: z.array(z.number()).min(2).max(2001).optional(),
  scale: z.enum(["linear", "log"]),
  group: z.object({ column: z.string().max(300), value: z.string().max(10_000).nullable() }).optional(),
});

/** Bins without a wish for some: as many as fit a small plot. */
const BINS = 60;

/** Answers questions of views that draw distributions. After a brush over 15.5 million rows one has some 60 ms of work. */
export const binMethods: MethodsOf<DistributionMethods> = (service) => ({
  async bins(argument) {
    const { column, scale, edges: wanted, group, ...asked } = ask.checked(ASKED, argument);
    const frame = await service.frame();
    const values = await frame.numbers(column);
    const inQuery = await frame.rows(asked.query, []);
    const all = group
      ? commonRows(frame.size, [
          inQuery,
          await rowsWithValue(await frame.categories(group.column), [group.value]),
        ])
      : inQuery;
    const left = async (source: string) =>
      commonRows(frame.size, [
        all,
        await frame.rows(asked.query, service.clauses({ query: asked.query, source })),
      ]);
    const selected = await left(asked.source);
    const total = { all: countRows(all), selected: countRows(await left("")) };

    const edges = wanted ? even(wanted, scale) : planned(figuresOf(values, all), scale);
    if (edges.length === 0) {
      const missing = { all: total.all, selected: countRows(selected) };
      return { edges, all: [], selected: [], missing, total };
    }
    // A brush leaves these as they are.
    const about = JSON.stringify([asked.query, group, column, scale, edges]);
    const every = await frame.keep(`counts ${about}`, () => countBins(frame, column, all, edges, scale));
    const some = await countBins(frame, column, selected, edges, scale);
    return {
      edges,
      all: [...every.subarray(0, -1)],
      selected: [...some.subarray(0, -1)],
      missing: { all: every.at(-1)!, selected: some.at(-1)! },
      total,
    };
  },
});

/** @throws {ConfigurationError} when there is no such axis */
function planned(figures: Figures, scale: AxisScale): number[] {
  const { grids } = plannedGrids([figures], null, BINS);
  const grid = grids?.[scale];
  if (grids && !grid)
    throw new ConfigurationError("A logarithmic axis takes values above zero, of which some differ.");
  return grid ? gridEdges(grid, scale) : [];
}

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
