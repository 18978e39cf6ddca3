import type { HistogramView } from "figloom/views";
import * as z from "zod/mini";
import { count, live, maybe, numbers, range, text } from "../common/schema.js";

const number = z.nullable(z.number());
const interval = z.nullable(
  z.object({ low: z.number(), high: z.number(), papers: count, method: z.enum(["bootstrap", "normal"]) }),
);
const grid = z.object({
  origin: z.number(),
  first: z.number(),
  step: z.number().check(z.positive()),
  bins: count.check(z.minimum(1), z.maximum(100_000)),
  join: count.check(z.minimum(1), z.maximum(100_000)),
});
const series = z.object({
  name: text,
  n: count,
  missing: count,
  mean: number,
  sd: number,
  median: number,
  counts: numbers,
  column: z.optional(text),
  interval: z.optional(interval),
  box: z.optional(
    z.nullable(
      z.object({
        ...{ min: z.number(), q1: z.number(), q3: z.number(), max: z.number() },
        whiskers: range,
        outside: range,
      }),
    ),
  ),
  shift: z.optional(z.nullable(z.object({ from: text, mean: number, interval, n: count, note: maybe }))),
  fine: z.optional(z.object({ linear: z.optional(numbers), log: z.optional(numbers) })),
});

export const histogramView: z.ZodMiniType<HistogramView> = z
  .object({
    title: text,
    metric: text,
    axis: text,
    scale: z.enum(["linear", "log"]),
    edges: numbers,
    series: z.array(series),
    form: z.optional(z.enum(["histogram", "density", "cdf", "box"])),
    domain: z.optional(z.nullable(range)),
    grids: z.optional(z.nullable(z.object({ linear: z.optional(grid), log: z.optional(grid) }))),
    whole: z.optional(z.boolean()),
    panels: z.optional(
      z.nullable(
        z.object({
          by: text,
          label: text,
          list: z.array(z.object({ name: maybe, series: z.array(series) })),
          omitted: count,
        }),
      ),
    ),
    live: z.optional(live),
  })
  .check(z.refine(({ grids, scale }) => !grids || grids[scale] !== undefined));
