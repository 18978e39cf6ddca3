import { hostname } from "node:os";
import type { Reader } from "../dataset/query.js";
import { ConfigurationError } from "../errors.js";
import { scorerLike } from "./like.js";
import type { Scorer } from "./scorer.js";

/**
 * The same scorer, as long as it is still the one that was meant: on another machine a model's name may stand for
 * another revision of it, or for other weights.
 */
export function pinned(scorer: Scorer, id: string): Scorer {
  return scorerLike(scorer, {
    async identify(options) {
      await scorer.identify?.(options);
      if (scorer.id !== id) throw anotherModel(scorer, id);
    },
  });
}

const anotherModel = (scorer: Scorer, id: string): ConfigurationError =>
  new ConfigurationError(
    `"${scorer.metric}" was to be measured by ${id}, and what goes by this name on ${hostname()} is ${scorer.id}: ` +
      "give all machines the same model, or one in a folder that all of them see.",
  );

/**
 * Values of two scorers under one name would be compared by everyone who reads them.
 * @throws {ConfigurationError} where another scorer, such as another model, has measured under this scorer's name
 */
export async function checkSameScorer(
  reader: Reader,
  { metric, id }: Pick<Scorer, "metric" | "id">,
): Promise<void> {
  const [other] = await reader.all<{ scorer: string; n: number }>(
    `SELECT scorer, count(*)::INTEGER AS n FROM scores WHERE metric = $1 AND scorer <> $2
     GROUP BY scorer ORDER BY n DESC, scorer LIMIT 1`,
    [metric, id],
  );
  if (!other) return;
  throw new ConfigurationError(
    `This dataset has ${other.n.toLocaleString("en")} "${metric}" scores by ${other.scorer}, and ${id} would mix its own with them. ` +
      `Give the new ones another name (as: "${metric}-2"; on the command line --as ${metric}-2), or replace the old ones (replace: true; --replace).`,
  );
}
