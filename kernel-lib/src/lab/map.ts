import { ConfigurationError } from "../errors.js";
import type { Features } from "../maps/features.js";
import { look } from "../maps/look.js";
import { makeMap } from "../maps/make.js";
import { recordText, type MapMethod, type MapRecord } from "../maps/record.js";
import { DatasetService } from "../service/dataset-service.js";
import { classesOf, noClasses } from "../service/points.js";
import { densityOf } from "../views/map-density.js";
import { NO_CLASS, type MapView } from "../views/map.js";
import { EVERYTHING, type ColumnRef } from "../views/query.js";
import { showMap } from "../views/show.js";
import { count, duration, saying } from "./summary.js";
import { doWork, type WorkOptions } from "./work.js";

export interface MapOptions extends WorkOptions {
  /** A number column for the horizontal axis, with `y`: `figure.width`, `score.support@raw`. @default a layout by `features` */
  x?: ColumnRef;
  /** A number column for the vertical axis. */
  y?: ColumnRef;
  /** What the layout goes by: how pictures look, or numbers of your own. @default "look" */
  features?: "look" | Features;
  /** @default "umap" for up to 20,000 figures, "pca" for more */
  method?: MapMethod;
  /** Of the sample and of UMAP. @default 1 */
  seed?: number;
  /** Lays all figures out anew. @default false: those that have a place keep it */
  again?: boolean;
  /** A category, or a number in bins; `null` for one colour. @default "figure.discipline" */
  colour?: ColumnRef | null;
  /** An SQL condition over the figures' columns. */
  where?: string;
  title?: string;
}

/** Which columns the points lie by. */
interface Places {
  x: ColumnRef;
  y: ColumnRef;
  /** Of a layout. */
  record: MapRecord | null;
}

const DEFAULT_COLOUR: ColumnRef = "figure.discipline";

/** Shows figures as points in two dimensions, see `Lab.map`. */
export async function map(folder: string, options: MapOptions = {}): Promise<void> {
  const places = await placesFor(folder, options);
  await showMap(await mapView(folder, places, options));
}

async function placesFor(folder: string, options: MapOptions): Promise<Places> {
  const { x, y } = options;
  if (x !== undefined && y !== undefined) return { x, y, record: null };
  if (x !== undefined || y !== undefined)
    throw new ConfigurationError(
      "A map by columns has two of them: give both x and y, or neither for a layout.",
    );
  const record = await layOut(folder, options);
  return { x: `map.${record.name}.x`, y: `map.${record.name}.y`, record };
}

async function layOut(folder: string, options: MapOptions): Promise<MapRecord> {
  const { features = "look", method, seed, again } = options;
  const asked = { features: features === "look" ? look : features, method, seed, again };
  const about = {
    verb: "map",
    title: `map by ${asked.features.name}`,
    dataset: folder,
    why: "await lab.quarantine()",
    cancelled: "Cancelled. A map is kept only when it is finished: the same call starts it anew.",
  };
  const { record } = await doWork(
    options,
    async ({ signal, onProgress }) => {
      const started = performance.now();
      const made = await makeMap(folder, { ...asked, signal, onProgress });
      const took = duration((performance.now() - started) / 1000);
      const { fitted, placed, without, name } = made.record;
      const text =
        made.placed === 0
          ? `Map "${name}" of ${count(fitted + placed, "figure")}, as it was made before`
          : `Map "${name}": ${count(made.placed, "figure")} placed in ${took}${without > 0 ? `, ${without.toLocaleString("en")} without a place` : ""}`;
      return saying({ ...made, quarantined: 0 }, text);
    },
    about,
  );
  return record;
}

/** What a map's output holds: how many figures lie where, and the query that the points are asked by. */
async function mapView(folder: string, { x, y, record }: Places, options: MapOptions): Promise<MapView> {
  const { where = null, colour = DEFAULT_COLOUR, title } = options;
  const service = DatasetService.of(folder);
  const query = { ...EVERYTHING, where };
  const { frame, positions } = await service.order({ query: { ...query, linked: false }, source: "" });
  const [xs, ys] = [await frame.numbers(x), await frame.numbers(y)];
  const classes = colour === null ? noClasses(frame) : await classesOf(frame, colour);

  const across = Float32Array.from(positions, (position) => xs[position]!);
  const up = Float32Array.from(positions, (position) => ys[position]!);
  const kinds = Uint8Array.from(positions, (position) => classes.of[position]!);
  const counts = new Array<number>(classes.names.length).fill(0);
  let placed = 0;
  kinds.forEach((kind, i) => {
    if (!Number.isFinite(across[i]!) || !Number.isFinite(up[i]!)) return;
    placed++;
    if (kind !== NO_CLASS) counts[kind]! += 1;
  });
  const label = (ref: ColumnRef) => frame.info(ref).label;
  return {
    title: title ?? (record ? `Map by ${record.features.name}` : `${label(y)} over ${label(x)}`),
    how: record && recordText(record),
    x: { column: x, label: record ? axisLabel(record, 1) : label(x) },
    y: { column: y, label: record ? axisLabel(record, 2) : label(y) },
    colour:
      colour === null
        ? null
        : { column: colour, label: label(colour), scale: classes.scale, rest: classes.rest },
    classes: classes.names.map((name, i) => ({ name, count: counts[i]! })),
    placed,
    without: positions.length - placed,
    density: densityOf(across, up, kinds),
    live: { dataset: folder, query },
  };
}

const axisLabel = ({ method }: MapRecord, axis: 1 | 2): string =>
  method === "umap" ? `UMAP ${axis}` : `principal component ${axis}`;
