/** What the views' data is made of. Outputs come with notebooks from anywhere: what is drawn is checked first. */
import type { CaptionText, FigureCard, LiveQuery, Span } from "figloom/views";
import * as z from "zod/mini";

// Without this, zod tries whether the page may run code that is made from text.
z.config({ jitless: true });

export const text = z.string();
export const maybe = z.nullable(text);
export const count = z.number().check(z.int(), z.minimum(0));
/** Milliseconds since 1970, as far as dates go. */
export const time = z.number().check(z.minimum(0), z.maximum(8.64e15));
export const numbers = z.array(z.number());
export const range = z.tuple([z.number(), z.number()]);

const span: z.ZodMiniType<Span> = range;
const scores = z.record(text, z.nullable(z.number()));

export const caption: z.ZodMiniType<CaptionText> = z.object({
  name: text,
  text,
  unsupported: z.array(z.object({ span, reason: text })),
  scores,
  made: z.optional(
    z.object({
      captioner: text,
      prompt_id: maybe,
      prompt_hash: maybe,
      model: maybe,
      prompt_tokens: z.nullable(count),
      completion_tokens: z.nullable(count),
    }),
  ),
});

export const card: z.ZodMiniType<FigureCard> = z.object({
  figure_id: text,
  paper_id: text,
  paper_title: maybe,
  discipline: maybe,
  float: z.enum(["figure", "table"]),
  number: maybe,
  label: maybe,
  picture: z.object({
    thumb: maybe,
    path: maybe,
    width: z.nullable(count),
    height: z.nullable(count),
    missing: maybe,
  }),
  captions: z.array(caption).check(z.minLength(1)),
  panels: z.array(z.object({ number: maybe, caption: text })),
  contexts: z.array(z.object({ text, section: maybe, sentences: z.array(span) })),
  figure_text: z.optional(z.nullable(z.object({ text, reader: text }))),
  flags: z.array(z.object({ name: text, reason: text })),
  provenance: text,
  verdict: z.optional(z.nullable(z.enum(["accepted", "rejected"]))),
  tags: z.optional(z.array(text)),
  measurements: z.optional(z.record(text, z.number())),
});

const query = z.object({
  where: maybe,
  search: text,
  sort: z.nullable(z.object({ column: text, descending: z.boolean() })),
  group: z.nullable(z.enum(["paper", "discipline", "kind"])),
  floats: z.enum(["figure", "table", "both"]),
  linked: z.boolean(),
});
export const live: z.ZodMiniType<LiveQuery | null> = z.nullable(z.object({ dataset: text, query }));

/**
 * The first place of a view's data that is not what it should be, `null` where all is.
 * @returns as in `cards.3.captions`, empty for the whole
 */
export function misfit(schema: z.ZodMiniType, view: unknown): string | null {
  const { error } = schema.safeParse(view);
  return error ? error.issues[0]!.path.join(".") : null;
}
