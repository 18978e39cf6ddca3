import type { Candidate } from "./candidates.js";
import { isSaid } from "./said.js";

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
    const known = [...said, ...chosen.map((one) => one.content)];
    const repeats = new Set(chain.map((one) => one.text)).size < chain.length;
    if (repeats || chain.some((one) => isSaid(one.content, known))) continue;
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
