import { scorerLike } from "./like.js";
import type { Scorer } from "./scorer.js";

/**
 * The same scorer under another metric's name, so that what two models measure stands side by side: `clip` as `clip-l14`
 * also gives `clip-l14-best` for `clip-best`.
 */
export function renamed(scorer: Scorer, as: string | undefined): Scorer {
  if (as === undefined || as === scorer.metric) return scorer;
  const { metric, also, spec } = scorer;
  const name = (of: string) => (of.startsWith(metric) ? as + of.slice(metric.length) : `${as}-${of}`);
  return scorerLike(scorer, {
    metric: as,
    also: also?.map(name) ?? [],
    ...(spec && { spec: { ...spec, options: { ...spec.options, as } } }),
    async score(...asked) {
      const { scores, ...rest } = await scorer.score(...asked);
      return { ...rest, scores: scores.map((score) => ({ ...score, metric: name(score.metric) })) };
    },
  });
}
