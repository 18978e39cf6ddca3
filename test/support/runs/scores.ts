import { expect } from "vitest";
import { rowsOf } from "./rig.js";

/** What was measured, without how it was come by. */
export async function valuesOf(dataset: string): Promise<Record<string, unknown>[]> {
  const rows = (await rowsOf(dataset, "scores")) as Record<string, unknown>[];
  return rows.map(({ figure_id, metric, caption, value, scorer, truncated }) => {
    return { figure_id, metric, caption, value, scorer, truncated };
  });
}

/** The same, with numbers that are nearly these: in which batch something is computed shows in its last digits. */
export function near(value: unknown): unknown {
  if (typeof value === "number") return expect.closeTo(value, 3);
  if (Array.isArray(value)) return value.map(near);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, near(part)]));
}
