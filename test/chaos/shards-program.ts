/**
 * A worker that does nothing but share shards with others, and writes down what it saw in a file of its own:
 * `begun|kept|refused SHARD ITEM ATTEMPT`, `won|lost SHARD ATTEMPT`.
 *
 * Arguments: the run's folder, a folder for evidence, and {@link ShardsOptions} as JSON. Exit code 3 and a sentence for a
 * configuration that is wrong.
 */
import { appendFileSync, closeSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ConfigurationError } from "figloom/errors";
import { Attempt } from "../../cluster/src/run/attempts.js";
import { beatFile, Beats, Heart, type WorkerState } from "../../cluster/src/run/beats.js";
import { commitShard, sealShard, takeShard } from "../../cluster/src/run/commit.js";
import { DoneShards } from "../../cluster/src/run/done.js";
import { LeaseLost, releaseLease, type Holder, type Lease } from "../../cluster/src/run/leases.js";
import { RunFolder } from "../../cluster/src/run/places.js";
import { readPlan } from "../../cluster/src/run/plan-file.js";
import { randomOf } from "../support/synthetic/words.js";
import { isRefused, itemsOf, PHASE, type ShardsOptions } from "./shards-rules.js";

const AT_ONCE = 4;

async function main(path: string, evidence: string, options: ShardsOptions): Promise<void> {
  const { task, restart, seed, staleMs, beatMs, isElsewhere } = options;
  const random = randomOf(seed);
  const run = new RunFolder(path);
  const phase = run.phase(PHASE);
  const worker = `${task}.${restart}`;
  const identity = { worker, job: "1", task, restart, host: `node-${task}`, pid: process.pid };
  const file = openSync(join(evidence, `${worker}.log`), "a");
  const tell = (...words: (string | number)[]): void => void writeSync(file, `${words.join(" ")}\n`);
  const self = (): Holder => ({
    ...identity,
    at: new Date().toISOString(),
    ...(isElsewhere && { process: { host: `node-${task}`, boot: "b", pid: 1, started: "s", space: "s" } }),
  });
  const heart = new Heart(beatFile(run, worker), { ...NOTHING, ...identity, phase: PHASE }, beatMs);
  await heart.beatNow();
  const beats = new Beats(run, staleMs);
  const done = new DoneShards(phase);
  const shards = (await readPlan(phase))!;

  const workOn = async (shard: string, count: number, lease: Lease): Promise<void> => {
    const attempt = await Attempt.open<object>(run, PHASE, shard, lease);
    const left = itemsOf(shard, count).filter((item) => !attempt.isEnded(item));
    const work = async (): Promise<void> => {
      for (let item; (item = left.shift()) !== undefined;) {
        attempt.begin(item);
        tell("begun", shard, item, lease.number);
        await sleep(random() * options.pauseMs);
        if (isRefused(item)) {
          const line = {
            stage: "score",
            item,
            file: "f",
            reason: "r",
            message: "m",
            way_out: "w",
            raw: null,
          };
          await attempt.refuse(item, [{ of: item, lines: [line], key: null }]);
        } else {
          const padding = "x".repeat(options.weight);
          await attempt.keep(item, { item, attempt: lease.number, by: worker, ...{ padding } }, []);
        }
        tell(isRefused(item) ? "refused" : "kept", shard, item, lease.number);
      }
    };
    try {
      const ends = await Promise.allSettled(Array.from({ length: AT_ONCE }, work));
      const broken = ends.find((end) => end.status === "rejected");
      if (broken) throw broken.reason;
      const sealed = await sealShard(attempt, { ...COUNTS, total: count });
      tell(await commitShard(attempt, sealed), shard, lease.number);
    } finally {
      await attempt.leave();
    }
    await releaseLease(lease);
  };

  for (;;) {
    await done.look();
    await beats.look();
    const left = shards.filter(({ id }) => !done.has(id));
    if (left.length === 0) break;
    const start = Math.floor(random() * left.length);
    let took = false;
    for (const { id, items } of [...left.slice(start), ...left.slice(0, start)]) {
      const lease = await takeShard(phase, id, self(), beats);
      if (lease === null || lease === "done") continue;
      took = true;
      await workOn(id, items, lease).catch((error: unknown) => {
        if (!(error instanceof LeaseLost)) throw error;
        tell("lost", id, lease.number);
      });
      break;
    }
    if (!took) await sleep(beatMs * random());
  }
  await heart.stop("left");
  closeSync(file);
}

const COUNTS = {
  ...{ done: 0, failed: 0, failedBefore: 0, reused: 0, seconds: 0, usage: null, reasons: {}, givenUp: null },
};
const NOTHING: Omit<WorkerState, "worker" | "job" | "task" | "restart" | "host" | "pid" | "phase"> = {
  ...{ started: Date.now(), begun: null, at: 0, beat: 0, status: "working", note: null, usage: null },
  ...{ done: 0, failed: 0, failedBefore: 0, reused: 0 },
  ...{ servers: [], programs: [], notices: [], failures: [], reasons: {}, shards: [] },
};

const [, , path = "", evidence = "", options = "{}"] = process.argv;
main(path, evidence, JSON.parse(options) as ShardsOptions).catch((error: unknown) => {
  appendFileSync(join(evidence, "errors.log"), `${error instanceof Error ? error.stack : String(error)}\n`);
  process.exit(error instanceof ConfigurationError ? 3 : 1);
});
