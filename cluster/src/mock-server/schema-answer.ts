/**
 * JSON that fits a schema: objects, arrays, strings, numbers, booleans, `enum`, `const`, `anyOf`, local `$ref`.
 * Patterns and formats are not looked at.
 */

type Schema = Record<string, unknown>;

export interface Words {
  /** For a property called `caption`, and for a string without a name. */
  caption: string;
  /** Others take the beginnings of these in turn. */
  sentences: readonly string[];
  numbers: readonly number[];
}

const MAX_DEPTH = 12;
/** Words of a string that is no caption: such a property mostly wants a name. */
const MAX_WORDS = 4;

export function schemaAnswer(schema: object, words: Words): string {
  let at = 0;
  const name = () => {
    const sentence = words.sentences[at++ % Math.max(1, words.sentences.length)] ?? "";
    return sentence.split(" ").slice(0, MAX_WORDS).join(" ");
  };
  const figure = () => words.numbers[at++ % Math.max(1, words.numbers.length)] ?? 1;

  function fill(given: unknown, property: string, depth: number): unknown {
    const found = resolved(given, schema as Schema);
    if (found.const !== undefined) return found.const;
    if (Array.isArray(found.enum)) return found.enum[0];
    const choice = [found.anyOf, found.oneOf].find(Array.isArray) as unknown[] | undefined;
    if (choice !== undefined && depth < MAX_DEPTH) return fill(choice[0], property, depth + 1);
    switch (typeOf(found)) {
      case "object":
        return object(found, depth);
      case "array": {
        const least = numberOr(found.minItems, 0);
        const count = depth >= MAX_DEPTH ? 0 : Math.min(numberOr(found.maxItems, 2), Math.max(least, 2));
        return Array.from({ length: count }, () => fill(found.items ?? {}, property, depth + 1));
      }
      case "integer":
        return bounded(Math.round(figure()), found, Math.ceil, Math.floor);
      case "number":
        return bounded(
          figure(),
          found,
          (least) => least,
          (most) => most,
        );
      case "boolean":
        return true;
      case "null":
        return null;
      default:
        return string(property === "" || property === "caption" ? words.caption : name(), found);
    }
  }

  function object(found: Schema, depth: number): Schema {
    const properties = (found.properties ?? {}) as Schema;
    const required = new Set((found.required as string[] | undefined) ?? []);
    const names = Object.keys(properties).filter((each) => depth < MAX_DEPTH || required.has(each));
    if (names.length === 0 && depth === 0) return { caption: words.caption };
    return Object.fromEntries(names.map((each) => [each, fill(properties[each], each, depth + 1)]));
  }

  return JSON.stringify(fill(schema, "", 0));
}

function typeOf(schema: Schema): unknown {
  if (schema.type !== undefined) return Array.isArray(schema.type) ? schema.type[0] : schema.type;
  return schema.properties !== undefined ? "object" : schema.items !== undefined ? "array" : "string";
}

/** Follows `#/$defs/name`. */
function resolved(given: unknown, root: Schema): Schema {
  let found = (typeof given === "object" && given !== null ? given : {}) as Schema;
  for (let hop = 0; hop < MAX_DEPTH && typeof found.$ref === "string"; hop++) {
    const path = found.$ref.replace(/^#\/?/, "").split("/").filter(Boolean);
    found = (path.reduce<unknown>((at, key) => (at as Schema | undefined)?.[key], root) ?? {}) as Schema;
  }
  return found;
}

function string(text: string, { minLength, maxLength }: Schema): string {
  return text.padEnd(numberOr(minLength, 0), ".").slice(0, numberOr(maxLength, Infinity));
}

function bounded(
  value: number,
  schema: Schema,
  up: (least: number) => number,
  down: (most: number) => number,
): number {
  const least = up(numberOr(schema.minimum, -Infinity));
  const most = down(numberOr(schema.maximum, Infinity));
  return Math.min(Math.max(value, least), most);
}

const numberOr = (value: unknown, otherwise: number): number =>
  typeof value === "number" ? value : otherwise;
