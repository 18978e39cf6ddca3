import { recordText, type MapRecord } from "../../dataset/maps.js";
import { densityOf } from "../../views/map-density.js";
import { NO_CLASS, type MapView } from "../../views/map.js";
import { EVERYTHING, type ColumnRef } from "../../views/query.js";
import { classesOf, noClasses } from "../points.js";
import type { Service } from "../service.js";

export interface MapViewOptions {
  /** A category, or a number in bins; `null` for one colour. @default "figure.discipline" */
  colour?: ColumnRef | null;
  /** An SQL condition over the figures' columns. */
  where?: string;
  title?: string;
}

/** Which columns the points lie by. */
export interface Places {
  x: ColumnRef;
  y: ColumnRef;
  /** Of a layout. */
  record: MapRecord | null;
}

const DEFAULT_COLOUR: ColumnRef = "figure.discipline";

/** What a map's output holds: how many figures lie where, and the query that the points are asked by. */
export async function mapView(
  service: Pick<Service, "folder" | "order">,
  { x, y, record }: Places,
  options: MapViewOptions = {},
): Promise<MapView> {
  const { where = null, colour = DEFAULT_COLOUR, title } = options;
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
    live: { dataset: service.folder, query },
  };
}

const axisLabel = ({ method }: MapRecord, axis: 1 | 2): string =>
  method === "umap" ? `UMAP ${axis}` : `principal component ${axis}`;
