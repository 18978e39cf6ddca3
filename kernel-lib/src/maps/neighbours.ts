import { setImmediate } from "node:timers/promises";

/** Each point's nearest others, nearest first. */
export interface Neighbours {
  indices: number[][];
  distances: number[][];
}

/** Points in one array, `dimensions` numbers each. */
export interface Points {
  values: Float32Array;
  dimensions: number;
}

/** Milliseconds for which other work of the process waits. */
const SLICE_MS = 30;

/** Says when it is time to let other work of the process go on. */
export function slices(signal: AbortSignal): () => Promise<void> | null {
  let since = performance.now();
  return () => {
    if (performance.now() - since < SLICE_MS) return null;
    return setImmediate().then(() => {
      signal.throwIfAborted();
      since = performance.now();
    });
  };
}

/**
 * Finds the nearest points of a query, itself among them where it is one of the points. Exact; as many steps as there are
 * numbers in `points`.
 */
export function nearest(
  points: Points,
  query: ArrayLike<number>,
  count: number,
): { index: number; distance: number }[] {
  const { values, dimensions } = points;
  const best: { index: number; distance: number }[] = [];
  let limit = Infinity;
  const n = values.length / dimensions;
  for (let index = 0; index < n; index++) {
    const start = index * dimensions;
    let sum = 0;
    for (let i = 0; i < dimensions; i++) {
      const difference = values[start + i]! - query[i]!;
      sum += difference * difference;
    }
    if (sum >= limit) continue;
    let at = best.length;
    while (at > 0 && best[at - 1]!.distance > sum) at--;
    best.splice(at, 0, { index, distance: sum });
    if (best.length > count) best.pop();
    if (best.length === count) limit = best[count - 1]!.distance;
  }
  return best.map(({ index, distance }) => ({ index, distance: Math.sqrt(distance) }));
}

/** All points' nearest neighbours, each point its own first. Exact, `n²` distances: seconds for 20,000 points. */
export async function allNeighbours(
  points: Points,
  count: number,
  signal: AbortSignal,
  onProgress: (done: number) => void,
): Promise<Neighbours> {
  const n = points.values.length / points.dimensions;
  const found: Neighbours = { indices: [], distances: [] };
  const pause = slices(signal);
  for (let i = 0; i < n; i++) {
    const query = points.values.subarray(i * points.dimensions, (i + 1) * points.dimensions);
    // Copies of a picture have distance 0, too: the point itself still comes first.
    const others = nearest(points, query, count).filter(({ index }) => index !== i);
    const row = [{ index: i, distance: 0 }, ...others].slice(0, count);
    found.indices.push(row.map(({ index }) => index));
    found.distances.push(row.map(({ distance }) => distance));
    onProgress(i + 1);
    await pause();
  }
  return found;
}
