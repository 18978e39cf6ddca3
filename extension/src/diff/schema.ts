import type { DiffView } from "figloom/views";
import * as z from "zod/mini";
import { card, count, live, text } from "../common/schema.js";

export const diffView: z.ZodMiniType<DiffView> = z.object({
  title: text,
  captions: z.array(text).check(z.minLength(2)),
  total: count,
  cards: z.array(card),
  live: z.optional(live),
});
