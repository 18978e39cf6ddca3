import { planGrid } from "../../views/bins.js";
import type { Grid } from "../../views/protocol.js";
import type { Figures } from "./figures.js";

/** Bins for each axis that there can be. */
export interface Grids {
  linear: Grid;
  log?: Grid;
}

/**
 * Narrow bins that all of these values share; on a logarithmic axis, too, where all lie above zero and some differ.
 * @param most bins on each axis
 */
export function plannedGrids(
  figures: readonly Figures[],
  domain: readonly [low: number, high: number] | null,
  most: number,
): { grids: Grids | null; whole: boolean } {
  const known = figures.filter(({ n }) => n > 0);
  if (known.length === 0) return { grids: null, whole: false };
  // Quartiles of the largest series: bins suit it best.
  const largest = known.reduce((most, one) => (one.n > most.n ? one : most));
  const extent = {
    n: largest.n,
    min: Math.min(...known.map(({ min }) => min!)),
    max: Math.max(...known.map(({ max }) => max!)),
    q1: largest.q1!,
    q3: largest.q3!,
    whole: known.every(({ whole }) => whole),
    domain,
  };
  const linear = planGrid(extent, "linear", most);
  const log = extent.min > 0 && extent.max > extent.min && !domain ? planGrid(extent, "log", most) : null;
  return { grids: log ? { linear, log } : { linear }, whole: extent.whole };
}
