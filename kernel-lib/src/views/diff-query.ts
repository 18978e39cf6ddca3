/** Conditions and columns by which captions are compared over a whole dataset. */

const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** An SQL condition that picks the figures that have all these captions. */
export function havingCaptions(captions: readonly string[]): string {
  const variants = captions.filter((name) => name !== "raw");
  const conditions = variants.map(
    (name) => `figure_id IN (SELECT figure_id FROM recaptions WHERE variant = ${literal(name)})`,
  );
  return conditions.join(" AND ") || "true";
}

/** An SQL condition that picks the figures in which a caption differs from the first of these. */
export function captionsDiffer([base, ...others]: readonly string[]): string {
  const texts = (name: string) =>
    name === "raw"
      ? "(SELECT figure_id, caption AS text FROM figures)"
      : `(SELECT figure_id, text FROM recaptions WHERE variant = ${literal(name)})`;
  const pairs = others.map(
    (name) =>
      `figure_id IN (SELECT figure_id FROM ${texts(base!)} AS a JOIN ${texts(name)} AS b USING (figure_id) WHERE a.text <> b.text)`,
  );
  return `(${pairs.join(" OR ")})`;
}

/** Conditions that must all hold. The line feed ends a comment that a user's may end with. */
export function allOf(...conditions: (string | null | undefined)[]): string | null {
  const given = conditions.filter(
    (condition) => condition !== null && condition !== undefined && condition !== "",
  );
  return given.length === 0 ? null : given.map((condition) => `(${condition}\n)`).join(" AND ");
}

/** The column of how far a metric rises from one caption to another. */
export function gainRef(metric: string, from: string, to: string): string {
  return `gain.${JSON.stringify([metric, from, to])}`;
}

/** The parts of a {@link gainRef}; `null` for another column. */
export function gainOf(ref: string): [metric: string, from: string, to: string] | null {
  if (!ref.startsWith("gain.")) return null;
  try {
    const parts = JSON.parse(ref.slice("gain.".length)) as unknown;
    const fits =
      Array.isArray(parts) && parts.length === 3 && parts.every((part) => typeof part === "string");
    return fits ? (parts as [string, string, string]) : null;
  } catch {
    return null;
  }
}
