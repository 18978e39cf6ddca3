import type { GalleryView } from "figloom/views";
import * as z from "zod/mini";
import { card, count, live, text } from "../common/schema.js";

export const galleryView: z.ZodMiniType<GalleryView> = z.object({
  title: text,
  total: count,
  cards: z.array(card),
  live: z.optional(live),
});
