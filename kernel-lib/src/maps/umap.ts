import { UMAP } from "umap-js";
import { generator } from "../statistics/random.js";
import { allNeighbours, nearest, slices, type Points } from "./neighbours.js";

/** Neighbours that a point is held by, and how closely points may lie together: McInnes et al. 2018, section 4.3. */
const NEIGHBOURS = 15;
const MIN_DISTANCE = 0.1;
/** Fewer points have no neighbourhoods to keep. */
export const UMAP_LEAST = 5;

/**
 * Lays points out in two dimensions so that neighbours stay neighbours (UMAP, McInnes et al. 2018). The same points and
 * seed give the same layout. Distances between far groups say nothing.
 *
 * About a minute for 20,000 points; other work of the process goes on meanwhile, and the signal ends it.
 * @returns x and y in turn
 */
export async function layOutUmap(
  points: Points,
  { seed, signal, onProgress }: { seed: number; signal: AbortSignal; onProgress: (share: number) => void },
): Promise<Float32Array> {
  const n = points.values.length / points.dimensions;
  const count = Math.min(NEIGHBOURS, n - 1);
  const { indices, distances } = await allNeighbours(points, count, signal, (done) =>
    onProgress((0.4 * done) / n),
  );
  const umap = new UMAP({
    nComponents: 2,
    nNeighbors: count,
    minDist: MIN_DISTANCE,
    random: generator(seed),
  });
  umap.setPrecomputedKNN(indices, distances);
  const rows = Array.from({ length: n }, (_, i) => [
    ...points.values.subarray(i * points.dimensions, (i + 1) * points.dimensions),
  ]);
  const epochs = umap.initializeFit(rows);
  const pause = slices(signal);
  for (let epoch = 0; epoch < epochs; epoch++) {
    umap.step();
    onProgress(0.4 + (0.6 * (epoch + 1)) / epochs);
    await pause();
  }
  return Float32Array.from(umap.getEmbedding().flat());
}

/** Neighbours that a point is placed between. */
const BETWEEN = 5;

/** Places a further point among points that are laid out: between its nearest five, the nearer the more. */
export function placeBetween(
  points: Points,
  layout: Float32Array,
  query: ArrayLike<number>,
): [number, number] {
  const around = nearest(points, query, BETWEEN);
  let [x, y, weights] = [0, 0, 0];
  for (const { index, distance } of around) {
    const weight = 1 / Math.max(distance, 1e-9);
    x += weight * layout[2 * index]!;
    y += weight * layout[2 * index + 1]!;
    weights += weight;
  }
  return [x / weights, y / weights];
}
