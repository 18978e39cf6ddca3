import type { Reader } from "../dataset/query.js";
import type { Points } from "./neighbours.js";
import { Covariance, project, type Projection } from "./pca.js";
import type { MapMethod, MapRecord } from "../dataset/maps.js";

/** What UMAP sees: the features' first principal components, which leave the noise out and make it fast. */
const COMPONENTS = 24;

/** A layout that further figures can be placed in. */
export interface Layout {
  method: MapMethod;
  projection: MapRecord["projection"];
  variance: number | null;
  placeOf(vector: Float32Array): [x: number, y: number];
  componentsOf(vector: Float32Array): Float32Array;
}

/** A layout with the places of what it was worked out from: x and y in turn. */
export interface FittedLayout extends Layout {
  places: Float32Array;
}

export interface FitOptions {
  method: MapMethod;
  seed: number;
  signal: AbortSignal;
  onProgress?: (share: number) => void;
}

/**
 * Lays vectors out in two dimensions: by their first two principal components, or by UMAP of the first 24. Too few
 * vectors for UMAP are laid out by their components. The same vectors in the same order, and the same seed, give the
 * same layout.
 * @param vectors at least one
 */
export async function fitLayout(
  vectors: readonly Float32Array[],
  { method, seed, signal, onProgress = () => undefined }: FitOptions,
): Promise<FittedLayout> {
  const { layOutUmap, placeBetween, slices, UMAP_LEAST } = await tools();
  const covariance = new Covariance(vectors[0]!.length);
  const pause = slices(signal);
  for (const vector of vectors) {
    covariance.add(vector);
    await pause();
  }
  const wanted = method === "umap" && vectors.length >= UMAP_LEAST ? COMPONENTS : 2;
  const projection = covariance.components(wanted);
  const { mean, axes } = projection;
  const kept = { mean, axes };
  const componentsOf = (vector: Float32Array) => project(kept, vector);
  if (wanted === 2) {
    const places = new Float32Array(2 * vectors.length);
    vectors.forEach((vector, i) => places.set(placeOn(kept, vector), 2 * i));
    const placeOf = (vector: Float32Array) => placeOn(kept, vector);
    return { method: "pca", projection: kept, variance: shareOf(projection), placeOf, componentsOf, places };
  }
  const dimensions = axes.length;
  const points: Points = { values: new Float32Array(dimensions * vectors.length), dimensions };
  for (const [i, vector] of vectors.entries()) {
    points.values.set(componentsOf(vector), dimensions * i);
    await pause();
  }
  const places = await layOutUmap(points, { seed, signal, onProgress });
  const placeOf = (vector: Float32Array) => placeBetween(points, places, componentsOf(vector));
  return { method: "umap", projection: kept, variance: null, placeOf, componentsOf, places };
}

/** The layout of a kept map, from its record and its rows. */
export async function keptLayout(reader: Reader, record: MapRecord): Promise<Layout> {
  const { method, projection, variance, name } = record;
  const componentsOf = (vector: Float32Array) => project(projection, vector);
  if (method === "pca")
    return { method, projection, variance, componentsOf, placeOf: (vector) => placeOn(projection, vector) };
  const { placeBetween } = await tools();
  const dimensions = projection.axes.length;
  const [values, places]: [number[], number[]] = [[], []];
  const rows = reader.rows<{ x: number; y: number; components: number[] }>(
    "SELECT x, y, components FROM maps WHERE map = $1 AND len(components) = $2::INTEGER AND x IS NOT NULL AND y IS NOT NULL",
    [name, dimensions],
  );
  for await (const { x, y, components } of rows) {
    values.push(...components);
    places.push(x, y);
  }
  const points = { values: Float32Array.from(values), dimensions };
  const layout = Float32Array.from(places);
  const placeOf = (vector: Float32Array) => placeBetween(points, layout, componentsOf(vector));
  return { method, projection, variance, componentsOf, placeOf };
}

/** Loaded only when a map is made. */
async function tools() {
  const [umap, neighbours] = await Promise.all([import("./umap.js"), import("./neighbours.js")]);
  return { ...umap, ...neighbours };
}

/** Data of one dimension lie on a line. */
function placeOn(projection: Pick<Projection, "mean" | "axes">, vector: Float32Array): [number, number] {
  const [x = 0, y = 0] = project(projection, vector);
  return [x, y];
}

function shareOf({ variances, total }: Projection): number | null {
  const [x = 0, y = 0] = variances;
  return total > 0 ? (x + y) / total : null;
}
