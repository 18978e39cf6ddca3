import { ConfigurationError } from "../errors.js";
import type { Features } from "../maps/features.js";
import { look } from "../maps/look.js";
import { makeMap } from "../maps/make.js";
import { vectorFeatures } from "../maps/vectors.js";
import type { MapMethod, MapRecord } from "../dataset/maps.js";
import { DatasetService } from "../service/dataset-service.js";
import { mapView, type MapViewOptions, type Places } from "../service/views/map.js";
import type { ColumnRef } from "../views/query.js";
import { showMap } from "./show.js";
import { count, duration, saying } from "./summary.js";
import { asking, doWork, type WorkOptions } from "./work.js";

/** How a map is laid out, and which figures it shows. */
export interface MapOptions extends WorkOptions, MapViewOptions {
  /** A number column for the horizontal axis, with `y`: `figure.width`, `score.support@raw`. @default a layout by `features` */
  x?: ColumnRef;
  /** A number column for the vertical axis. */
  y?: ColumnRef;
  /**
   * What the layout goes by: how pictures look, what a model sees in them (a metric that has left its vectors, such as
   * `clip`), or numbers of your own. @default "look"
   */
  features?: string | Features;
  /** @default "umap" for up to 20,000 figures, "pca" for more */
  method?: MapMethod;
  /** Of the sample and of UMAP. @default 1 */
  seed?: number;
  /** Lays all figures out anew. @default false: those that have a place keep it */
  again?: boolean;
}

/** Shows figures as points in two dimensions, see `Lab.map`. */
export async function map(folder: string, options: MapOptions = {}): Promise<void> {
  const places = await placesFor(folder, options);
  await showMap(await mapView(DatasetService.of(folder), places, options));
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

async function featuresOf(folder: string, asked: string | Features): Promise<Features> {
  if (typeof asked !== "string") return asked;
  return asked === "look" ? look : asking(folder, (reader) => vectorFeatures(reader, asked));
}

async function layOut(folder: string, options: MapOptions): Promise<MapRecord> {
  const { features = "look", method, seed, again } = options;
  const asked = { features: await featuresOf(folder, features), method, seed, again };
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
