import { literal } from "../dataset/sql.js";

/** The condition that a figure is one of these. Written out, it lets stretches of files be passed over. */
export const oneOf = (figure_ids: readonly string[]): string =>
  figure_ids.length === 0 ? "false" : `figure_id IN (${figure_ids.map(literal).join(", ")})`;
