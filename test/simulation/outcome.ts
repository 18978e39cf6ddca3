import { type Operations, STEPS } from "./operations.js";
import type { Run } from "./run.js";
import type { Ending } from "./node.js";
import type { Purpose } from "./spent.js";
import { type Attempt, end } from "./shards.js";

/** What came of a simulated run. */
export interface Outcome {
  /** Whether everything is in the dataset. */
  finished: boolean;
  hours: number;
  nodeHours: number;
  /** Node-hours by what they went into. */
  spent: Record<Purpose, number>;
  shardSize: number;
  shards: number;
  attempts: number;
  /** Questions that were asked in vain. */
  again: number;
  endings: Record<Ending, number>;
  /** Leases taken from silent holders, and how many of these were alive. */
  takeovers: number;
  mistaken: number;
  discarded: number;
  /** Figures that kill workers, found. */
  quarantined: number;
  /** Shards that were given up. */
  givenUp: number;
  batches: number;
  operations: Operations;
  /** Of its lookups, those of figures' images. */
  images: number;
  /** Seconds from the last commit to the end. */
  closing: number;
  events: number;
}

/**
 * Sums a run up, and holds it against what has to be true of any.
 * @throws naming what is not
 */
export function outcomeOf(run: Run): Outcome {
  const { clock, scheduler, shards, world } = run;
  checkShards(run);
  const again = questionsInVain(run);
  countSteps(run);
  // Time that went into answers which do not count is no work.
  const perSecond = world.servers * world.captionsPerSecond;
  run.spent.add("working", -again / perSecond);
  run.spent.add("again", again / perSecond);
  checkTime(run);
  const hours = Object.fromEntries(
    Object.entries(run.spent.seconds).map(([purpose, seconds]) => [purpose, seconds / 3600]),
  ) as Record<Purpose, number>;
  return {
    ...{ finished: run.finished, hours: run.end / 3600, nodeHours: scheduler.allocated / 3600, spent: hours },
    ...{
      shardSize: run.shardSize,
      shards: shards.all.length,
      attempts: shards.attempts.length,
      again,
      endings: scheduler.endings,
    },
    ...{ takeovers: run.takeovers.length, quarantined: run.quarantined, givenUp: run.givenUp },
    mistaken: run.takeovers.filter(({ alive }) => alive).length,
    ...{ discarded: run.discarded, batches: run.collector.batches, operations: run.operations.total },
    images: run.operations.times.image * STEPS.image.lookups,
    ...{ closing: run.end - run.lastCommit, events: clock.events },
  };
}

/** Items that an attempt has in what counts. */
const counted = ({ shard, number }: Attempt): number =>
  (shard.done?.pieces ?? [])
    .filter(({ attempt }) => attempt === number)
    .reduce((total, { from, to }) => total + to - from, 0);

function questionsInVain({ shards }: Run): number {
  let total = 0;
  for (const attempt of shards.attempts) {
    const inVain = attempt.again + attempt.asked - counted(attempt);
    if (inVain < -1e-3)
      throw new Error(`Attempt ${attempt.number} of shard ${attempt.shard.id} counts more than it asked.`);
    total += Math.max(0, inVain);
  }
  return total;
}

/**
 * What does not depend on when it happens. Results are flushed one by one, or together while the disk is busy with those
 * before; after each flush a look tells whether the lease still counts. A worker goes round all shards once.
 */
function countSteps({ operations, shards, world }: Run): void {
  const { captionsPerSecond, files, nodes, servers } = world;
  const together = Math.max(1, servers * captionsPerSecond * files.flush);
  for (const { asked } of shards.attempts) {
    operations.add("keep", asked / together);
    operations.add("image", asked);
    operations.bytes += asked * files.resultBytes;
  }
  operations.add("pass", nodes * shards.all.length);
}

/** Each item once: the pieces of what was committed lie end to end. */
function checkShards({ collector, finished, shards, world }: Run): void {
  let items = 0;
  for (const { id, done, items: size } of shards.all) {
    if (!done) continue;
    for (const [i, { from }] of done.pieces.entries())
      if (from !== end(done.pieces.slice(0, i)))
        throw new Error(`Shard ${id} has an item twice, or lacks one, at ${from}.`);
    if (end(done.pieces) !== size) throw new Error(`Shard ${id} lacks its end.`);
    items += size;
  }
  if (finished && items !== world.figures) throw new Error(`${world.figures - items} figures are missing.`);
  if (finished && collector.collected !== world.figures)
    throw new Error(`${collector.collected} figures were collected, not ${world.figures}.`);
}

/** All time is accounted for, once; and no work is done faster than servers can. */
function checkTime({ finished, scheduler, spent, world, end: seconds }: Run): void {
  if (Math.abs(spent.total - scheduler.allocated) > 1e-6 * scheduler.allocated + 1e-3)
    throw new Error(`Tasks had nodes for ${scheduler.allocated} s, and used ${spent.total} s.`);
  const least = world.figures / (world.servers * world.captionsPerSecond);
  if (finished && Math.abs(spent.seconds.working - least) > 1e-6 * least + 1e-3)
    throw new Error(`The work takes ${least} s of a node; ${spent.seconds.working} s were booked.`);
  if (finished && seconds * world.nodes < least) throw new Error("It was faster than possible.");
}
