import { ConfigurationError } from "../../errors.js";

/** That a dataset lacks figures that something is to be said about. */
export function unknownFigures(folder: string, ids: readonly string[]): ConfigurationError {
  const named = ids
    .slice(0, 3)
    .map((id) => `"${id}"`)
    .join(", ");
  const more = ids.length > 3 ? ` and ${(ids.length - 3).toLocaleString("en")} more` : "";
  return new ConfigurationError(
    `${folder} has no figure ${named}${more}; nothing was written. Ids are in the column figure_id.`,
  );
}
