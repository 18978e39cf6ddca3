/** JSON that a server sent: nothing about its shape can be relied on. */

/** The parsed text, `undefined` for what is no JSON. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** A value's fields; none for what has none. */
export const fields = (value: unknown): Record<string, unknown> =>
  typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};

/** A value's elements; none for what is no list. */
export const elements = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** A text or a number as text; empty for anything else. */
export const word = (value: unknown): string =>
  typeof value === "string" ? value : typeof value === "number" ? String(value) : "";

/** A number from 0; `null` for anything else. */
export const count = (value: unknown): number | null =>
  typeof value === "number" && Number.isFinite(value) && value >= 0 ? value : null;
