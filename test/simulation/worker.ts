import { trialOf } from "../../cluster/src/worker/trial.js";
import type { Due } from "./clock.js";
import type { Node } from "./node.js";
import type { Run } from "./run.js";
import type { Attempt, Shard } from "./shards.js";
import { Timers } from "./timers.js";

/** Heartbeats that may be missed before a worker is called silent. */
const SILENT_BEATS = 3;

/**
 * The protocol on one node: takes shards, asks, seals, commits. Items flow: in a second as many are asked about as the
 * servers answer, and answers come in later.
 */
export class Worker {
  readonly node: Node;
  readonly #run: Run;
  readonly #timers: Timers;
  readonly #began: number;
  #asking: Attempt | null = null;
  readonly #answering = new Set<Attempt>();
  #next: Due | null = null;
  #narrowUntil = 0;
  /** `null` while it lives. */
  #ended: number | null = null;

  constructor(node: Node) {
    [this.node, this.#run, this.#timers] = [node, node.run, new Timers(node.run.clock)];
    this.#began = this.#now;
    this.#run.workers.add(this);
  }

  get #now(): number {
    return this.#run.clock.now;
  }

  get gone(): boolean {
    return this.#ended !== null;
  }

  /** When its heart beat last. */
  get lastBeat(): number {
    return this.#ended ?? this.node.lastHeard;
  }

