import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { defineConfig } from "vitest/config";

// Not into the home folder of whoever runs the tests.
process.env["XDG_STATE_HOME"] = join(tmpdir(), "figloom-tests-state");

export default defineConfig({
  root: import.meta.dirname,
  test: {
    // One more than there are cores: many tests wait for processes, servers, pages and a cluster of their own.
    maxWorkers: availableParallelism() + 1,
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
