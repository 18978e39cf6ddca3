import { z } from "zod";
import { ConfigurationError } from "../../errors.js";

/** A JSON schema, as servers take it. */
export type JsonSchema = Record<string, unknown>;

/**
 * What a structured answer holds where a prompt says nothing else. Evidence first: a model writes the caption with
 * what it has just read off the picture before it.
 */
const CAPTION_ANSWER = z.strictObject({
  visual_elements: z
    .array(z.string())
    .max(24)
    .describe("What can be seen: kind of figure, axes with units, series, symbols, regions, panels"),
  numbers: z
    .array(
      z.strictObject({
        value: z.string().describe("The number with its unit, as it stands there"),
        what: z.string().describe("What it is the value of"),
        source: z.enum(["picture", "caption", "text"]).describe("Where it was read"),
      }),
    )
    .max(24)
    .describe("Every number that the caption uses"),
  caption: z.string().describe("The new caption"),
});

/** The built-in schema. */
export function defaultSchema(): JsonSchema {
  const schema: JsonSchema = z.toJSONSchema(CAPTION_ANSWER);
  delete schema.$schema;
  return schema;
}

/**
 * Checks an author's own schema: an object with a string `caption` that is required, in keywords that answers can be
 * checked by.
 * @throws {ConfigurationError} names the file and what is missing
 */
export function checkSchema(file: string, schema: JsonSchema): JsonSchema {
  const { type, properties, required } = schema;
  const caption = (properties as Record<string, { type?: unknown }> | undefined)?.caption;
  const lack =
    type !== "object"
      ? 'is no "type: object"'
      : caption?.type !== "string"
        ? "has no property caption of type string"
        : !Array.isArray(required) || !required.includes("caption")
          ? "does not list caption under required"
          : null;
  if (lack)
    throw new ConfigurationError(
      `${file}: schema ${lack}: an answer must be an object with a string "caption", which is the new caption`,
    );
  try {
    checker(schema);
  } catch (error) {
    throw new ConfigurationError(
      `${file}: answers cannot be checked by this schema (${error instanceof Error ? error.message : String(error)}): use simpler keywords`,
    );
  }
  return schema;
}

const checkers = new WeakMap<object, z.ZodType>();

/** A check of answers by a schema, made once. */
export function checker(schema: JsonSchema): z.ZodType {
  let made = checkers.get(schema);
  if (!made) {
    // What an author wrote is passed on as JSON, so that nothing but JSON counts.
    made = z.fromJSONSchema(JSON.parse(JSON.stringify(schema)));
    checkers.set(schema, made);
  }
  return made;
}
