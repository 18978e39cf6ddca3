import { ConfigurationError } from "../errors.js";
import type { ScorerSpec } from "./scorer.js";

/** Which metrics, and what they are measured with, as it is said on a command line. */
export interface MetricChoice {
  metrics: readonly string[];
  /** The model that compares pictures with captions: a name, a repository or a folder. @default clip-b32 */
  clip?: string | undefined;
  /** Servers that have it, in place of this machine. */
  clipEndpoint?: readonly string[] | undefined;
  /** The masked language model that judges fluency. @default scibert */
  mlm?: string | undefined;
  /** The name of the one metric that is measured, beside what is there under its own. */
  as?: string | undefined;
}

/** Which choice says what model a metric uses. */
const MODEL_OF = { clip: "clip", pppl: "mlm" } as const;

/**
 * What is to be measured.
 * @throws {ConfigurationError} for a model that none of the metrics uses, or a name for several metrics
 */
export function chosenScorers({ metrics, as, clipEndpoint, ...models }: MetricChoice): ScorerSpec[] {
  for (const [metric, flag] of Object.entries(MODEL_OF))
    if (models[flag] !== undefined && !metrics.includes(metric))
      throw new ConfigurationError(`--${flag} is for the metric "${metric}"; add it to --metrics.`);
  if (clipEndpoint !== undefined && !metrics.includes("clip"))
    throw new ConfigurationError('--clip-endpoint is for the metric "clip"; add it to --metrics.');
  if (as !== undefined && metrics.length !== 1)
    throw new ConfigurationError("--as names one metric; measure the others in a command of their own.");
  return metrics.map((kind) => {
    const flag = Object.hasOwn(MODEL_OF, kind) ? MODEL_OF[kind as keyof typeof MODEL_OF] : undefined;
    const model = flag && models[flag];
    return {
      kind,
      options: {
        ...(model !== undefined && { model }),
        ...(kind === "clip" && clipEndpoint && { endpoints: clipEndpoint }),
        ...(as !== undefined && { as }),
      },
    };
  });
}
