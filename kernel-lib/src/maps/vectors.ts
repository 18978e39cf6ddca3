import { createHash } from "node:crypto";
import type { Reader } from "../dataset/query.js";
import { ConfigurationError } from "../errors.js";
import type { Features } from "./features.js";

/**
 * What a model of the CLIP or SigLIP families sees in pictures: the vectors that a metric such as `clip` has left in the
 * dataset. Figures that it has not measured have no place.
 * @throws {ConfigurationError} when there are none
 */
export async function vectorFeatures(reader: Reader, metric: string): Promise<Features> {
  const [found] = await reader.all<{ model: string; dimensions: number }>(
    `SELECT model, len(any_value(vector))::INTEGER AS dimensions FROM stored_embeddings
     WHERE caption IS NULL AND model IN (SELECT DISTINCT scorer FROM stored_scores WHERE metric = $1)
     GROUP BY model ORDER BY max(run) DESC LIMIT 1`,
    [metric],
  );
  if (!found)
    throw new ConfigurationError(
      `No picture has a vector of "${metric}": lab.score(["clip"]) makes them, and a map can go by "look" without a model.`,
    );
  const { model, dimensions } = found;
  return {
    name: metric,
    // Another model under the same name is another map.
    version: createHash("sha256").update(model).digest().readUInt32BE(),
    description: `vectors of pictures by ${model}`,
    dimensions,
    model,
    of: (_folder, { vector }) => Promise.resolve(vector && Float32Array.from(vector)),
  };
}
