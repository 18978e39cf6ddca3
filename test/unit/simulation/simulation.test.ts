import { describe, expect, it } from "vitest";
import { outcomeOf } from "../../simulation/outcome.js";
import { Run } from "../../simulation/run.js";
import { simulate, simulated } from "../../simulation/simulate.js";
import { worldWith } from "../../simulation/world.js";

const NEVER = {
  ...{ nodeHours: Infinity, partitionHours: Infinity, serverHours: Infinity, preemptionHours: Infinity },
  ...{ limitHours: Infinity, slowNodes: 0, poison: 0 },
};
const STILL = { stallHours: Infinity, outageHours: Infinity };
/** Where everything goes wrong every few minutes. */
const WILD = {
  failures: {
    ...{ nodeHours: 0.5, partitionHours: 0.7, serverHours: 1, preemptionHours: 0.7, limitHours: 0.6 },
    ...{ slowNodes: 0.2, poison: 8 },
  },
  files: { stallHours: 0.3, stall: { median: 30, sigma: 1.5 }, outageHours: 0.5 },
};
const SMALL = { figures: 500_000, nodes: 4, shardSize: 2500 };

describe("a simulated run", () => {
  it("takes as long as its work, its start and its last answers where nothing goes wrong", () => {
    const world = worldWith({ ...SMALL, failures: NEVER, files: STILL });
    const { hours, again, spent, nodeHours } = simulate(world, 1);
    const work = SMALL.figures / (world.nodes * world.servers * world.captionsPerSecond) / 3600;
    expect(hours).toBeGreaterThan(work);
    expect(hours).toBeLessThan(work + 0.35);
    expect(again).toBe(0);
    const { starting, working, lastAnswers, collecting, waiting } = spent;
    expect(starting + working + lastAnswers + collecting + waiting).toBeCloseTo(nodeHours, 6);
  });

  it("is the same for the same seed, and another for another", () => {
    const world = worldWith({ ...SMALL, ...WILD });
    expect(simulate(world, 3)).toEqual(simulate(world, 3));
    expect(simulate(world, 3).hours).not.toBe(simulate(world, 4).hours);
  });

  it("has every figure once and accounts for all time, whatever goes wrong", () => {
    for (const outcome of simulated(worldWith({ ...SMALL, ...WILD }), 25)) {
      expect(outcome.finished).toBe(true);
      expect(outcome.givenUp).toBe(0);
    }
    const all = simulated(worldWith({ ...SMALL, ...WILD }), 25);
    const total = (count: (outcome: (typeof all)[number]) => number) =>
      all.reduce((sum, outcome) => sum + count(outcome), 0);
    // It did go wrong.
    for (const ending of ["node failed", "preempted", "time limit", "replaced"] as const)
      expect(total(({ endings }) => endings[ending])).toBeGreaterThan(10);
    expect(total(({ quarantined }) => quarantined)).toBeGreaterThan(50);
    expect(total(({ discarded }) => discarded)).toBeGreaterThan(20);
  });

  it("has every figure once where the living are taken for dead, at the price of work done twice", () => {
    const [seen, unseen] = [0, 90].map((cache) => {
      const files = { ...STILL, cache };
      return simulate(worldWith({ ...SMALL, failures: NEVER, files, limits: { staleSeconds: 60 } }), 1);
    });
    expect(seen).toMatchObject({ finished: true, mistaken: 0, again: 0 });
    expect(unseen!.finished).toBe(true);
    expect(unseen!.mistaken).toBeGreaterThan(0);
    expect(unseen!.again).toBeGreaterThan(0);
  });

  it("ends unfinished where workers that died are not started again, each poison figure taking one", () => {
    const failures = { ...NEVER, poison: 20 };
    const { finished, endings } = simulate(
      worldWith({ ...SMALL, failures, files: STILL, policy: { restart: "never" } }),
      1,
    );
    expect(finished).toBe(false);
    expect(endings["worker died"]).toBe(SMALL.nodes);
  });

  it("is found out where an item counts twice, is missing, or time is lost", () => {
    const run = () => new Run(worldWith({ ...SMALL, failures: NEVER, files: STILL }), 1).simulate();
    const twice = run();
    twice.shards.all[3]!.done!.pieces.push({ attempt: 1, from: 0, to: 1 });
    expect(() => outcomeOf(twice)).toThrow("has an item twice");
    const missing = run();
    missing.shards.all[5]!.done = null;
    expect(() => outcomeOf(missing)).toThrow("2500 figures are missing");
    const late = run();
    late.spent.add("waiting", 60);
    expect(() => outcomeOf(late)).toThrow("Tasks had nodes for");
  });
});
