/** Reads JSON that another version, or a stranger, may have written: what is not right becomes what says nothing. */

const LIMITS = { text: 2_000, list: 200 };

export type Raw = Record<string, unknown>;

export const isRecord = (value: unknown): value is Raw =>
  typeof value === "object" && value !== null && !Array.isArray(value);
export const text = (value: unknown): string =>
  typeof value === "string" ? value.slice(0, LIMITS.text) : "";
export const textOrNull = (value: unknown): string | null => (typeof value === "string" ? text(value) : null);
export const countOrNull = (value: unknown): number | null =>
  typeof value === "number" && Number.isFinite(value) && value >= 0 ? value : null;
export const count = (value: unknown): number => countOrNull(value) ?? 0;
export const listOf = <T>(value: unknown, read: (raw: Raw) => T): T[] =>
  (Array.isArray(value) ? value : []).slice(0, LIMITS.list).map((one) => read(isRecord(one) ? one : {}));
