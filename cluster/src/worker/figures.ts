import type { QuarantineLine } from "figloom";
import type { RunFailure } from "figloom/stages";
import type { ShardAtWork, WorkerState } from "../run/beats.js";

/** Most failures that a heartbeat shows, and most reasons. */
const MOST = { failures: 20, reasons: 50 };

export type Ending = "done" | "failed" | "failedBefore" | "reused";

/** What a worker has done, for its heartbeat. */
export class Figures {
  #tally = { done: 0, failed: 0, failedBefore: 0, reused: 0 };
  #failures: RunFailure[] = [];
  readonly #reasons = new Map<string, number>();
  readonly #shards = new Map<string, ShardAtWork>();

  /** New results and failures of this worker. */
  get made(): number {
    return this.#tally.done + this.#tally.failed - this.#tally.failedBefore;
  }

  /** A shard is at work, with what earlier attempts at it have done. */
  open(shard: ShardAtWork): void {
    this.#shards.set(shard.shard, shard);
  }

  /** Of one that is not done the figures stay: they are the last that is known of it. */
  close(shard: string): void {
    this.#shards.delete(shard);
  }

  count(shard: string, ending: Ending): void {
    const at = this.#shards.get(shard);
    for (const tally of at ? [this.#tally, at] : [this.#tally]) {
      if (ending === "failedBefore") tally.failed++;
      tally[ending]++;
    }
  }

  fail({ item, file, reason, message, way_out }: QuarantineLine): void {
    const known = this.#reasons.has(reason) || this.#reasons.size < MOST.reasons;
    const kind = known ? reason : "others";
    this.#reasons.set(kind, (this.#reasons.get(kind) ?? 0) + 1);
    this.#failures = [...this.#failures, { item, file, reason: kind, message, way_out }].slice(
      -MOST.failures,
    );
  }

  get said(): Pick<
    WorkerState,
    "done" | "failed" | "failedBefore" | "reused" | "failures" | "reasons" | "shards"
  > {
    return {
      ...this.#tally,
      failures: this.#failures,
      reasons: Object.fromEntries(this.#reasons),
      shards: [...this.#shards.values()].map((shard) => ({ ...shard })),
    };
  }
}
