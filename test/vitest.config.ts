import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { defineConfig } from "vitest/config";
import Order from "./support/order.js";

// Not into the home folder of whoever runs the tests.
process.env["XDG_STATE_HOME"] = join(tmpdir(), "figloom-tests-state");

/** Looks often enough for any eye, and leaves the processor to what is waited for. */
const interval = 150;

export default defineConfig({
  root: import.meta.dirname,
  test: {
    // One more than there are cores: many wait, for pages, processes, servers, a cluster of their own.
    maxWorkers: availableParallelism() + 1,
    sequence: { sequencer: Order },
    // What one project has compiled the others need, too.
    experimental: { fsModuleCache: true },
    projects: [
      {
        test: {
          ...{ name: "browser", include: ["browser/**/*.test.ts"] },
          ...{ testTimeout: 300_000, hookTimeout: 300_000 },
          expect: { poll: { timeout: 60_000, interval } },
        },
      },
      {
        test: {
          ...{ name: "notebooks", include: ["notebooks/**/*.test.ts"] },
          expect: { poll: { interval } },
          ...{ testTimeout: 300_000, hookTimeout: 300_000 },
        },
      },
      {
        test: {
          ...{ name: "unit", include: ["unit/**/*.test.ts"] },
          // A process and the imports of its own for each of three hundred files would cost more than many of them do.
          ...{ isolate: false, setupFiles: ["support/one-process.ts"] },
          ...{ testTimeout: 180_000, hookTimeout: 180_000 },
        },
      },
      {
        test: {
          ...{ name: "chaos", include: ["chaos/**/*.test.ts"] },
          expect: { poll: { interval } },
          ...{ testTimeout: 600_000, hookTimeout: 120_000 },
        },
      },
      {
        test: {
          ...{ name: "slurm", include: ["slurm/**/*.test.ts"] },
          ...{ testTimeout: 300_000, hookTimeout: 180_000 },
          // Most of them wait for Slurm's clocks.
          maxConcurrency: 20,
        },
      },
    ],
  },
});
