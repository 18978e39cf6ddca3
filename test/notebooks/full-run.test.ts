import { beforeAll, describe, expect, test } from "vitest";
import { type Cell, errorsIn, executed, textOf } from "./executed.js";

describe("05-full-run.ipynb, run on workers of this machine", () => {
  let cells: Cell[];

  beforeAll(async () => {
    // Where there is a Slurm, this one is not to be asked.
    const quick = "--max-num-seqs 2 --time-per-token 5";
    ({ cells } = await executed("05-full-run.ipynb", { SLURM_CONF: "/nowhere", FIGLOOM_MOCK_ARGS: quick }));
  }, 600_000);

  test("every cell runs, numbered in order, without an error", () => {
    expect(cells.map(({ execution_count }) => execution_count)).toEqual(cells.map((_, i) => i + 1));
    expect(errorsIn(cells)).toEqual([]);
    expect(textOf(cells, "sinfo")).toBe("Worker processes on this machine.\n");
  });

  test("the plan says what would be done, and submits nothing", () => {
    const text = textOf(cells, "dryRun: true");
    expect(text).toMatch(/ {2}1-recaption: recaption, 45 figures in about \d+ shards, 2 workers of 2 GPUs\n/);
    expect(text).toMatch(/ {2}2-score: score support, 45 figures in about \d+ shards, 2 workers\n/);
    expect(text).toContain("45 figures to ask about\n");
  });

  test("the launch returns a run that is shown, and whose tasks are known", () => {
    const name = /\d{8}T\d{6}Z-[\w-]+/.exec(textOf(cells, "await lab.launch(job)"))![0];
    expect(textOf(cells, "await run.status()")).toContain(name);
    expect(textOf(cells, "await run.status()")).toMatch(/ {2}2-score w1: /);
  });

  test("it is paused, found again, and resumed to its end", () => {
    expect(textOf(cells, "again.runs()")).toMatch(/: paus(ing|ed)/);
    expect(textOf(cells, "found.resume()")).toBe(
      "finished: recaption: 45 done, 0 quarantined; score: 90 done, 0 quarantined\n",
    );
  });

  test("the report accounts for every figure, and the dataset holds its caption once", () => {
    expect(textOf(cells, "ended.report()")).toMatch(/\| 45 \| 45 \| 0 \| 0 \| 0 \| 0 \|/);
    const summary = textOf(cells, "again.summary()");
    expect(summary).toContain("captions: context@Qwen/Qwen3-VL-8B-Instruct 45\n");
    expect(summary).toContain("showing 6 of 45 figures");
  });
});
