import type { Before } from "../run/attempts.js";

/** What is to be done about a shard whose earlier attempts died. */
export interface Trial {
  /** Items that killed a worker while nothing else was at work: not tried again. */
  convicted: ReadonlySet<string>;
  /** Items to be tried first, with nothing else at work in this process. */
  suspects: ReadonlySet<string>;
  /** How many of them at the same time. */
  width: number;
  /** Why the shard is not tried any more; `null` while it is. */
  giveUp: string | null;
}

/** With every death so many times fewer items are tried at once. */
const NARROWING = 8;
/** Deaths with nothing else at work that convict an item: one is as likely the node's, or whoever kills processes. */
const LONELY_DEATHS = 2;
/** So many times the usual deaths are borne where the suspects are being found out. */
const FORBEARANCE = 3;

/**
 * Whoever was at work when an attempt died is under suspicion: one of them may have killed it, or a node was lost. So they
 * are tried again with an eighth of them at a time, an eighth of those after the next death, and so on. One that dies
 * alone is tried first, and convicted when it does so again. A shard that goes on dying without anything being found out
 * is given up.
 *
 * @param concurrency items that are at work at the same time where nothing is under suspicion
 * @param most deaths after which a shard is given up
 */
export function trialOf({ deaths, suspects }: Before, concurrency: number, most: number): Trial {
  const atOnce = Math.min(concurrency, Math.max(1, suspects.length));
  const guilty = suspects.filter(({ alone }) => alone >= LONELY_DEATHS);
  const convicted = new Set(guilty.map(({ item }) => item));
  const isFindingOut = suspects.some(({ alone }) => alone > 0) && deaths < FORBEARANCE * most;
  const isHopeless = deaths >= most && convicted.size === 0 && !isFindingOut;
  return {
    convicted,
    suspects: new Set(suspects.map(({ item }) => item).filter((item) => !convicted.has(item))),
    width: Math.max(1, Math.floor(atOnce / NARROWING ** deaths)),
    giveUp: isHopeless ? `${deaths === 1 ? "an attempt" : `${deaths} attempts`} at it died` : null,
  };
}
