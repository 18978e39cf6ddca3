import { ONE_PROCESS } from "../rate-units.js";
import type { Scorer } from "./scorer.js";

/** What of a scorer never changes, as far as it has it. */
const CONSTANT = ["metric", "also", "version", "readsText", "readsVectors", "spec", "model"] as const;
type Constant = Pick<Scorer, (typeof CONSTANT)[number]>;

/**
 * A scorer that does what another does, but for what is said here. What that one learns of its model later, such as the id,
 * is known of this one as well.
 */
export function scorerLike(
  scorer: Scorer,
  but: Partial<Constant & Pick<Scorer, "identify" | "score">>,
): Scorer {
  const constant = Object.fromEntries(
    CONSTANT.filter((name) => name in scorer).map((name) => [name, scorer[name]]),
  );
  const like: Scorer = {
    ...(constant as unknown as Constant),
    get id() {
      return scorer.id;
    },
    get concurrency() {
      return scorer.concurrency;
    },
    get runsOn() {
      return scorer.runsOn ?? ONE_PROCESS;
    },
    identify: async (options) => scorer.identify?.(options),
    ready: async (options) => scorer.ready?.(options),
    score: (...asked) => scorer.score(...asked),
    close: async () => scorer.close?.(),
  };
  return Object.assign(like, but);
}
