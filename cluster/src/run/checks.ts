/** Checks of JSON that must be right: each gives the value in its type, or says what is wrong with which part of it. */

/** @throws {Mismatch} */
export type Check<T> = (value: unknown, place: string) => T;

/** What is wrong: `phases[0].workers is no whole number from 1 on`. */
export class Mismatch extends Error {
  override readonly name = "Mismatch";
}

const basic =
  <T>(what: string, isRight: (value: unknown) => boolean): Check<T> =>
  (value, place) => {
    if (!isRight(value)) throw new Mismatch(`${place} is no ${what}`);
    return value as T;
  };

const LONGEST = 100_000;

export const aText: Check<string> = basic(
  "text",
  (value) => typeof value === "string" && value.length <= LONGEST,
);
export const aTruth: Check<boolean> = basic("true or false", (value) => typeof value === "boolean");
export const aNumber: Check<number> = basic(
  "number from 0 on",
  (value) => typeof value === "number" && Number.isFinite(value) && value >= 0,
);
export const aCount = (from: number): Check<number> =>
  basic(`whole number from ${from} on`, (value) => Number.isSafeInteger(value) && (value as number) >= from);
export const anObject: Check<object> = basic(
  "object",
  (value) => typeof value === "object" && value !== null && !Array.isArray(value),
);

export const aTextLike =
  (pattern: RegExp, what: string): Check<string> =>
  (value, place) => {
    if (!pattern.test(aText(value, place))) throw new Mismatch(`${place} is no ${what}`);
    return value as string;
  };

export const oneOf = <T extends string>(...all: T[]): Check<T> =>
  basic(`one of ${all.join(", ")}`, (value) => all.includes(value as T));

export const orNull =
  <T>(check: Check<T>): Check<T | null> =>
  (value, place) =>
    value === null ? null : check(value, place);

export const listOf =
  <T>(check: Check<T>, { from = 0, most = 10_000 } = {}): Check<T[]> =>
  (value, place) => {
    if (!Array.isArray(value)) throw new Mismatch(`${place} is no list`);
    if (value.length < from || value.length > most)
      throw new Mismatch(`${place} has ${value.length} entries, not ${from} to ${most}`);
    return value.map((each, index) => check(each, `${place}[${index}]`));
  };

type Checks<T> = { [K in keyof T]-?: Check<Exclude<T[K], undefined>> };
type Optional<T> = { [K in keyof T]-?: undefined extends T[K] ? K : never }[keyof T];

/** Keys that are not listed are left out; those in `optional` may be absent. */
export const record =
  <T extends object>(checks: Checks<T>, optional: readonly Optional<T>[] = []): Check<T> =>
  (value, place) => {
    const raw = anObject(value, place || "it") as Record<string, unknown>;
    const right: Record<string, unknown> = {};
    for (const [key, check] of Object.entries<Check<unknown>>(checks))
      if (raw[key] !== undefined) right[key] = check(raw[key], place === "" ? key : `${place}.${key}`);
      else if (!(optional as readonly PropertyKey[]).includes(key))
        throw new Mismatch(`${place === "" ? key : `${place}.${key}`} is missing`);
    return right as T;
  };

/** Records of several kinds, told apart by one key. */
export const kinds =
  <T extends object>(key: keyof T & string, checks: Record<string, Check<T>>): Check<T> =>
  (value, place) => {
    const kind = (anObject(value, place) as Record<string, unknown>)[key];
    const check = typeof kind === "string" && Object.hasOwn(checks, kind) ? checks[kind] : undefined;
    if (!check) throw new Mismatch(`${place}.${key} is none of ${Object.keys(checks).join(", ")}`);
    return check(value, place);
  };
