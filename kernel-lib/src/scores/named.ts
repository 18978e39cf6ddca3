import { ConfigurationError } from "../errors.js";
import type { Scorer } from "./scorer.js";
import { support } from "./support.js";

/** The scorers that can be asked for by name. */
const SCORERS: Record<string, () => Scorer> = { support };

/** @throws {ConfigurationError} for a name that no scorer has */
export function scorerOf(metric: string | Scorer): Scorer {
  if (typeof metric !== "string") return metric;
  const make = Object.hasOwn(SCORERS, metric) ? SCORERS[metric] : undefined;
  if (make) return make();
  throw new ConfigurationError(
    `There is no metric "${metric}"; there is: ${Object.keys(SCORERS).join(", ")}.`,
  );
}
