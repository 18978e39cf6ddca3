import { MOST_CLASSES, type MapView } from "figloom/views";
import * as z from "zod/mini";
import { count, live, maybe, range, text } from "../common/schema.js";

const MOST_CELLS = 1_000_000;

const base64 = text.check(z.regex(/^[A-Za-z0-9+/]*=*$/));
const bytesIn = (encoded: string): number => Math.floor((encoded.replace(/=+$/, "").length * 3) / 4);
const rising = range.check(z.refine(([low, high]) => low < high));
const axis = z.object({ column: text, label: text });
const density = z
  .object({ columns: count, rows: count, x: rising, y: rising, counts: base64, classes: base64 })
  .check(
    z.refine(({ columns, rows, counts, classes }) => {
      const cells = columns * rows;
      return cells <= MOST_CELLS && bytesIn(counts) === 2 * cells && bytesIn(classes) === cells;
    }),
  );

export const mapView: z.ZodMiniType<MapView> = z.object({
  title: text,
  how: maybe,
  x: axis,
  y: axis,
  colour: z.nullable(
    z.object({
      column: text,
      label: text,
      scale: z.enum(["category", "number"]),
      rest: z.nullable(count),
    }),
  ),
  classes: z.array(z.object({ name: text, count })).check(z.maxLength(MOST_CLASSES)),
  placed: count,
  without: count,
  density: z.nullable(density),
  live,
});
