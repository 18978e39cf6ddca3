import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

export default defineConfig({
  root: import.meta.dirname,
  test: {
    // All of them: many tests wait for processes and servers of their own.
    maxWorkers: availableParallelism(),
    projects: [
      { test: { name: "unit", include: ["unit/**/*.test.ts"], testTimeout: 60_000, hookTimeout: 120_000 } },
      {
        test: { name: "chaos", include: ["chaos/**/*.test.ts"], testTimeout: 600_000, hookTimeout: 120_000 },
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
