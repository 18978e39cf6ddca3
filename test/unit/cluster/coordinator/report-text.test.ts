import { expect, test } from "vitest";
import type { RunReport } from "../../../../cluster/src/coordinator/report.js";
import { reportMarkdown } from "../../../../cluster/src/coordinator/report-text.js";

const report: RunReport = {
  ...{
    run: "r",
    title: "recaption with <b>*x*</b>",
    dataset: "/d|e",
    figloom_version: "1",
    status: "failed",
  },
  ...{ message: "Stopped.", created: "2026-01-01T00:00:00.000Z", ended: "2026-01-01T02:00:00.000Z" },
  spent: { prompt_tokens: 1_200_000, completion_tokens: 34_000, hours: 1.5, gpuHours: 12, cost: 30 },
  prices: { gpuHour: 2.5 },
  budget: { tokens: 2_000_000 },
  tasks: [
    {
      ...{ phase: "1-recaption", job: "7", task: "w0" },
      starts: [
        { restart: 0, host: "gpu1", ended: "did not say goodbye" },
        { restart: 1, host: "gpu2", ended: "left" },
      ],
    },
  ],
  phases: [
    {
      ...{
        id: "1-recaption",
        stage: "recaption",
        seconds: 5400,
        startup: 372,
        made: 950,
        programs: ["vLLM 0.11.0"],
      },
      items: { planned: 1000, done: 940, failed: 15, failedBefore: 5, reused: 20, left: 25 },
      shards: {
        ...{ planned: 10, done: 8, left: 1, deaths: 6, byAttempts: { "1": 7, "3": 1 } },
        givenUp: [{ shard: "00000003", why: "6 attempts at it died", left: 15 }],
      },
      rates: { all: 0.1759, worker: 0.05, each: 0.01, unit: "server", gpu: null },
      workers: [
        { worker: "w0.1.ab", host: "gpu2", status: "left", made: 950, seconds: 5000, perSecond: 0.19 },
      ],
      failures: [
        {
          ...{ reason: "blurred", count: 15 },
          samples: [{ item: "p#`fig1`|\n## x", file: "f", reason: "blurred", message: "m", way_out: "w" }],
        },
      ],
      ways: [
        {
          by: { model: "org/model", prompt_hash: "abc", sampling: null },
          results: 940,
          finish_reasons: { stop: 940 },
        },
      ],
    },
    {
      ...{
        id: "2-score",
        stage: "score",
        items: null,
        shards: null,
        seconds: 0,
        startup: 0,
        made: 0,
        failures: [],
        ways: [],
      },
      ...{ rates: { all: null, worker: null, each: null, unit: null, gpu: null }, workers: [], programs: [] },
    },
  ],
};

test("a report says what was done and what not, by whom, how fast, and for how much", () => {
  const text = reportMarkdown(report);
  for (const part of [
    "**failed**: Stopped.",
    "| tokens | 1,234,000 of 2,000,000 (1,200,000 asked, 34,000 answered) |",
    "| GPU-hours | 12.00 |",
    "| cost | 30.00 at the prices given |",
    "| 1,000 | 940 | 20 | 15 | 5 | 25 |",
    "| 10 | 8 | 1 | 1 | 6 | 7 by 1, 1 by 3 |",
    "At work for 90.0 min: 0.1759 a second, 0.05 each worker, 0.01 each server. Servers were up after 6.2 min.",
    "- 940: model `org/model`, prompt_hash `abc` (940 stop)",
    "Servers: `vLLM 0.11.0`.",
    "- `00000003`, 15 items not done: 6 attempts at it died",
    "  - start 1 on `gpu1`: did not say goodbye",
    "## 2-score\n\nIt was not begun.",
  ])
    expect(text).toContain(part);
});

test("what comes from papers and models draws nothing in a report", () => {
  const text = reportMarkdown(report);
  expect(text).toContain("# recaption with \\<b\\>\\*x\\*\\</b\\>");
  expect(text).toContain("`p#'fig1'¦ ## x`");
  expect(text).not.toMatch(/^## x/m);
});
