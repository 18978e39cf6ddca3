import type { Shard } from "figloom/stages";
import type { Beats } from "../run/beats.js";
import { takeShard } from "../run/commit.js";
import type { DoneShards } from "../run/done.js";
import { latestLease, type Holder, type Lease } from "../run/leases.js";
import type { PhaseFolder } from "../run/places.js";
import type { Board } from "./loop.js";
import type { Pulse } from "./pulse.js";

export interface Taken {
  shard: Shard;
  lease: Lease;
}

interface BoardOptions {
  phase: PhaseFolder;
  shards: readonly Shard[];
  self: () => Holder;
  beats: Beats;
  pulse: Pick<Pulse, "isAlive">;
  done: DoneShards;
  /** Where in the shards this worker begins, 0..1: so that they do not all try the same ones. */
  from: number;
}

/**
 * The shards of a phase, as one worker sees them. It goes round them from a place of its own, so that workers seldom
 * meet; one pass over all costs a listing for each shard that is not known to be done.
 */
export class ShardBoard implements Board<Taken> {
  readonly #options: BoardOptions;
  /** Not known to be done, in the order in which they are tried. */
  #left: Map<string, Shard>;
  /** Of them, those that are still to be tried in this pass. */
  #pass: Shard[];
  readonly #own = new Set<string>();

  constructor(options: BoardOptions) {
    this.#options = options;
    const { shards, from } = options;
    const start = Math.floor(from * shards.length) % Math.max(1, shards.length);
    const order = [...shards.slice(start), ...shards.slice(0, start)];
    this.#left = new Map(order.map((shard) => [shard.id, shard]));
    this.#pass = order.reverse();
  }

  /** Which shard {@link next} tries first; `null` at the end of a pass. */
  peek(): Shard | null {
    for (let shard; (shard = this.#pass.at(-1)); this.#pass.pop())
      if (!this.#own.has(shard.id) && this.#left.has(shard.id)) return shard;
    return null;
  }

  async next(): Promise<Taken | null> {
    const { phase, self, beats } = this.#options;
    for (let shard; (shard = this.#pass.pop());) {
      if (this.#own.has(shard.id) || !this.#left.has(shard.id)) continue;
      const lease = await takeShard(phase, shard.id, self(), beats);
      if (lease === null || lease === "done") continue;
      this.#own.add(shard.id);
      return { shard, lease };
    }
    await this.#look();
    return null;
  }

  /** To be called when a taken shard was left, whether it is done or not. */
  left(shard: string, done: boolean): void {
    this.#own.delete(shard);
    if (done) this.#left.delete(shard);
  }

  /** Waiting makes sense as long as a shard may become free that nobody else is seen to work on. */
  async outlook(): Promise<"leave" | "wait"> {
    for (const { id } of this.#left.values()) {
      const latest = await latestLease(this.#options.phase.leases(id));
      if (latest?.committed !== undefined) continue;
      if (!latest?.holder || !this.#options.pulse.isAlive(latest.holder.worker)) return "wait";
    }
    return "leave";
  }

  /** Begins another pass over what is not done. */
  async #look(): Promise<void> {
    const { done } = this.#options;
    await done.look();
    for (const id of [...this.#left.keys()]) if (done.has(id)) this.#left.delete(id);
    this.#pass = [...this.#left.values()].filter(({ id }) => !this.#own.has(id)).reverse();
  }
}
