import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

// Not into the home folder of whoever runs the tests.
process.env["XDG_STATE_HOME"] = join(tmpdir(), "figloom-tests-state");

/** Vitest begins with the largest files; these take long though they are small, and would be waited for at the end. */
const LONG = /corpus|slurm/;

class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLong = ({ moduleId }: TestSpecification) =>
      Number(LONG.test(moduleId.slice(import.meta.dirname.length)));
    return (await super.sort(files)).sort((a, b) => isLong(b) - isLong(a));
  }
}

export default defineConfig({
  root: import.meta.dirname,
  test: {
    // One more than there are cores: many tests wait for processes, servers, pages and a cluster of their own.
    maxWorkers: availableParallelism() + 1,
    sequence: { sequencer: LongFirst },
    projects: [
      { test: { name: "unit", include: ["unit/**/*.test.ts"], testTimeout: 60_000, hookTimeout: 120_000 } },
      {
        test: { name: "chaos", include: ["chaos/**/*.test.ts"], testTimeout: 600_000, hookTimeout: 120_000 },
      },
      {
        test: {
          name: "slurm",
          include: ["slurm/**/*.test.ts"],
          testTimeout: 300_000,
          hookTimeout: 120_000,
          // Most of them wait for Slurm's clocks.
          maxConcurrency: 20,
        },
      },
      {
        test: {
          name: "notebooks",
          include: ["notebooks/**/*.test.ts"],
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
      {
        test: {
          name: "browser",
          include: ["browser/**/*.test.ts"],
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
});
