import { z } from "zod";
import { ConfigurationError } from "../errors.js";
import { clip } from "./clip/clip.js";
import { form } from "./form.js";
import { pppl } from "./pppl/pppl.js";
import { judge } from "./judge/judge.js";
import { renamed } from "./renamed.js";
import type { Scorer, ScorerSpec } from "./scorer.js";
import { support } from "./support.js";

const MODEL = z.string().min(1).max(4096);
const ADDRESS = z.string().min(1).max(4096);
const ADDRESSES = z.union([ADDRESS, z.array(ADDRESS).min(1)]);

/** The scorers that can be asked for by name: what options each takes beside `as`, and how it is made of them. */
const KINDS: Record<string, Kind> = {
  support: kind({}, () => support()),
  form: kind({}, () => form()),
  clip: kind({ model: MODEL.optional(), endpoints: ADDRESSES.optional() }, clip),
  judge: kind({ model: MODEL.optional(), endpoints: ADDRESSES.optional() }, judge),
  pppl: kind({ model: MODEL.optional() }, pppl),
};

/** A scorer, the name of one with its defaults, or what makes one anew. */
export type AskedScorer = string | ScorerSpec | Scorer;

/** @throws {ConfigurationError} for a name that no scorer has, or options that it does not take */
export function scorerOf(asked: AskedScorer): Scorer {
  if (typeof asked === "object" && "score" in asked) return asked;
  const { kind, options } = typeof asked === "string" ? { kind: asked, options: {} } : asked;
  const make = Object.hasOwn(KINDS, kind) ? KINDS[kind] : undefined;
  if (make) return make(kind, options);
  throw new ConfigurationError(`There is no metric "${kind}"; there is: ${Object.keys(KINDS).join(", ")}.`);
}

type Kind = (name: string, options: ScorerSpec["options"]) => Scorer;

/** The name of a metric, which is also that of a folder. */
const NAME = z.string().regex(/^[a-z\d][a-z\d._-]{0,63}$/i, "a name has letters, digits, dots and dashes");

function kind<Shape extends z.ZodRawShape>(
  shape: Shape,
  make: (options: z.output<z.ZodObject<Shape>>) => Scorer,
): Kind {
  const schema = z.object(shape);
  return (name, { as, ...options }) => {
    const strange = Object.keys(options).find((option) => !Object.hasOwn(shape, option));
    if (strange !== undefined)
      throw new ConfigurationError(
        `"${name}" has no option "${strange}"; it has: ${[...Object.keys(shape), "as"].join(", ")}.`,
      );
    const made = make(checked(name, schema, options));
    return renamed(made, checked(name, z.object({ as: NAME.optional() }), { as }).as);
  };
}

function checked<T>(name: string, schema: z.ZodType<T>, options: object): T {
  const { data, error } = schema.safeParse(options);
  if (!error) return data;
  const [{ path, message }] = error.issues as [z.core.$ZodIssue];
  throw new ConfigurationError(`The option "${path.join(".")}" of "${name}" is not right: ${message}.`);
}
