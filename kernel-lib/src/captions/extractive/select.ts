import { shared } from "../../text/words.js";
import type { Candidate } from "./candidates.js";

/** Two sentences say the same when this share of the shorter one's terms stands in the other. */
const SAME = 0.6;
/** A sentence is already said when this share of its terms stands in the caption so far. */
const SAID = 0.8;
const MIN_NEW_TERMS = 2;
const MAX_CHAIN = 3;

/**
 * The best candidates that fit into `room` characters, in reading order. Greedy by rank, earlier first among equals;
 * a sentence that points back brings the one before it along or stays out; none repeats what is `said` already.
 */
export function select(
  candidates: readonly Candidate[],
  said: readonly ReadonlySet<string>[],
  room: number,
): Candidate[] {
  const ranked = [...candidates].sort((a, b) => b.rank - a.rank || a.order - b.order);
  const chosen: Candidate[] = [];
  let left = room;
  for (const candidate of ranked) {
    const chain = chainOf(candidate)?.filter((one) => !chosen.includes(one));
    if (!chain || chain.length === 0) continue;
    const cost = chain.reduce((sum, one) => sum + one.text.length + 1, 0);
    if (cost > left) continue;
    const known = [...said, ...chosen.map((one) => one.terms)];
    if (chain.some((one) => isSaid(one.terms, known))) continue;
    chosen.push(...chain);
    left -= cost;
  }
  return chosen.sort((a, b) => a.order - b.order);
}

function chainOf(candidate: Candidate): Candidate[] | null {
  const chain = [candidate];
  for (let needed = candidate.needs; needed; needed = needed.needs) {
    if (chain.length === MAX_CHAIN) return null;
    chain.unshift(needed);
  }
  return chain;
}

/** Whether these terms repeat one of the sets, or add too little to all of them together. */
export function isSaid(own: ReadonlySet<string>, said: readonly ReadonlySet<string>[]): boolean {
  if (own.size === 0) return true;
  if (said.some((other) => other.size > 3 && shared(own, other) / Math.min(own.size, other.size) >= SAME))
    return true;
  const all = new Set(said.flatMap((set) => [...set]));
  const known = shared(own, all);
  return known / own.size >= SAID || own.size - known < MIN_NEW_TERMS;
}
