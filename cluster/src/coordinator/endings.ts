import { stageText } from "../run/stage-text.js";
import type { Desk } from "./desk.js";

const whole = (n: number): string => n.toLocaleString("en");
const counted = (n: number, one: string, many: string): string => `${whole(n)} ${n === 1 ? one : many}`;

/** `3 of 20 shards of 1-recaption are left` */
export function leftText(phase: string, planned: { shards: number } | null, done: number): string {
  if (!planned) return `${phase} was not planned yet`;
  const left = planned.shards - done;
  return `${whole(left)} of ${counted(planned.shards, "shard", "shards")} of ${phase} ${left === 1 ? "is" : "are"} left`;
}

/** What a run has come to, phase by phase. */
export function endText(desks: readonly Pick<Desk, "phase" | "counts" | "givenUp">[]): string {
  return desks
    .map(({ phase, counts, givenUp }) => {
      const { done, reused, failed } = counts;
      const before = reused > 0 ? ` (and ${whole(reused)} made before)` : "";
      const dropped = givenUp > 0 ? `, ${counted(givenUp, "shard", "shards")} given up` : "";
      return `${stageText(phase.spec)}: ${whole(done)} done${before}, ${whole(failed)} quarantined${dropped}`;
    })
    .join("; ");
}
