import { z } from "zod";
import type { PointMethods, Rows } from "../../views/dataset-service.js";
import * as ask from "../arguments.js";
import { bitOf } from "../mask.js";
import { classesOf, noClasses } from "../points.js";
import type { MethodsOf, Ordered, Service } from "../service.js";
import { tilesAt } from "../tiles.js";

/** Points that travel at once: 17 MB as they travel, and as many as a page draws. */
const POINTS_LIMIT = 2_000_000;

const column = z.string().max(300);
const POINTS = z.object({
  query: ask.query,
  source: z.string().max(200),
  x: column,
  y: column,
  colour: column.nullable(),
});
const POINT = z.object({
  query: ask.query,
  source: z.string().max(200),
  point: z.number().int().min(0).max(POINTS_LIMIT),
});

/** Points of a map. A million take some 0.2 s once their columns are in memory, and 12 MB to travel. */
export const pointMethods: MethodsOf<PointMethods> = (service) => ({
  async points(argument) {
    const { x, y, colour, ...rows } = ask.checked(POINTS, argument);
    const { frame, positions, stride, total } = await pointsOf(service, rows);
    const [across, up] = [await frame.numbers(x), await frame.numbers(y)];
    const classes = colour === null ? noClasses(frame) : await classesOf(frame, colour);
    const count = positions.length;
    const xy = new DataView(new ArrayBuffer(8 * count));
    const colours = new Uint8Array(count);
    positions.forEach((position, i) => {
      xy.setFloat32(8 * i, across[position]!, true);
      xy.setFloat32(8 * i + 4, up[position]!, true);
      colours[i] = classes.of[position]!;
    });
    const { names, scale, rest } = classes;
    return {
      count,
      total,
      stride,
      xy: base64(xy),
      colour: base64(colours),
      colours: names,
      scale,
      rest,
    };
  },

  async selectedPoints(argument) {
    const rows = ask.checked(ask.rows, argument);
    const { frame, positions } = await pointsOf(service, rows);
    const left = await frame.rows(rows.query, service.clauses(rows));
    const bits = new Uint8Array(Math.ceil(positions.length / 8));
    positions.forEach((position, i) => {
      bits[i >> 3]! |= bitOf(left, position) << (i & 7);
    });
    return { count: positions.length, bits: base64(bits) };
  },

  async pointFigure(argument) {
    const { point, ...rows } = ask.checked(POINT, argument);
    const { frame, positions } = await pointsOf(service, rows);
    const [tile] = await tilesAt(service.folder, frame, positions.subarray(point, point + 1));
    return tile ?? null;
  },
});

/** The rows that are points: without sort and selection, and of very many only every so-manieth. */
async function pointsOf(
  service: Pick<Service, "order">,
  { query, source }: Rows,
): Promise<Ordered & { stride: number; total: number }> {
  const order = await service.order({ query: { ...query, sort: null, group: null, linked: false }, source });
  const total = order.positions.length;
  const stride = Math.max(1, Math.ceil(total / POINTS_LIMIT));
  if (stride === 1) return { ...order, stride, total };
  const positions = Int32Array.from(
    { length: Math.ceil(total / stride) },
    (_, i) => order.positions[i * stride]!,
  );
  return { ...order, positions, stride, total };
}

const base64 = ({ buffer, byteOffset, byteLength }: ArrayBufferView<ArrayBuffer>): string =>
  Buffer.from(buffer, byteOffset, byteLength).toString("base64");
