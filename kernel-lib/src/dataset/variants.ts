import type { Reader } from "./query.js";
import { ConfigurationError } from "../errors.js";

/** Names of the new captions that the dataset has. */
export async function variantsIn(reader: Reader): Promise<string[]> {
  const rows = await reader.all<{ variant: string }>("SELECT DISTINCT variant FROM recaptions ORDER BY 1");
  return rows.map(({ variant }) => variant);
}

/** @throws {ConfigurationError} when there is no caption of that name: a name mistyped would pick nothing, silently */
export async function checkCaption(reader: Reader, name: string): Promise<void> {
  const names = ["raw", ...(await variantsIn(reader))];
  if (!names.includes(name))
    throw new ConfigurationError(`There are no captions "${name}"; there are: ${names.join(", ")}.`);
}
