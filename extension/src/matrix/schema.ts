import type { MatrixView } from "figloom/views";
import * as z from "zod/mini";
import { caption, card, count, maybe, range, text } from "../common/schema.js";

const number = z.nullable(z.number());
const delta = z.object({ mean: number, interval: z.nullable(range), n: count, papers: count, note: maybe });
const column = z.object({
  name: text,
  about: text,
  prompt_hash: text,
  model: maybe,
  answers: count,
  failed: count,
  missing: count,
  means: z.record(text, number),
  deltas: z.nullable(z.record(text, delta)),
  agreement: number,
});
const reply = z.discriminatedUnion("state", [
  z.object({ state: z.literal("waiting") }),
  z.object({ state: z.literal("asking"), text }),
  z.object({ state: z.literal("answered"), caption, tokens: number, seconds: number }),
  z.object({ state: z.literal("failed"), message: text, wayOut: text }),
  z.object({ state: z.literal("unasked") }),
]);

export const matrixView: z.ZodMiniType<MatrixView> = z
  .object({
    title: text,
    note: text,
    against: text,
    seed: z.number(),
    dataset: maybe,
    trial: maybe,
    running: z.boolean(),
    columns: z.array(column),
    total: count,
    rows: z.array(z.object({ card, replies: z.array(z.array(reply)) })),
  })
  .check(z.refine(({ columns, rows }) => rows.every(({ replies }) => replies.length === columns.length)));
