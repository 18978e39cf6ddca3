/** What a browser may ask, checked before it is used. */
import { z } from "zod";
import { ConfigurationError } from "../errors.js";
import type { Rows } from "../views/dataset-service.js";
import type { Clause, Query } from "../views/query.js";

const text = z.string().max(1_000);
const column = z.string().max(300);
const condition = z.string().max(20_000);
const source = z.string().max(200);
const row = z
  .number()
  .int()
  .min(0)
  .max(2 ** 31);
/** Rows that one question may be about, by what is asked of them. */
export const TILES_LIMIT = 500;
export const IDS_LIMIT = 10_000;
const CARDS_LIMIT = 50;
const CORNERS_LIMIT = 500;
const VALUES_LIMIT = 1_000;

export const figureId = text;

/** A folder's path as the kernel sees it. */
export const folder = z
  .string()
  .min(1)
  .max(4_000)
  .refine((path) => !path.includes("\0"), "a path has no such character");

export const query: z.ZodType<Query> = z.object({
  where: condition.nullable(),
  search: text,
  sort: z.object({ column, descending: z.boolean() }).nullable(),
  group: z.enum(["paper", "discipline", "kind"]).nullable(),
  floats: z.enum(["figure", "table", "both"]),
  linked: z.boolean(),
});

export const rows: z.ZodType<Rows> = z.object({ query, source });

export const clause: z.ZodType<Clause> = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("range"), column, from: z.number(), to: z.number() }),
  z.object({ kind: z.literal("values"), column, values: z.array(text.nullable()).max(VALUES_LIMIT) }),
  z.object({ kind: z.literal("figures"), figure_ids: z.array(figureId).max(IDS_LIMIT) }),
  z.object({
    kind: z.literal("polygon"),
    x: column,
    y: column,
    corners: z.array(z.tuple([z.number(), z.number()])).max(CORNERS_LIMIT),
  }),
]);

export const stretch = (most: number) =>
  z.object({ query, source, from: row, count: z.number().int().min(0).max(most) });
export const figureOfRows = z.object({ query, source, figure_id: figureId });
export const columnOfRows = z.object({ query, source, column });
export const figure = z.object({ figure_id: figureId });
export const figures = z.object({ figure_ids: z.array(figureId).max(CARDS_LIMIT) });
export const selecting = z.object({ source, label: text, clause: clause.nullable() });

/**
 * What was sent, when it is what it should be.
 * @throws {ConfigurationError} otherwise; it says what is wrong
 */
export function checked<T>(schema: z.ZodType<T>, sent: unknown): T {
  const { data, error } = schema.safeParse(sent);
  if (!error) return data;
  const [issue] = error.issues;
  const where = issue!.path.join(".");
  throw new ConfigurationError(`This cannot be asked: ${where ? `${where}: ` : ""}${issue!.message}.`);
}