  /** Books time that was not lost to anything outside of it. */
  pass(seconds: number): void {
    const { spent, world } = this.#run;
    const { servers, speed } = this.node;
    this.#run.operations.add("beat", seconds / world.limits.beatSeconds);
    if (this.#now <= this.#narrowUntil) spent.add("narrow", seconds);
    else if (this.#asking) {
      const up = servers / world.servers;
      this.#asking.asked += seconds * servers * world.captionsPerSecond * speed;
      spent.add("working", seconds * up * speed);
      spent.add("slow", seconds * up * (1 - speed));
      spent.add("serverDown", seconds * (1 - up));
    } else if (this.#answering.size > 0) spent.add("lastAnswers", seconds);
    else spent.add(this.#run.collector.keeps(this) ? "collecting" : "waiting", seconds);
  }

  /** Does what there is to do, after anything has changed. */
  go(): void {
    if (this.gone) return;
    this.node.advance();
    this.#timers.cancel(this.#next);
    this.#next = null;
    if (this.node.leaving) return;
    if (this.node.isStalled) return this.#goAt(this.node.stalledUntil);
    if (this.#now < this.#narrowUntil) return this.#goAt(this.#narrowUntil);
    if (!this.#asking && this.#answering.size < this.#run.world.shardsAtOnce) {
      const found = this.#look();
      if (found) return this.#begin(found);
    }
    if (this.#asking) this.#ask(this.#asking);
    else this.#idle();
  }

  #goAt(time: number): void {
    this.#next = this.#timers.after(time - this.#now, () => this.go());
  }

  // Finding a shard

  #look(): Attempt | null {
    return this.#takeOwn() ?? this.#run.shards.takeFree(this) ?? this.#takeStale();
  }

  /** What is held by an earlier restart of its task, or by a process that died on its node. */
  #takeOwn(): Attempt | null {
    const shard = this.#run.shards.heldBy((worker) => worker.node.task === this.node.task && worker !== this);
    if (!shard) return null;
    const { node } = shard.holder!.worker;
    if (node !== this.node) node.replaced();
    return this.#takeOver(shard);
  }

  #takeStale(): Attempt | null {
    const { shards, operations, world } = this.#run;
    const shard = shards.heldBy((worker) => {
      if (worker === this) return false;
      operations.add("look");
      return this.#silence(worker) >= world.limits.staleSeconds;
    });
    if (!shard) return null;
    this.#run.takeovers.push({ at: this.#now, alive: !shard.holder!.worker.gone });
    return this.#takeOver(shard);
  }

  #takeOver(shard: Shard): Attempt {
    const before = shard.holder!;
    const attempt = this.#run.shards.takeOver(shard, this);
    // The one before finds out at a heartbeat.
    const { chance, world } = this.#run;
    this.#run.clock.after(chance.beat.uniform(0, world.limits.beatSeconds), () =>
      before.worker.notice(before),
    );
    return attempt;
  }

  /** For how long this worker has seen no heartbeat of another. */
  #silence(other: Worker): number {
    const { chance, world } = this.#run;
    const seen = other.lastBeat - (world.files.cache > 0 ? chance.cache.uniform(0, world.files.cache) : 0);
    const watching = world.policy.watchAnew ? Math.max(this.#began, this.node.stalledUntil) : this.#began;
    return this.#now - Math.max(seen, watching);
  }

  // A shard's way

  #begin(attempt: Attempt): void {
    this.#run.operations.add("lease");
    this.#run.operations.add("attempt");
    this.#asking = attempt;
    if (attempt.shard.deaths > 0 && attempt.shard.poison !== null) this.#narrow(attempt.shard);
    this.go();
  }

  #ask(attempt: Attempt): void {
    const { shard, first, asked } = attempt;
    const left = shard.items - first - asked;
    const untilPoison = shard.poison === null ? Infinity : shard.poison - first - asked;
    if (left <= 1e-6) this.#allAsked(attempt);
    else if (untilPoison <= 1e-6) this.#dieOf(shard, this.#itemsBegun(attempt));
    else {
      const { world } = this.#run;
      const rate = this.node.servers * world.captionsPerSecond * this.node.speed;
      this.#goAt(this.#now + Math.min(left, untilPoison) / rate);
    }
  }

  #allAsked(attempt: Attempt): void {
    const { chance, world } = this.#run;
    attempt.asked = attempt.shard.items - attempt.first;
    const seconds = chance.answer.lognormal(world.lastAnswer.median, world.lastAnswer.sigma);
    attempt.answers = { from: this.#now, to: this.#now + seconds };
    this.#asking = null;
    this.#answering.add(attempt);
    this.#timers.after(seconds, () => this.#seal(attempt));
    this.go();
  }

  #seal(attempt: Attempt): void {
    if (this.#waitsOut(attempt, () => this.#seal(attempt))) return;
    const { operations, shards, world } = this.#run;
    operations.add("check");
    if (!shards.holds(attempt)) return this.#discard(attempt);
    operations.add("seal");
    const bytes = attempt.shard.items * world.files.resultBytes;
    operations.bytes += bytes;
    const { operation, flush } = world.files;
    this.#timers.after(10 * operation + 4 * flush + bytes / 1e9, () => this.#commit(attempt));
  }

  /** Whoever stands still between looking at the lease and here may have been taken over from. */
  #commit(attempt: Attempt): void {
    if (this.#waitsOut(attempt, () => this.#commit(attempt))) return;
    this.#run.operations.add("commit");
    if (this.#run.shards.commit(attempt) === "lost") return this.#discard(attempt);
    this.node.advance();
    this.#answering.delete(attempt);
    this.#run.committed(attempt.shard);
    this.go();
  }

  /** Nothing happens while the disk stands still, nor to an attempt that was discarded meanwhile. */
  #waitsOut(attempt: Attempt, action: () => void): boolean {
    if (!this.#answering.has(attempt)) return true;
    if (!this.node.isStalled) return false;
    this.#timers.after(this.node.stalledUntil - this.#now, action);
    return true;
  }

  /** At a heartbeat: another may have taken a shard over. */
  notice(attempt: Attempt): void {
    if (this.gone) return;
    if (this.node.isStalled)
      return void this.#timers.after(this.node.stalledUntil - this.#now, () => this.notice(attempt));
    if (this.#asking === attempt || this.#answering.has(attempt)) this.#discard(attempt);
  }

  #discard(attempt: Attempt): void {
    this.node.advance();
    if (this.#asking === attempt) this.#asking = null;
    this.#answering.delete(attempt);
    this.#run.discarded++;
    this.go();
  }

  /** Items of an attempt whose results are on disk. */
  answered({ shard, first, asked, answers }: Attempt): number {
    const { inFlight } = this.#run.world;
    const waiting = Math.min(asked, this.node.servers * inFlight);
    const heard = this.lastBeat;
    const missing = answers
      ? Math.min(1, Math.max(0, (answers.to - heard) / (answers.to - answers.from)))
      : 1;
    return Math.floor(Math.min(shard.items - first, asked - waiting * missing));
  }

  // Nothing to ask about

  #idle(): void {
    if (this.#answering.size === 0 && this.#run.mayLeave(this)) return this.node.end("left");
    this.#goAt(this.#now + this.#run.world.limits.beatSeconds);
  }

  /** Whether others are at work on all that is left: they are heard of, or are other restarts of the same task. */
  leavesAlone(holder: Worker): boolean {
    return this.#silence(holder) <= SILENT_BEATS * this.#run.world.limits.beatSeconds;
  }

  // What goes wrong

  /** A server has died with what it was asked. */
  askAgain(items: number): void {
    const attempt = this.#asking;
    if (!attempt) return;
    const again = Math.min(attempt.asked, items);
    attempt.asked -= again;
    attempt.again += again;
  }

  /**
   * Its suspects are tried first, by themselves: it dies of the poison figure again, or that one has died alone and is
   * quarantined.
   */
  #narrow(shard: Shard): void {
    const { limits } = this.#run.world;
    const before = {
      ended: new Map<string, "done" | "failed">(),
      deaths: shard.deaths,
      suspects: shard.suspects,
    };
    const { convicted, giveUp, suspects, width } = trialOf(before, this.#begunAtOnce, limits.deaths);
    const index = [...suspects].indexOf(String(shard.poison));
    if (convicted.size > 0 || giveUp !== null) {
      this.#run[giveUp === null ? "quarantined" : "givenUp"]++;
      [shard.poison, shard.suspects] = [null, []];
      return;
    }
    const { inFlight, captionsPerSecond, servers } = this.#run.world;
    const perSecond = Math.min(servers * captionsPerSecond, width / (inFlight / captionsPerSecond));
    this.#narrowUntil = this.#now + (index + 1) / perSecond;
    this.#timers.after(this.#narrowUntil - this.#now, () => {
      const tried = shard.suspects.slice(Math.max(0, index + 1 - width), index + 1);
      this.#dieOf(
        shard,
        tried.map(({ item }) => item),
      );
    });
  }

  /** Items that a stage begins at once: more than servers are asked at once, so that none of them waits. */
  get #begunAtOnce(): number {
    const { servers, begunPerServer } = this.#run.world;
    return servers * begunPerServer;
  }

  /** @param atWork items that become suspects */
  #dieOf(shard: Shard, atWork: string[]): void {
    if (this.gone || this.#asking?.shard !== shard) return;
    shard.deaths++;
    const known = new Map(shard.suspects.map((suspect) => [suspect.item, suspect]));
    for (const item of atWork) {
      const { deaths, alone } = known.get(item) ?? { deaths: 0, alone: 0 };
      known.set(item, { item, deaths: deaths + 1, alone: alone + (atWork.length === 1 ? 1 : 0) });
    }
    // Those that died most often first, as they are read from the disk.
    shard.suspects = [...known.values()].sort((a, b) => b.alone - a.alone || b.deaths - a.deaths);
    this.node.workerDied();
  }

  #itemsBegun({ shard, first, asked }: Attempt): string[] {
    const from = Math.floor(first + asked);
    const to = Math.min(shard.items, from + this.#begunAtOnce);
    return Array.from({ length: to - from }, (_, i) => String(from + i));
  }

  /** Begins nothing any more. @returns whether anything is in flight, to which the time is given */
  leave(seconds: number): boolean {
    this.#timers.cancel(this.#next);
    if (this.#asking)
      this.#asking.answers = { from: this.#now, to: this.#now + this.#run.world.lastAnswer.median };
    return seconds > 0 && (this.#asking !== null || this.#answering.size > 0);
  }

  /** @param how leases are given back by one that leaves, and not by one that dies */
  end(how: "left" | "died" = "died"): void {
    if (this.gone) return;
    const held = [...(this.#asking ? [this.#asking] : []), ...this.#answering];
    this.#ended = this.node.lastHeard;
    this.#timers.end();
    const { shards } = this.#run;
    for (const attempt of held)
      if (!shards.holds(attempt)) continue;
      else if (how === "left") shards.release(attempt);
      else shards.keep(attempt);
    this.#run.workers.delete(this);
    this.#run.collector.released(this, how);
  }
}
